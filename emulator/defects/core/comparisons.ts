import type { Attempt, Members } from '../../core/attempt.ts';
import { type CoreBehaviours, coreBehaviours as usual } from '../../core/behaviours.ts';
import type { State } from '../../core/state.ts';
import { atIamToken, atToken, type Change, type Defect, replacing, skippingWhen, tokens } from '../defect.ts';

/** A form in which two texts that differ may be the same. */
type Form = (text: string) => string;

/** As a collation compares that knows no case, or that pads what is shorter with blanks. */
const lowerCase: Form = (text) => text.toLowerCase();
const unpadded: Form = (text) => text.replace(/ +$/, '');
const trimmed: Form = (text) => text.trim();
const compatible: Form = (text) => text.normalize('NFKC');
/** As text ends in C. */
const upToNul: Form = (text) => text.replace(/\0.*$/s, '');
const withoutLineBreaks: Form = (text) => text.replace(/[\r\n]+$/, '');
const beginning =
  (length: number): Form =>
  (text) =>
    text.slice(0, length);
const end =
  (length: number): Form =>
  (text) =>
    text.slice(-length);
const percentDecoded: Form = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const lookups = {
  'find-client': ['clients', 'client_id'],
  'find-application': ['applications', 'client_id'],
  'find-code': ['codes', 'code'],
  'find-device': ['devices', 'device_code'],
  'find-refresh-token': ['refreshTokens', 'refresh_token'],
  'find-subject-token': ['subjectTokens', 'subject_token'],
} as const satisfies Partial<Record<keyof CoreBehaviours, readonly [keyof State, keyof Members]>>;

/** What a request names is found by a form of its text. */
const foundBy = (lookup: keyof typeof lookups, form: Form): Change =>
  replacing(() => {
    const [store, member] = lookups[lookup];
    return {
      [lookup]: (state: State, members: Members) => {
        const asked = form(String(members[member] ?? ''));
        if (asked === '') return undefined;
        const all = state[store] as ReadonlyMap<string, unknown>;
        const exact = all.get(String(members[member]));
        return exact ?? [...all].find(([key]) => form(key) === asked)?.[1];
      },
    };
  });

const secretBy = (form: Form): Change =>
  skippingWhen(
    ({ client, members }: Attempt) =>
      client !== undefined && 'secret' in client && form(client.secret) === form(members.client_secret ?? ''),
    'client-secret-right',
  );

/** The verifier is changed before it is hashed. */
const verifierBy = (form: Form): Change =>
  replacing(() => {
    const changed = (attempt: Attempt): Attempt => {
      const { code_verifier: codeVerifier } = attempt.members;
      if (codeVerifier === undefined) return attempt;
      return { ...attempt, members: { ...attempt.members, code_verifier: form(codeVerifier) } };
    };
    return {
      'verifier-unreserved': (attempt) => usual['verifier-unreserved'](changed(attempt)),
      'verifier-short-enough': (attempt) => usual['verifier-short-enough'](changed(attempt)),
      'verifier-matches': (attempt) => usual['verifier-matches'](changed(attempt)),
    };
  });

const wrongSecret = 'RFC6749-5.2-invalid_client-wrong-secret';
const deviceAuth = 'RFC8628-3.1-client-auth';
const code = 'RFC6749-4.1.3-unknown-code';
const deviceCode = 'RFC8628-3.4-unknown-device_code';
const refreshToken = 'RFC6749-6-unknown-refresh_token';
const subjectToken = 'RFC8693-2.2.2-invalid-subject_token';
const verifier = 'RFC7636-4.6-wrong-verifier';
const client = 'RFC6749-5.2-invalid_client-unknown-client';
const application = 'AWS-CreateTokenWithIAM-InvalidClient';

const rows: readonly [
  name: string,
  changes: string,
  breaks: string | Defect['breaks'],
  at: Defect['at'],
  change: Change,
  dialects?: Defect['dialects'],
][] = [
  [
    'secret-with-blanks-around',
    'Blanks around a client secret do not count.',
    [wrongSecret, deviceAuth],
    atToken,
    secretBy(trimmed),
  ],
  [
    'secret-padded',
    'Blanks behind a client secret do not count, as in a column that is padded.',
    [wrongSecret, deviceAuth],
    atToken,
    secretBy(unpadded),
  ],
  [
    'secret-normalised',
    'Client secrets are compared after Unicode made compatible characters one.',
    [wrongSecret, deviceAuth],
    atToken,
    secretBy(compatible),
  ],
  [
    'secret-up-to-nul',
    'What follows a NUL in a client secret does not count.',
    [wrongSecret, deviceAuth],
    atToken,
    secretBy(upToNul),
  ],
  [
    'secret-percent-decoded',
    'A client secret is percent-decoded, although JSON needs none of that.',
    [wrongSecret, deviceAuth],
    atToken,
    secretBy(percentDecoded),
  ],
  [
    'secret-of-72-bytes',
    'A client secret is hashed by bcrypt, which reads 72 bytes.',
    wrongSecret,
    atToken,
    secretBy(beginning(72)),
    ['aws-json'],
  ],
  [
    'client-id-in-any-case',
    'Client ids are looked up without regard to case.',
    client,
    atToken,
    foundBy('find-client', lowerCase),
  ],
  [
    'client-id-padded',
    'Blanks behind a client id do not count.',
    client,
    atToken,
    foundBy('find-client', unpadded),
  ],
  [
    'application-id-with-blanks-around',
    'Blanks around the id of an application do not count.',
    application,
    atIamToken,
    foundBy('find-application', trimmed),
  ],
  [
    'code-in-any-case',
    'Codes are looked up without regard to case.',
    code,
    tokens,
    foundBy('find-code', lowerCase),
  ],
  ['code-padded', 'Blanks behind a code do not count.', code, tokens, foundBy('find-code', unpadded)],
  [
    'code-by-its-end',
    'Only the last 32 characters of a code are compared.',
    code,
    tokens,
    foundBy('find-code', end(32)),
  ],
  [
    'code-percent-decoded',
    'A code is percent-decoded, as if it came from a URL.',
    code,
    tokens,
    foundBy('find-code', percentDecoded),
  ],
  [
    'code-up-to-nul',
    'What follows a NUL in a code does not count.',
    code,
    tokens,
    foundBy('find-code', upToNul),
  ],
  [
    'device-code-in-any-case',
    'Device codes are looked up without regard to case.',
    deviceCode,
    atToken,
    foundBy('find-device', lowerCase),
  ],
  [
    'device-code-with-blanks-around',
    'Blanks around a device code do not count.',
    deviceCode,
    atToken,
    foundBy('find-device', trimmed),
  ],
  [
    'device-code-of-64-characters',
    'Only the first 64 characters of a device code are kept and compared.',
    deviceCode,
    atToken,
    foundBy('find-device', beginning(64)),
  ],
  [
    'device-code-up-to-nul',
    'What follows a NUL in a device code does not count.',
    deviceCode,
    atToken,
    foundBy('find-device', upToNul),
  ],
  [
    'refresh-token-in-any-case',
    'Refresh tokens are looked up without regard to case.',
    refreshToken,
    tokens,
    foundBy('find-refresh-token', lowerCase),
  ],
  [
    'refresh-token-with-line-break',
    'A line break behind a refresh token does not count.',
    refreshToken,
    tokens,
    foundBy('find-refresh-token', withoutLineBreaks),
  ],
  [
    'refresh-token-of-100-characters',
    'Only the first 100 characters of a refresh token are kept and compared.',
    refreshToken,
    tokens,
    foundBy('find-refresh-token', beginning(100)),
    ['aws-json'],
  ],
  [
    'refresh-token-by-its-end',
    'Only the last 40 characters of a refresh token are compared.',
    refreshToken,
    tokens,
    foundBy('find-refresh-token', end(40)),
  ],
  [
    'refresh-token-percent-decoded',
    'A refresh token is percent-decoded, as if it came in a form.',
    refreshToken,
    tokens,
    foundBy('find-refresh-token', percentDecoded),
  ],
  [
    'subject-token-in-any-case',
    'Subject tokens are looked up without regard to case.',
    subjectToken,
    atIamToken,
    foundBy('find-subject-token', lowerCase),
  ],
  [
    'subject-token-with-line-break',
    'A line break behind a subject token does not count.',
    subjectToken,
    atIamToken,
    foundBy('find-subject-token', withoutLineBreaks),
  ],
  [
    'subject-token-of-100-characters',
    'Only the first 100 characters of a subject token are kept and compared.',
    subjectToken,
    atIamToken,
    foundBy('find-subject-token', beginning(100)),
    ['aws-json'],
  ],
  [
    'verifier-with-blanks-around',
    'Blanks around a verifier are taken away before it is hashed.',
    verifier,
    tokens,
    verifierBy(trimmed),
  ],
  [
    'verifier-up-to-nul',
    'What follows a NUL in a verifier is not hashed.',
    verifier,
    tokens,
    verifierBy(upToNul),
  ],
  [
    'verifier-percent-decoded',
    'A verifier is percent-decoded before it is hashed.',
    verifier,
    tokens,
    verifierBy(percentDecoded),
  ],
  [
    'verifier-without-padding',
    'Equals signs behind a verifier are taken away before it is hashed.',
    verifier,
    tokens,
    verifierBy((text) => text.replace(/=+$/, '')),
  ],
];

/** Texts that differ and are taken for the same. */
export const comparisons: readonly Defect[] = rows.map(([name, changes, breaks, at, change, dialects]) => ({
  name,
  changes,
  breaks: typeof breaks === 'string' ? [breaks] : breaks,
  at,
  ...change,
  ...(dialects && { dialects }),
}));
