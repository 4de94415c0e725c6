import { constants, createHmac, type KeyObject, randomUUID, sign } from 'node:crypto';
import type {
  AssertionChange,
  ClientAuthentication,
  Credential,
  JwtPart,
  ProofParts,
} from './authentication.ts';
import { clientKey } from './client-keys.ts';

/** What a client assertion that is a JWT is called (RFC 7523 §2.2). */
const jwtType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Seconds that an assertion is good for. */
const life = 60;

type Key = string | KeyObject;

/** Written here and not by a library, which would refuse to write what is wrong. */
function signed(header: JwtPart, claims: JwtPart, key: Key): string {
  const input = [header, claims].map((part) => encoded(JSON.stringify(part))).join('.');
  return `${input}.${signature(String(header.alg), input, key)}`;
}

function signature(alg: string, input: string, key: Key): string {
  if (/^none$/i.test(alg)) return '';
  if (alg === 'HS256') return createHmac('sha256', key).update(input).digest('base64url');
  // A key of another kind makes a signature all the same, which is a wrong one.
  const known = /^(?:(RS|PS|ES)(256|384|512)|Ed(?:DSA|25519|448))$/.exec(alg);
  if (known === null || typeof key === 'string') throw new Error(`No client signs with ${alg} here.`);
  const [, kind, size] = known;
  const options = { key, dsaEncoding: 'ieee-p1363', ...(kind === 'PS' && pss) } as const;
  return sign(size && `sha${size}`, Buffer.from(input), options).toString('base64url');
}

const pss = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
} as const;

const encoded = (text: string): string => Buffer.from(text).toString('base64url');

async function written(
  { client_id }: Credential,
  usual: JwtPart,
  usualKey: Key,
  { claims = same, header = same, key = usualKey, text = (right) => right }: AssertionChange,
  { ahead, tokenEndpoint }: ProofParts,
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000) + ahead;
  const right = {
    iss: client_id,
    sub: client_id,
    aud: tokenEndpoint(),
    jti: randomUUID(),
    iat: now,
    exp: now + life,
  };
  return text(signed(header(usual), claims(right), key));
}

const same = (part: JwtPart): JwtPart => part;

const about = {
  changes: ['assertion', 'also'],
  present: ({ client_assertion, client_assertion_type = jwtType }) => ({
    client_assertion_type: client_assertion_type ?? undefined,
    client_assertion,
  }),
} as const satisfies Partial<ClientAuthentication>;

/** An assertion that is signed with a key of the client (RFC 7523 §2.2, OpenID Connect Core §9). */
export const privateKeyJwt: ClientAuthentication = {
  ...about,
  method: 'private_key_jwt',
  auth: 'private_key_jwt',
  ready: async (by, { assertion = {} }, parts) => {
    const { kid, alg, privateKey } = await clientKey(String(by.kid));
    const client_assertion = await written(by, { alg, kid }, privateKey, assertion, parts);
    return { ...by, client_assertion };
  },
};

/** An assertion with an HMAC that is keyed with the secret of the client (OpenID Connect Core §9). */
export const clientSecretJwt: ClientAuthentication = {
  ...about,
  method: 'client_secret_jwt',
  auth: 'client_secret_jwt',
  ready: async (by, { assertion = {} }, parts) => {
    const secret = String(by.client_secret);
    return { ...by, client_assertion: await written(by, { alg: 'HS256' }, secret, assertion, parts) };
  },
};
