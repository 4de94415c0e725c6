import type { JsonObject } from './wire.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Strict: UTF-8 (RFC 8259) without a byte order mark; undefined when it is not. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

export function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The member names of a valid JSON object, repeats included; not those of the objects inside it. */
export function memberNames(text: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let previous = '';
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (token === ':' && depth === 1) names.push(JSON.parse(previous));
    previous = token;
  }
  return names;
}

/** Own members only, so that `__proto__` and its like are as absent as they look. */
export function member(body: JsonObject, name: string): unknown {
  return Object.hasOwn(body, name) ? body[name] : undefined;
}

/** Compact, members in alphabetical order. */
export function alphabetical(body: JsonObject): string {
  const entries = Object.entries(body).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(Object.fromEntries(entries));
}
