import { SignJWT } from 'jose';
import { oauthFormBehaviours } from '../../emulator/fronts/oauth-form/behaviours.ts';
import type { EmulatorOptions } from '../../emulator/server.ts';
import type { JsonObject, Middleware } from '../../emulator/wire.ts';

/** Standard servers whose ID tokens, metadata or keys are wrong, by what is. */
export type Wrong = NonNullable<EmulatorOptions['oauth']>;

type Jwk = Readonly<Record<string, unknown>>;

const { 'server-metadata': honest } = oauthFormBehaviours;

/** An ID token with other claims; those of a refresh alone where that is said. */
export const claiming = (
  change: JsonObject | ((claims: JsonObject) => JsonObject),
  header: JsonObject = {},
): Wrong => ({
  behaviours: {
    'sign-id-token': (claims, key) =>
      new SignJWT({ ...claims, ...(typeof change === 'function' ? change(claims) : change) })
        .setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header })
        .sign(key.privateKey),
  },
});

/** An ID token whose header and claims are these texts, signed by nobody. */
export const unsigned = (header: JsonObject, repeat = ''): Wrong => ({
  behaviours: {
    'sign-id-token': async (claims, key) => {
      const [first, second] = [{ kid: key.kid, ...header }, claims].map((one) => JSON.stringify(one));
      const text = `${second?.slice(0, -1)}${repeat}}`;
      return `${[first ?? '', text].map((one) => Buffer.from(one).toString('base64url')).join('.')}.AAAA`;
    },
  },
});

export const withSecret = (secret: string, alg = 'HS256'): Wrong => ({
  behaviours: {
    'sign-id-token': (claims: JsonObject) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg }).sign(Buffer.from(secret)),
  },
});

/** What a refreshed ID token says otherwise: nothing but a refresh comes without the nonce that was sent. */
export const refreshedAs = (change: JsonObject): Wrong => ({
  behaviours: {
    'id-token-claims': (attempt, signIn, own) => ({
      ...oauthClaims(attempt, signIn, own),
      ...(attempt.grant === 'refresh_token' && change),
    }),
  },
});
const oauthClaims = (
  { client, now }: { readonly client?: { readonly id: string } | undefined; readonly now: number },
  {
    user,
    at,
    nonce,
  }: {
    readonly user?: { readonly id: string } | undefined;
    readonly at: number;
    readonly nonce: string | undefined;
  },
  own: JsonObject,
): JsonObject => ({
  ...own,
  aud: client?.id,
  sub: user?.id,
  nonce,
  auth_time: Math.floor(at / 1_000),
  iat: Math.floor(now / 1_000),
  exp: Math.floor(now / 1_000) + 3_600,
});

export const telling = (change: JsonObject): Wrong => ({
  behaviours: { 'server-metadata': (...given) => ({ ...honest(...given), ...change }) },
});

export const onPath =
  (
    end: string,
    change: (response: Awaited<ReturnType<Middleware>>) => Awaited<ReturnType<Middleware>>,
  ): Middleware =>
  async (request, endpoint) => {
    const response = await endpoint(request);
    return request.path.endsWith(end) ? change(response) : response;
  };

export const publishing = (change: (keys: readonly Jwk[]) => readonly Jwk[]): Wrong => ({
  middleware: onPath('/jwks', (response) => {
    const { keys } = JSON.parse(String(response.body)) as { keys: Jwk[] };
    return { ...response, body: JSON.stringify({ keys: change(keys) }) };
  }),
});

export const ofAnotherType: Wrong = {
  middleware: onPath('/openid-configuration', (response) => ({
    ...response,
    headers: response.headers.map(
      ([name, value]) => [name, /^content-type$/i.test(name) ? 'text/plain' : value] as const,
    ),
  })),
};

export const withoutBasic: Middleware = (request, endpoint) => {
  const headers = new Map(request.headers);
  if (request.path.endsWith('/token')) headers.delete('authorization');
  return endpoint({ ...request, headers });
};

export const other = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'other' };
