/** Every way in which a secret may be written again, by a name. */
export const spellings: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'JSON-escaped': (secret) => JSON.stringify(secret).slice(1, -1),
  'JSON-escaped with slashes': (secret) => JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
  'JSON-escaped twice': (secret) => JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
  'every character as its code point': (secret) =>
    [...secret.split('')].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  'percent-encoded': (secret) => encodeURIComponent(secret),
  'every byte percent-encoded': (secret) => bytes(secret, (byte) => `%${hex(byte).toUpperCase()}`),
  'percent-encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'in a form': (secret) => new URLSearchParams({ x: secret }).toString().slice(2),
  'as entities': (secret) =>
    secret.replace(
      /[&<>"']/g,
      (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one] ?? '&#39;',
    ),
  'every character as an entity': (secret) =>
    [...secret].map((one) => `&#x${one.codePointAt(0)?.toString(16)};`).join(''),
  backwards: (secret) => [...secret].reverse().join(''),
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
  'in base64 behind one byte': (secret) => Buffer.from(`:${secret}`).toString('base64'),
  'in base64 behind two bytes': (secret) => Buffer.from(`x:${secret}.`).toString('base64'),
  'in base64url within JSON': (secret) =>
    Buffer.from(JSON.stringify({ a: secret, b: 1 })).toString('base64url'),
  'in hexadecimal': (secret) => bytes(secret, hex),
};

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
const bytes = (text: string, write: (byte: number) => string): string =>
  [...Buffer.from(text)].map(write).join('');

/** Which of these spellings of a secret stand in a text. */
export const spellingsIn = (text: string, secret: string): string[] =>
  Object.entries(spellings)
    .filter(([name, spell]) => text.includes(core(name, spell(secret))))
    .map(([name]) => name);

/** In base64 the characters at both ends depend on what stands around the secret. */
const core = (name: string, spelt: string): string =>
  name.startsWith('in base64') ? spelt.replace(/=+$/, '').slice(2, -2) : spelt;

/** Secrets of alphabets that are written differently wherever they are put. */
export const oddSecrets = [
  'p&ss/w"rd=ü+long',
  'a\\b"c/d~e!f\'g(h)i+j%k',
  '/abcDEF123ghiJKL456mnoPQR789',
  'two words and ünïcödé 🔑 key',
  '%41%42%43-percent-100%',
  '++++plus and ~tilde~~~',
  'plain0123456789abcdef',
  "~!'()*~!'()*",
];
