import { refused, rejected } from '../../harness/expectation.ts';
import { clientKey, publicJwk } from '../../harness/world/world.ts';
import type { Refusal } from '../kit/cases.ts';
import { type Change, otherInside, swappedCase } from '../kit/change.ts';
import { assertedWith, byMethod, expiredSecret } from '../kit/credentials.ts';
import { malformed, ways } from './kit.ts';

/** One mistake of a client with an assertion. */
export type Row = Pick<Refusal, 'title' | 'requirement' | 'change'> &
  Partial<Pick<Refusal, 'expect' | 'needs'>> & { readonly name: string };

export const hour = 3_600;

/** A claim set to a value, or to what becomes of the right one; undefined leaves it out. */
export const claim = (name: string, of: (right: Readonly<Record<string, unknown>>) => unknown): Change =>
  assertedWith({ claims: (right) => ({ ...right, [name]: of(right) }) });

/** A value that nobody has. */
const drawnClaim =
  (name: string): Change =>
  (valid, world) => {
    const value = world.garbage(24);
    return claim(name, () => value)(valid, world);
  };

/** What has no letters cannot be told from another by their case. */
const inOtherCase = (text: string): string => {
  const other = swappedCase(text);
  return other === text ? `${text}A` : other;
};

/** With the client_id of the client beside the assertion, so that it is known who failed. */
export const named =
  (change: Change): Change =>
  async (valid, world) => {
    const changed = await change(valid, world);
    return { ...changed, as: { ...changed.as, also: { method: 'none' } } };
  };

/** Without a right sub the client need not be known, and so be no client at all. */
const unidentified = rejected('invalid_client', malformed);

export const claims: readonly Row[] = [
  {
    name: 'no-iss',
    title: 'an assertion without iss',
    requirement: 'RFC7523-3-client-iss',
    change: claim('iss', () => undefined),
  },
  {
    name: 'other-iss',
    title: 'an assertion whose iss is not the client',
    requirement: 'RFC7523-3-client-iss',
    change: drawnClaim('iss'),
  },
  {
    name: 'iss-in-other-case',
    title: 'an assertion whose iss is the client with its letters in the other case',
    requirement: 'RFC7523-3-client-iss',
    change: claim('iss', ({ iss }) => inOtherCase(String(iss))),
  },
  {
    name: 'iss-with-more',
    title: 'an assertion whose iss only begins like the client',
    requirement: 'RFC7523-3-client-iss',
    change: claim('iss', ({ iss }) => `${iss}.elsewhere`),
  },
  {
    name: 'no-sub',
    title: 'an assertion without sub',
    requirement: 'RFC7523-3-client-sub',
    change: named(claim('sub', () => undefined)),
    expect: unidentified,
  },
  {
    name: 'other-sub',
    title: 'an assertion whose sub is not the client',
    requirement: 'RFC7523-3-client-sub',
    change: named(drawnClaim('sub')),
    expect: unidentified,
  },
  {
    name: 'no-aud',
    title: 'an assertion without aud',
    requirement: 'RFC7523-3-client-aud-required',
    change: claim('aud', () => undefined),
  },
  {
    name: 'other-aud',
    title: 'an assertion for another server',
    requirement: 'RFC7523-3-client-aud-required',
    change: claim('aud', () => 'https://elsewhere.example/token'),
  },
  {
    name: 'aud-with-more',
    title: 'an assertion whose aud only begins like the right one',
    requirement: 'RFC7523-3-client-aud-required',
    change: claim('aud', ({ aud }) => `${aud}.elsewhere.example`),
  },
  {
    name: 'aud-within-other',
    title: 'an assertion whose aud only ends like the right one',
    requirement: 'RFC7523-3-client-aud-required',
    change: claim('aud', ({ aud }) => `https://elsewhere.example/${aud}`),
  },
  {
    name: 'aud-in-other-case',
    title: 'an assertion whose aud is the right one with its letters in the other case',
    requirement: 'RFC7523-3-client-aud-required',
    change: claim('aud', ({ aud }) => inOtherCase(String(aud))),
  },
  {
    name: 'no-exp',
    title: 'an assertion without exp',
    requirement: 'RFC7523-3-client-exp',
    change: claim('exp', () => undefined),
  },
  {
    name: 'expired',
    title: 'an assertion that expired an hour ago',
    requirement: 'RFC7523-3-client-exp',
    change: assertedWith({
      claims: ({ iat, ...right }) => ({
        ...right,
        iat: Number(iat) - 2 * hour,
        exp: Number(iat) - hour,
      }),
    }),
  },
  {
    name: 'not-yet-valid',
    title: 'an assertion that is not valid before an hour has passed',
    requirement: 'RFC7523-3-client-nbf',
    change: assertedWith({
      claims: ({ iat, ...right }) => ({
        ...right,
        iat,
        nbf: Number(iat) + hour,
        exp: Number(iat) + hour + 60,
      }),
    }),
  },
  {
    name: 'no-jti',
    title: 'an assertion without jti',
    requirement: 'OIDC-9-client-jti-single-use',
    change: claim('jti', () => undefined),
  },
];

/** The text of a JWT with one of its three parts made otherwise. */
const partOf = (place: 0 | 1 | 2, of: (part: string) => string) => (jwt: string) =>
  jwt
    .split('.')
    .map((part, at) => (at === place ? of(part) : part))
    .join('.');

export const signatures: readonly Row[] = [
  {
    name: 'altered-signature',
    title: 'an assertion with one character of its signature changed',
    requirement: 'RFC7523-3-client-signature',
    change: assertedWith({ text: partOf(2, otherInside) }),
  },
  {
    name: 'altered-claims',
    title: 'an assertion whose claims were changed after it was signed',
    requirement: 'RFC7523-3-client-signature',
    change: assertedWith({
      text: partOf(1, (part) => {
        const told = JSON.parse(Buffer.from(part, 'base64url').toString()) as { readonly exp: number };
        return Buffer.from(JSON.stringify({ ...told, exp: told.exp + 1 })).toString('base64url');
      }),
    }),
  },
  {
    name: 'signature-cut-off',
    title: 'an assertion with an algorithm and an empty signature',
    requirement: 'RFC7523-3-client-signature',
    change: assertedWith({ text: partOf(2, () => '') }),
  },
  ...(['none', 'None', 'NONE', 'nOnE'] as const).map(
    (alg, at): Row => ({
      name: `alg-none-${at + 1}`,
      title: `an assertion without a signature whose alg is ${alg}`,
      requirement: 'RFC7523-3-client-alg-none',
      change: assertedWith({ header: (right) => ({ ...right, alg }) }),
    }),
  ),
  {
    name: 'unknown-critical-header',
    title: 'an assertion with a critical header member that nobody knows',
    requirement: 'RFC8725-3.10-header-keys-not-trusted',
    change: assertedWith({
      header: (right) => ({ ...right, crit: ['x-token-conformance'], 'x-token-conformance': true }),
    }),
  },
  ...(
    [
      ['no-jwt', 'a word in place of an assertion', () => 'x'],
      ['two-parts', 'an assertion of two parts', (jwt: string) => jwt.split('.').slice(0, 2).join('.')],
      ['four-parts', 'an assertion with a fourth part', (jwt: string) => `${jwt}.x`],
      ['claims-no-json', 'an assertion whose claims are no JSON', partOf(1, () => 'eHh4')],
    ] as const
  ).map(
    ([name, title, text]): Row => ({
      name,
      title,
      requirement: 'RFC7523-3.2-error-invalid_client',
      change: named(assertedWith({ text })),
      expect: unidentified,
    }),
  ),
];

const typed =
  (type: string | null): Change =>
  (valid) => {
    if (valid.by === undefined) throw new Error('A request of nobody has no assertion.');
    return { ...valid, by: { ...valid.by, client_assertion_type: type } };
  };

export const beside: readonly Row[] = [
  {
    name: 'no-type',
    title: 'an assertion without client_assertion_type',
    requirement: 'RFC7521-4.2-client_assertion_type',
    change: typed(null),
    expect: unidentified,
  },
  {
    name: 'saml-type',
    title: 'a JWT under the type of a SAML assertion',
    requirement: 'RFC7521-4.2-client_assertion_type',
    change: typed('urn:ietf:params:oauth:client-assertion-type:saml2-bearer'),
    expect: unidentified,
  },
  {
    name: 'other-client-id',
    title: 'a client_id that is not the client of the assertion',
    requirement: 'RFC7521-4.2-client_id-mismatch',
    change: (valid, world) => ({
      ...valid,
      as: { ...valid.as, also: { method: 'none', client_id: world.garbage(24) } },
    }),
    expect: unidentified,
  },
];

export const onlyOfKeys: readonly Row[] = [
  {
    name: 'other-key',
    title: 'an assertion signed with the key of somebody else',
    requirement: 'RFC7523-3-client-signature',
    change: async (valid, world) =>
      assertedWith({ key: (await clientKey('other')).privateKey })(valid, world),
  },
  {
    name: 'key-of-other-client',
    title: 'an assertion signed with the key of another client, and named by its kid',
    requirement: 'RFC7523-3-client-signature',
    change: async (valid, world) => {
      const other = await world.way(ways).client(world, { name: 'other', method: 'private_key_jwt' });
      const { kid, privateKey } = await clientKey(String(other.kid));
      return assertedWith({ key: privateKey, header: (right) => ({ ...right, kid }) })(valid, world);
    },
  },
  {
    name: 'own-key-in-header',
    title: 'an assertion signed with the key that its own header brings',
    requirement: 'RFC8725-3.10-header-keys-not-trusted',
    change: async (valid, world) => {
      const key = await clientKey('other');
      const header = { alg: key.alg, kid: key.kid, jwk: publicJwk(key) };
      return assertedWith({
        key: key.privateKey,
        header: (right) => ({ ...right, ...header }),
      })(valid, world);
    },
  },
  {
    name: 'hmac-with-public-key',
    title: 'an assertion with an HMAC that is keyed with the public key of the client',
    requirement: 'RFC8725-3.1-alg-confusion',
    change: async (valid, world) => {
      const { publicKey } = await clientKey(String(valid.by?.kid));
      return assertedWith({
        key: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
        header: (right) => ({ ...right, alg: 'HS256' }),
      })(valid, world);
    },
  },
  {
    name: 'no-assertion',
    title: 'a client that registered a key, with its client_id alone',
    requirement: 'OIDC-3.1.3.1-assertion-required',
    change: (valid, world) => byMethod('none')({ ...valid, as: {} }, world),
    expect: refused(),
  },
];

export const onlyOfSecrets: readonly Row[] = [
  {
    name: 'other-secret',
    title: 'an assertion that is keyed with another secret',
    requirement: 'RFC7523-3-client-signature',
    change: (valid, world) => assertedWith({ key: world.garbage(43) })(valid, world),
  },
  {
    name: 'secret-of-other-client',
    title: 'an assertion that is keyed with the secret of another client',
    requirement: 'RFC7523-3-client-signature',
    change: async (valid, world) => {
      const other = await world.way(ways).client(world, { name: 'other', method: 'client_secret_jwt' });
      return assertedWith({ key: String(other.client_secret) })(valid, world);
    },
  },
  {
    name: 'expired-secret',
    title: 'an assertion that is keyed with a client secret that has expired',
    requirement: 'RFC7591-3.2.1-expired-secret',
    needs: ['expire/clientSecret'],
    change: expiredSecret,
  },
];
