/** What somebody who reads a report must not find in it. */
export interface Watch {
  /** Remembers all that a text of the wire issues or presents: JSON, a form, or a URL, in either spelling of a name. */
  see(text: string): void;
  /** The secrets of which a part stands in a text, in any spelling, with what was found. */
  leaksIn(text: string): string[];
}

/** Names that hold secrets. Client ids are none. */
const names =
  'access_?token|refresh_?token|id_?token|client_?secret|code|device_?code|user_?code|assertion|client_?assertion|subject_?token|secretAccessKey|sessionToken|code_?verifier|registration_?access_?token|password';
const issuing = new RegExp(`"(?:${names})"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`, 'gi');
const presenting = new RegExp(`(?<=^|[?&#])(?:${names})=([^&#\\s"<>]*)`, 'gi');

/** Too short to be told from any other word. */
const shortest = 9;
/** A part this long is a leak as much as the whole; a secret shorter than that is looked for whole. */
const partLength = 12;
/** Spellings are found by their beginning. */
const keyLength = 8;

/** A watch over the secrets of one run; those that are public all the same are words of the protocol. */
export function createWatch(isPublic: (secret: string) => boolean = () => false): Watch {
  const secrets = new Set<string>();
  return {
    see(text) {
      const members = [...text.matchAll(issuing)].map(([, spelt = '']) => parsed(spelt));
      const parameters = [...text.matchAll(presenting)].map(([, spelt = '']) => unformed(spelt));
      for (const secret of [...members, ...parameters])
        if (secret.length >= shortest && !isPublic(secret)) secrets.add(secret);
    },
    leaksIn(text) {
      const wanted = new Map<number, { spelt: string; how: string }[]>();
      for (const part of tellingParts(secrets))
        for (const [how, spelt] of spellingsOf(part)) {
          const key = keyOf(spelt, 0);
          const alike = wanted.get(key);
          if (alike === undefined) wanted.set(key, [{ spelt, how }]);
          else alike.push({ spelt, how });
        }
      const mayBegin = new Uint8Array(1 << 16);
      for (const key of wanted.keys()) mayBegin[key & 0xffff] = 1;
      const found = new Map<string, string>();
      for (let at = 0; at + keyLength <= text.length; at++) {
        const key = keyOf(text, at);
        if (mayBegin[key & 0xffff] === 0) continue;
        for (const { spelt, how } of wanted.get(key) ?? [])
          if (text.startsWith(spelt, at))
            found.set(spelt, `${how}: ${text.slice(Math.max(0, at - 60), at)}«${spelt}»`);
      }
      return [...found.values()];
    },
  };
}

/** The first characters as a number; different ones may share it. */
function keyOf(text: string, from: number): number {
  let key = 0;
  for (let at = from; at < from + keyLength; at++)
    key = (Math.imul(key, 0x01000193) ^ text.charCodeAt(at)) >>> 0;
  return key ^ (key >>> 16);
}

/** What two secrets have in common tells neither: the name of a region, say. */
function tellingParts(secrets: ReadonlySet<string>): string[] {
  const counts = new Map<string, number>();
  // In capitals a part without small letters is itself, and says nothing of the rest.
  for (const secret of secrets)
    for (const part of new Set(partsOf(secret)))
      if (/[a-z]/.test(part) || !/[a-z]/.test(secret)) counts.set(part, (counts.get(part) ?? 0) + 1);
  return [...counts].filter(([, count]) => count === 1).map(([part]) => part);
}

const unformed = (spelt: string): string => new URLSearchParams(`x=${spelt}`).get('x') ?? spelt;

function parsed(spelt: string): string {
  try {
    return JSON.parse(`"${spelt}"`);
  } catch {
    return spelt;
  }
}

/** Beginnings are alike for all JWTs, so that only what follows tells one secret from another. */
function partsOf(secret: string): string[] {
  if (secret.length <= partLength * 2) return [secret.slice(-partLength)];
  const places = [0.4, 0.7].map((part) => Math.floor(secret.length * part));
  return [...places, secret.length - partLength].map((at) => secret.slice(at, at + partLength));
}

/** A part in every spelling that somebody could read it from. */
function spellingsOf(part: string): [how: string, spelt: string][] {
  const bytes = Buffer.from(part);
  const hex = bytes.toString('hex');
  const json = JSON.stringify(part).slice(1, -1);
  const letters = (spell: (code: number) => string) =>
    Array.from(part, (one) => spell(one.codePointAt(0) ?? 0)).join('');
  const all: [string, string][] = [
    ['plain', part],
    ['json', json],
    ['json, slashes too', json.replaceAll('/', '\\/')],
    ['json twice', JSON.stringify(json).slice(1, -1)],
    ['percent', hex.replace(/../g, (byte) => `%${byte.toUpperCase()}`)],
    ['percent in lower case', hex.replace(/../g, '%$&')],
    ['url', encodeURIComponent(part.toWellFormed())],
    ['form', String(new URLSearchParams({ a: part })).slice(2)],
    ['unicode escapes', letters((code) => `\\u${code.toString(16).padStart(4, '0')}`)],
    ['unicode escapes in JSON', letters((code) => `\\\\u${code.toString(16).padStart(4, '0')}`)],
    ['backwards', [...part].reverse().join('')],
    ['hex', hex],
    ['hex in upper case', hex.toUpperCase()],
    ['entities', letters((code) => `&#x${code.toString(16)};`)],
    ['decimal entities', letters((code) => `&#${code};`)],
    ...[0, 1, 2].flatMap((before): [string, string][] => [
      [`base64 at ${before}`, base64(bytes, before, 'base64')],
      [`base64url at ${before}`, base64(bytes, before, 'base64url')],
    ]),
  ];
  return all.filter(([, spelt]) => spelt.length >= keyLength);
}

/** Only the letters that follow from the part itself, whatever stands around it. */
function base64(bytes: Buffer, before: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString(encoding)
    .replace(/=+$/, '');
  const after = (before + bytes.length) % 3 === 0 ? 0 : 1;
  return text.slice([0, 2, 3][before], text.length - after);
}
