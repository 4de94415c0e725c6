import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll } from 'vitest';
import type { EmulatorOptions } from '../../../emulator/server.ts';
import { startEmulator } from '../../support/emulator.ts';

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
export const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
export const redirectUri = 'https://app.example/callback';

export type Json = Record<string, unknown>;
/** Parameters of a form; undefined leaves one out. */
export type Form = Readonly<Record<string, string | undefined>>;
export type Headers = Readonly<Record<string, string>>;

export interface Answer {
  readonly status: number;
  /** `granted`, or the status and the error. */
  readonly outcome: string;
  readonly headers: globalThis.Headers;
  readonly text: string;
  readonly body: Json;
}

export interface Client {
  readonly id: string;
  readonly secret: string;
  readonly auth: string;
}

export const basic = (id: string, secret: string): Headers => ({
  Authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`,
});

export const s256 = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
export const newVerifier = (): string => randomBytes(32).toString('base64url');

/** One key for a test file: to make one takes a while. */
const pair = generateKeyPair('ES256', { extractable: true });
export const publicKeys = async () => ({
  keys: [{ ...(await exportJWK((await pair).publicKey)), kid: 'one' }],
});

export type Api = ReturnType<typeof apiOf>;

/** What a test says to the standard dialect of one emulator. */
export function apiOf(origin: () => string) {
  const issuer = () => `${origin()}/oauth2`;

  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(issuer() + path, { redirect: 'manual', ...init });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    const body = isJson && text !== '' ? (JSON.parse(text) as Json) : {};
    const outcome = response.ok ? 'granted' : `${response.status} ${body.error}`;
    return { status: response.status, outcome, headers: response.headers, text, body };
  };

  const post = (path: string, form: Form, headers: Headers = {}) => {
    const pairs = Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return raw(path, new URLSearchParams(pairs).toString(), headers);
  };
  const raw = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Headers = {}) =>
    send(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body,
    });
  const json = (path: string, body: unknown) =>
    send(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });

  const fixture = (verb: string, input: Json) => json(`/_fixtures/${verb}`, input);
  const made = async (verb: string, input: Json): Promise<Json> => {
    const { status, text, body } = await fixture(verb, input);
    if (status !== 200) throw new Error(`fixture ${verb}: ${status} ${text}`);
    return body;
  };

  const client = async (changes: Json = {}): Promise<Client> => {
    const { clientId, clientSecret, auth } = await made('client', {
      grantTypes: [
        'authorization_code',
        'refresh_token',
        'client_credentials',
        deviceGrant,
        jwtBearer,
        tokenExchange,
      ],
      redirectUris: [redirectUri],
      ...(changes.auth === 'private_key_jwt' && { jwks: await publicKeys() }),
      ...changes,
    });
    return { id: String(clientId), secret: String(clientSecret ?? ''), auth: String(auth) };
  };

  const claimsOf = (id: string): JWTPayload => {
    const now = Math.floor(Date.now() / 1000);
    return { iss: id, sub: id, aud: issuer(), jti: randomUUID(), iat: now, exp: now + 60 };
  };

  /** What a client assertion says, signed by the key or the secret of its client. */
  const clientAssertion = async (
    { id, secret, auth }: Client,
    changes: Json = {},
    header: Json = {},
  ): Promise<string> => {
    const merged = Object.entries({ ...claimsOf(id), ...changes }).filter(([, value]) => value !== null);
    const bySecret = auth === 'client_secret_jwt';
    const alg = bySecret ? 'HS256' : 'ES256';
    return new SignJWT(Object.fromEntries(merged))
      .setProtectedHeader({ alg, ...(bySecret ? {} : { kid: 'one' }), ...header })
      .sign(bySecret ? Buffer.from(secret) : (await pair).privateKey);
  };

  /** How that client says who it is, in a form and in headers. */
  const saying = async (who: Client): Promise<readonly [Form, Headers]> => {
    switch (who.auth) {
      case 'client_secret_basic':
        return [{}, basic(who.id, who.secret)];
      case 'client_secret_post':
        return [{ client_id: who.id, client_secret: who.secret }, {}];
      case 'none':
        return [{ client_id: who.id }, {}];
      default:
        return [{ client_assertion_type: assertionType, client_assertion: await clientAssertion(who) }, {}];
    }
  };

  const as = async (who: Client, path: string, form: Form) => {
    const [own, headers] = await saying(who);
    return post(path, { ...own, ...form }, headers);
  };
  const token = (who: Client, form: Form) => as(who, '/token', form);

  /** A code that was asked for with PKCE, and the request that redeems it. */
  const codeForm = async (who: Client, changes: Json = {}): Promise<Form> => {
    const verifier = newVerifier();
    const { code } = await made('authorization-code', {
      clientId: who.id,
      redirectUri,
      codeChallenge: s256(verifier),
      codeChallengeMethod: 'S256',
      ...changes,
    });
    return {
      grant_type: 'authorization_code',
      code: String(code),
      redirect_uri: redirectUri,
      code_verifier: verifier,
    };
  };

  const refreshForm = async (who: Client, changes: Json = {}): Promise<Form> => {
    const { refreshToken } = await made('refresh-token', { clientId: who.id, ...changes });
    return { grant_type: 'refresh_token', refresh_token: String(refreshToken) };
  };

  const deviceForm = async (who: Client, decision?: 'approve' | 'deny', form: Form = {}): Promise<Form> => {
    const { body } = await as(who, '/device_authorization', form);
    if (decision) await made('device-decision', { userCode: body.user_code, decision });
    return { grant_type: deviceGrant, device_code: String(body.device_code) };
  };

  const assertionForm = async (who: Client, changes: Json = {}): Promise<Form> => {
    const { assertion } = await made('assertion', { clientId: who.id, signedBy: 'trusted', ...changes });
    return { grant_type: jwtBearer, assertion: String(assertion) };
  };

  const exchangeForm = async (who: Client, changes: Json = {}): Promise<Form> => {
    const { subjectToken, subjectTokenType } = await made('subject-token', { clientId: who.id, ...changes });
    return {
      grant_type: tokenExchange,
      subject_token: String(subjectToken),
      subject_token_type: String(subjectTokenType),
    };
  };

  const advance = (advanceSeconds: number) => made('clock', { advanceSeconds });

  return {
    issuer,
    send,
    post,
    raw,
    json,
    fixture,
    made,
    client,
    clientAssertion,
    as,
    token,
    codeForm,
    refreshForm,
    deviceForm,
    assertionForm,
    exchangeForm,
    advance,
  };
}

/** One emulator for a test file. */
export function emulatorForThisFile(options?: EmulatorOptions): Api {
  let url = '';
  let close = async () => {};
  beforeAll(async () => {
    ({ url, close } = await startEmulator(options));
  });
  afterAll(() => close());
  return apiOf(() => url);
}
