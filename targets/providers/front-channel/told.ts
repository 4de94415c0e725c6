import type { Field } from './page.ts';

/**
 * A text of a server as a message may have it: one line, without what a terminal would obey, short, and without the
 * secrets of the walk.
 */
export function plain(text: string, secrets: ReadonlySet<string>, longest = 60): string {
  let told = text.slice(0, 4_000);
  for (const secret of secrets) told = told.replaceAll(secret, '…');
  told = told
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .replaceAll('"', "'")
    .trim();
  return told.length > longest ? `${told.slice(0, longest)}…` : told;
}

/** Where something was seen: the URL without its query. */
export function placeOf(url: string, secrets: ReadonlySet<string>): string {
  const { origin, pathname } = new URL(url);
  return plain(`${origin}${pathname}`, secrets, 100);
}

/** The fields that a page asks for, by the names that `login.fields` may have. */
export const fieldsTold = (fields: readonly Field[], secrets: ReadonlySet<string>): string =>
  fields
    .slice(0, 4)
    .map(({ name, label, type }) => {
      const said = plain(label, secrets, 30);
      return `${plain(name || label, secrets, 30) || 'a field without a name'} (${plain(type, secrets, 15)}${said && `, "${said}"`})`;
    })
    .join(', ');
