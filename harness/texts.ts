/** Every text of a JSON value, names of members included. */
export function textsIn(value: unknown): string[] {
  const texts: string[] = [];
  const collect = (one: unknown): void => {
    if (typeof one === 'string') texts.push(one);
    else if (Array.isArray(one)) one.forEach(collect);
    else if (typeof one === 'object' && one !== null)
      for (const name of Object.keys(one)) {
        texts.push(name);
        collect((one as Record<string, unknown>)[name]);
      }
  };
  collect(value);
  return texts;
}

/** A JSON value with every text of it changed, names of members included. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change)) as T;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [change(name), mapTexts(item, change)]),
  ) as T;
}
