import { randomBytes } from 'node:crypto';
import { type Signer, type Signing, signedHeaders } from './signing.ts';
import { type Answer, type Api, type Json, redirectUri, s256 } from './support.ts';

export const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
export const refreshTokenType = 'urn:ietf:params:oauth:token-type:refresh_token';
export const iamPath = '/token?aws_iam=t';
export const allGrants = ['authorization_code', 'refresh_token', jwtBearer, tokenExchange] as const;

export type Iam = ReturnType<typeof iamOf>;
export type IamGrant = (typeof allGrants)[number];
export type IamRequest = Json & { readonly clientId: string; readonly grantType: string };

/** What a test says to CreateTokenWithIAM of one emulator. */
export function iamOf(api: Api) {
  const credentials = async (allowed = true) =>
    (await api.made('credentials', { allowed })) as Json & Required<Signer>;
  let usual: Promise<Required<Signer>> | undefined;

  /** Sends it signed, by an allowed principal when no other is named. */
  const send = async (
    request: Json | string | Buffer,
    { by, path = iamPath, ...signing }: Signing & { by?: Signer; path?: string } = {},
  ): Promise<Answer> => {
    usual ??= credentials();
    const body = typeof request === 'string' || Buffer.isBuffer(request) ? request : JSON.stringify(request);
    const headers = signedHeaders(api.url() + path, body, by ?? (await usual), signing);
    return api.send(path, { body, headers });
  };

  const application = async (changes: Json = {}): Promise<string> => {
    const { clientId } = await api.made('client', { auth: 'iam', grantTypes: allGrants, ...changes });
    return clientId as string;
  };

  /** Requests that will be granted, by grant. `fixture` goes to the verb that makes the artefact. */
  const requests: Record<IamGrant, (from?: string, fixture?: Json) => Promise<IamRequest>> = {
    authorization_code: async (from, fixture) => {
      const clientId = from ?? (await application());
      const codeVerifier = randomBytes(32).toString('base64url');
      const challenge = { codeChallenge: s256(codeVerifier), codeChallengeMethod: 'S256' };
      const { code } = await api.made('authorization-code', {
        clientId,
        redirectUri,
        ...challenge,
        ...fixture,
      });
      return { clientId, grantType: 'authorization_code', code, redirectUri, codeVerifier };
    },
    refresh_token: async (from, fixture) => {
      const clientId = from ?? (await application());
      const { refreshToken } = await api.made('refresh-token', { clientId, ...fixture });
      return { clientId, grantType: 'refresh_token', refreshToken };
    },
    [jwtBearer]: async (from, fixture) => {
      const clientId = from ?? (await application());
      const { assertion } = await api.made('assertion', { clientId, signedBy: 'trusted', ...fixture });
      return { clientId, grantType: jwtBearer, assertion };
    },
    [tokenExchange]: async (from, fixture) => {
      const clientId = from ?? (await application());
      const made = await api.made('subject-token', { clientId, ...fixture });
      return { clientId, grantType: tokenExchange, ...made };
    },
  };

  const request = (grant: IamGrant, from?: string, fixture?: Json) => requests[grant](from, fixture);

  return { api, credentials, send, application, request };
}

/** The outcome and what is said about it. */
export const told = ({ outcome, body }: Answer): string =>
  `${outcome}: ${body.error_description ?? body.message ?? ''}`;
