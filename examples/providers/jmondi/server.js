import { AuthorizationServer, DateInterval } from '@jmondi/oauth2-server';
import { handleVanillaError, requestFromVanilla, responseToVanilla } from '@jmondi/oauth2-server/vanilla';
import { fixtures, metadata, newSecret, serve } from '../serving.js';

const scopes = ['read', 'write'].map((name) => ({ name }));
const user = { id: 'alice' };
/** What a code or token is stored under. */
const claimOf = (jwt, name) => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())[name];
const aDay = () => new Date(Date.now() + 86_400_000);

/** What the library keeps, in memory: the repositories that its documents ask for. */
function createStore() {
  const [clients, codes, tokens] = [new Map(), new Map(), new Map()];
  const byRefreshToken = (value) => [...tokens.values()].find(({ refreshToken }) => refreshToken === value);
  const clientRepository = {
    getByIdentifier: async (id) => clients.get(id),
    isClientValid: async (grant, client, secret) =>
      client.allowedGrants.includes(grant) && (client.secret ?? undefined) === (secret ?? undefined),
  };
  const tokenRepository = {
    issueToken: async (client, wished, owner) => ({
      accessToken: newSecret(),
      accessTokenExpiresAt: aDay(),
      client,
      user: owner,
      scopes: wished,
    }),
    issueRefreshToken: async (token, client) => {
      if (!client.allowedGrants.includes('refresh_token')) return token;
      token.refreshToken = newSecret();
      token.refreshTokenExpiresAt = aDay();
      return token;
    },
    persist: async (token) => void tokens.set(token.accessToken, token),
    revoke: async (token) => {
      token.accessTokenExpiresAt = new Date(0);
      token.refreshTokenExpiresAt = new Date(0);
    },
    revokeDescendantsOf: async (id) => {
      for (const token of tokens.values())
        if (token.originatingAuthCodeId === id) await tokenRepository.revoke(token);
    },
    isRefreshTokenRevoked: async ({ refreshTokenExpiresAt }) =>
      Date.now() > (refreshTokenExpiresAt?.getTime() ?? 0),
    getByRefreshToken: async (value) => {
      const token = byRefreshToken(value);
      if (token === undefined) throw new Error('There is no such refresh token');
      return token;
    },
    getByAccessToken: async (value) => tokens.get(value),
  };
  const codeRepository = {
    getByIdentifier: async (value) => {
      const code = codes.get(value);
      if (code === undefined) throw new Error('There is no such code');
      return code;
    },
    issueAuthCode: (client, owner, wished) => ({
      code: newSecret(),
      redirectUri: '',
      expiresAt: aDay(),
      client,
      user: owner,
      scopes: wished,
    }),
    persist: async (code) => void codes.set(code.code, code),
    isRevoked: async (value) => Date.now() > (codes.get(value)?.expiresAt.getTime() ?? 0),
    revoke: async (value) => {
      const code = codes.get(value);
      if (code !== undefined) code.expiresAt = new Date(0);
    },
  };
  const scopeRepository = {
    getAllByIdentifiers: async (names) => scopes.filter(({ name }) => names.includes(name)),
    finalize: async (wished) => wished,
  };
  return {
    repositories: { clientRepository, tokenRepository, codeRepository, scopeRepository },
    newClient: ({ grantTypes, redirectUris, isPublic }) => {
      const client = {
        id: newSecret(),
        name: 'token-conformance',
        redirectUris,
        allowedGrants: grantTypes,
        scopes,
        ...(!isPublic && { secret: newSecret() }),
      };
      clients.set(client.id, client);
      return { clientId: client.id, ...(!isPublic && { clientSecret: client.secret }) };
    },
    expire: {
      code: (value) => {
        const code = codes.get(claimOf(value, 'auth_code_id'));
        if (code !== undefined) code.expiresAt = new Date(0);
        return code !== undefined;
      },
      refreshToken: (value) => {
        const token = byRefreshToken(claimOf(value, 'refresh_token_id'));
        if (token !== undefined) token.refreshTokenExpiresAt = new Date(0);
        return token !== undefined;
      },
    },
  };
}

/**
 * A server around @jmondi/oauth2-server as its documents have it, with what is usual there: codes and tokens are JWTs
 * that name what is stored. Code, refresh and client credentials; the user has signed in already and consents to
 * everything.
 *
 * @param {number} [port]
 */
export function start(port = 0) {
  const store = createStore();
  const { clientRepository, tokenRepository, codeRepository, scopeRepository } = store.repositories;
  const server = new AuthorizationServer(clientRepository, tokenRepository, scopeRepository, newSecret());
  server.enableGrantTypes(
    ['client_credentials', new DateInterval('1h')],
    ['refresh_token', new DateInterval('1h')],
    {
      grant: 'authorization_code',
      userRepository: { getUserByCredentials: async () => user },
      authCodeRepository: codeRepository,
    },
  );
  const through = (issuer, answerTo) => async (asked) => {
    const request = new Request(new URL(asked.url.pathname + asked.url.search, issuer), {
      method: asked.method,
      headers: asked.headers,
      ...(asked.text !== '' && { body: asked.text }),
    });
    const answer = await requestFromVanilla(request)
      .then(answerTo)
      .catch(handleVanillaError)
      .then(responseToVanilla);
    const text = await answer.text();
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      ...(text !== '' && { body: JSON.parse(text) }),
    };
  };
  return serve(port, (issuer) => ({
    ...metadata(
      issuer,
      scopes.map(({ name }) => name),
      { revocation_endpoint: `${issuer}/revoke` },
    ),
    'GET /authorize': through(issuer, async (request) => {
      const wished = await server.validateAuthorizationRequest(request);
      wished.user = user;
      wished.isAuthorizationApproved = true;
      return server.completeAuthorizationRequest(wished);
    }),
    'POST /token': through(issuer, (request) => server.respondToAccessTokenRequest(request)),
    'POST /revoke': through(issuer, (request) => server.revoke(request)),
    ...fixtures(store),
  }));
}
