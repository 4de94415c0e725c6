import type { BodyModel } from './body.ts';

/**
 * `application/x-www-form-urlencoded` in UTF-8 (RFC 6749 appendix B), as the URL Standard writes and reads it. It has
 * texts alone: no types, no nesting, no null.
 */
export const form: BodyModel = {
  type: 'form',
  mediaType: 'application/x-www-form-urlencoded',
  write: (...parts) => {
    const pairs: string[] = [];
    for (const part of parts)
      for (const [name, value] of Object.entries(part ?? {}))
        if (value !== undefined) pairs.push(`${encoded(name)}=${encoded(textOf(name, value))}`);
    return pairs.join('&');
  },
  read: (text) => Object.fromEntries(pairsIn(text).map((pair) => pair.map(decoded))),
  contradicted: (text) => {
    const first = new Map<string, string>();
    const names = new Set<string>();
    for (const pair of pairsIn(text)) {
      const [name = '', value = ''] = pair.map(decoded);
      if ((first.get(name) ?? value) !== value) names.add(name);
      first.set(name, value);
    }
    return names;
  },
};

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  const what = value === null ? 'null' : Array.isArray(value) ? 'a list' : `of the type ${typeof value}`;
  throw new Error(`A form has texts alone: its member ${JSON.stringify(name)} cannot be ${what}.`);
}

/** A name or a value as a form spells it. */
export function encoded(text: string): string {
  if (!text.isWellFormed()) throw new Error('A form is UTF-8: it has no half of a character.');
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

/** What a name or a value of a form says. What is no percent-encoding stays as it is; what is no UTF-8 becomes U+FFFD. */
export function decoded(spelt: string): string {
  const text = spelt.replaceAll('+', ' ');
  if (!text.includes('%')) return text.toWellFormed();
  const bytes = text
    .split(/%([0-9a-f]{2})/i)
    .map((part, at) => (at % 2 === 0 ? Buffer.from(part) : Buffer.from(part, 'hex')));
  return Buffer.concat(bytes).toString('utf8');
}

/** The pairs of a form, names and values as they are spelt. */
export function pairsIn(text: string): [name: string, value: string][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    });
}
