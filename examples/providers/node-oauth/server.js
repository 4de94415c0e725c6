import OAuth2Server from '@node-oauth/oauth2-server';
import { fixtures, formOf, metadata, newSecret, serve } from '../serving.js';

const scopes = ['read', 'write'];
const user = { id: 'alice' };

/** What the library keeps, in memory: the model that its documents ask for. */
function createStore() {
  const [clients, codes, refreshTokens] = [new Map(), new Map(), new Map()];
  const issued = new Set();
  const model = {
    // Without a secret only a public client is one.
    getClient: async (id, secret) => {
      const client = clients.get(id);
      return client !== undefined && (client.secret ?? null) === (secret ?? null) ? client : false;
    },
    saveAuthorizationCode: async (code, client, owner) => {
      const saved = { ...code, client, user: owner };
      codes.set(code.authorizationCode, saved);
      issued.add(code.authorizationCode);
      return saved;
    },
    getAuthorizationCode: async (code) => codes.get(code) ?? false,
    revokeAuthorizationCode: async ({ authorizationCode }) => codes.delete(authorizationCode),
    saveToken: async (token, client, owner) => {
      const saved = { ...token, client, user: owner };
      if (token.refreshToken) refreshTokens.set(token.refreshToken, saved);
      issued.add(token.refreshToken);
      return saved;
    },
    getRefreshToken: async (token) => refreshTokens.get(token) ?? false,
    revokeToken: async ({ refreshToken }) => refreshTokens.delete(refreshToken),
    getAccessToken: async () => false,
    getUserFromClient: async ({ id }) => ({ id }),
    validateScope: async (_, __, wished = ['read']) => wished.every((one) => scopes.includes(one)) && wished,
  };
  // What was used is gone already.
  const ended = (map, member) => (value) => {
    const found = map.get(value);
    if (found !== undefined) found[member] = new Date(0);
    return issued.has(value);
  };
  return {
    model,
    clients,
    newClient: ({ grantTypes, redirectUris, isPublic }) => {
      const client = {
        id: newSecret(),
        grants: grantTypes,
        redirectUris,
        ...(!isPublic && { secret: newSecret() }),
      };
      clients.set(client.id, client);
      return { clientId: client.id, ...(!isPublic && { clientSecret: client.secret }) };
    },
    expire: {
      code: ended(codes, 'expiresAt'),
      refreshToken: ended(refreshTokens, 'refreshTokenExpiresAt'),
    },
  };
}

/**
 * A server around @node-oauth/oauth2-server as its documents have it: code, refresh and client credentials; public
 * clients need no secret; the user has signed in already and consents to everything.
 *
 * @param {number} [port]
 */
export function start(port = 0) {
  const { model, ...store } = createStore();
  const tokens = new OAuth2Server({
    model,
    requireClientAuthentication: { authorization_code: false, refresh_token: false },
  });
  // The model is not told which endpoint asks for a client, and at this one nobody has a secret.
  const codes = new OAuth2Server({
    model: { ...model, getClient: async (id) => store.clients.get(id) ?? false },
    authenticateHandler: { handle: () => user },
  });
  const through = (handle) => async (asked) => {
    const request = new OAuth2Server.Request({
      method: asked.method,
      headers: asked.headers,
      query: Object.fromEntries(asked.url.searchParams),
      body: formOf(asked.text),
    });
    const response = new OAuth2Server.Response({});
    try {
      await handle(request, response);
    } catch (error) {
      // What is refused before the library looks at the request leaves the response empty.
      if (response.body === undefined || Object.keys(response.body).length === 0) {
        response.status = response.get('location') ? response.status : (error.code ?? 500);
        response.body = { error: error.name, error_description: error.message };
      }
    }
    const { status = 200, headers = {}, body } = response;
    return { status, headers, body };
  };
  return serve(port, (issuer) => ({
    ...metadata(issuer, scopes),
    'GET /authorize': through((request, response) => codes.authorize(request, response)),
    'POST /token': through((request, response) => tokens.token(request, response)),
    ...fixtures(store),
  }));
}
