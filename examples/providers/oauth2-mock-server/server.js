import { OAuth2Server } from 'oauth2-mock-server';

/**
 * oauth2-mock-server as its README starts it.
 *
 * @param {number} [port]
 */
export async function start(port = 0) {
  const server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  await server.start(port, '127.0.0.1');
  const issuer = /** @type {string} */ (server.issuer.url);
  return { issuer, close: () => server.stop() };
}
