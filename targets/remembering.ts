/** The same few names come with every message; what a target makes up is not kept. */
export function remembering(spelt: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const after = spelt(name);
    if (known.size < 200) known.set(name, after);
    return after;
  };
}
