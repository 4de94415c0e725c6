import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { parse } from 'node:querystring';

/**
 * What an HTTP server around a library needs that is no business of the library.
 *
 * @typedef {{ method: string, url: URL, headers: Record<string, string>, text: string }} Asked
 * @typedef {{ status: number, headers?: Record<string, string>, body?: unknown }} Answer
 * @typedef {(asked: Asked) => Answer | Promise<Answer>} Handler
 * @typedef {{ issuer: string, fixtures?: string, close: () => Promise<void> }} Server
 */

/**
 * Listens on this machine and answers each method and path, such as `POST /token`, by its handler; anything else with
 * 404.
 *
 * @param {number} port 0 takes a free one
 * @param {(issuer: string) => Record<string, Handler>} handlersFor
 * @returns {Promise<Server>}
 */
export async function serve(port, handlersFor) {
  /** @type {Record<string, Handler>} */
  let handlers = {};
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const asked = {
      method: request.method ?? 'GET',
      url,
      headers: /** @type {Record<string, string>} */ (request.headers),
      text: Buffer.concat(chunks).toString(),
    };
    const answer = await Promise.resolve(
      handlers[`${asked.method} ${url.pathname}`]?.(asked) ?? { status: 404 },
    ).catch((error) => ({
      status: 500,
      headers: {},
      body: { error: 'server_error', error_description: String(error) },
    }));
    const { status, headers = {}, body } = answer;
    // One of them, whatever case a library writes its name in.
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (body !== undefined && !response.hasHeader('content-type'))
      response.setHeader('Content-Type', 'application/json');
    response.writeHead(status);
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const issuer = `http://127.0.0.1:${address.port}`;
  handlers = handlersFor(issuer);
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The members of a form as the body parser of Express has them: a list where a name comes more than once. */
export const formOf = (/** @type {string} */ text) => ({ ...parse(text) });

/**
 * What a server around one of the libraries says of itself (RFC 8414).
 *
 * @param {string} issuer
 * @param {readonly string[]} scopes
 * @param {Record<string, unknown>} [more]
 * @returns {Record<string, Handler>}
 */
export const metadata = (issuer, scopes, more = {}) => ({
  'GET /.well-known/oauth-authorization-server': () => ({
    status: 200,
    body: {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: scopes,
      ...more,
    },
  }),
});

export const newSecret = () => randomBytes(24).toString('base64url');

/**
 * A fixture service over what the server stores: a client for whoever asks, and the end of what it issued.
 *
 * @param {{
 *   newClient: (wishes: { grantTypes: string[], redirectUris: string[], isPublic: boolean }) =>
 *     { clientId: string, clientSecret?: string },
 *   expire: Record<string, (value: string) => boolean>,
 * }} store
 * @returns {Record<string, Handler>}
 */
export function fixtures({ newClient, expire }) {
  return {
    'POST /_fixtures/client': ({ text }) => {
      const { auth, grantTypes = [], redirectUris = [] } = JSON.parse(text);
      const isPublic = auth === 'none';
      if (!isPublic && !['secret', 'client_secret_basic', 'client_secret_post'].includes(auth))
        return { status: 501 };
      return { status: 200, body: newClient({ grantTypes, redirectUris, isPublic }) };
    },
    'POST /_fixtures/expire': ({ text }) => {
      const { kind, value } = JSON.parse(text);
      const done = expire[kind]?.(value);
      if (done === undefined) return { status: 501 };
      return done
        ? { status: 200, body: {} }
        : { status: 400, body: { message: `there is no such ${kind}` } };
    },
  };
}
