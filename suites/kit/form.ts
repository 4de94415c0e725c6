import { decoded, form, pairsIn } from '../../harness/body.ts';

/** A name and a value as a form spells them. */
export type Pair = readonly [name: string, value: string];

/** The parameters that a token request presents. */
export const presents: ReadonlySet<string> = new Set([
  'code',
  'device_code',
  'refresh_token',
  'assertion',
  'subject_token',
]);

export const formOf = (pairs: readonly (Pair | string)[]): string =>
  pairs.map((pair) => (typeof pair === 'string' ? pair : pair.join('='))).join('&');

/** The form with its code or token spelt otherwise, as the last of its pairs. */
export function presenting(text: string, of: (spelt: string) => string): string {
  const pairs = pairsIn(text);
  const isPresented = ([name]: Pair) => presents.has(decoded(name));
  return formOf([
    ...pairs.filter((pair) => !isPresented(pair)),
    ...pairs.filter(isPresented).map(([name, value]) => [name, of(value)] as const),
  ]);
}

/** Every byte of a text as a percent-encoding. */
export const percent = (text: string, digits: (hex: string) => string = (hex) => hex.toUpperCase()): string =>
  [...Buffer.from(text)].map((byte) => `%${digits(byte.toString(16).padStart(2, '0'))}`).join('');

/** The form as a body of multipart/form-data (RFC 7578). */
export function multipart(text: string, boundary: string): string {
  const parts = Object.entries(form.read(text) ?? {}).map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${String(value)}\r\n`,
  );
  return `${parts.join('')}--${boundary}--\r\n`;
}

/** Behind a value: what is no percent-encoding, though it looks like one. */
export const noPercentEncoding = ['%', '%4', '%zz', '%u0041', '%-1', '%%'] as const;
/** Percent-encodings of bytes that are no UTF-8. */
export const noUtf8 = ['%FF', '%C3%28', '%E2%82', '%F0%28%8C%BC', '%ED%A0%80', '%C0%AF'] as const;
