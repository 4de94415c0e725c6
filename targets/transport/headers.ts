/** The first value of a header, its name compared without case. */
export function headerOf(
  headers: readonly (readonly [name: string, value: string])[],
  name: string,
): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** The usual headers, with others or with other values; one that is undefined is taken away. */
export function changedHeaders(
  usual: readonly (readonly [name: string, value: string])[],
  changes: Readonly<Record<string, string | undefined>>,
): [name: string, value: string][] {
  const headers = new Map(usual);
  for (const [name, value] of Object.entries(changes)) {
    const known = usual.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[0];
    if (value === undefined) {
      if (known === undefined) throw new Error(`There is no header ${name} to take away.`);
      headers.delete(known);
    } else headers.set(known ?? name, value);
  }
  return [...headers];
}
