import { createServer } from 'node:http';
import Provider from 'oidc-provider';

/**
 * Keeps everything in memory, and forgets nothing: the store of the quick start keeps a thousand entries, so that clients
 * are forgotten while they are in use.
 */
function memory() {
  const entries = new Map();
  return class {
    constructor(name) {
      this.name = name;
    }
    entry = (id) => `${this.name} ${id}`;
    by = async (member, value) =>
      [...entries].find(([key, one]) => key.startsWith(`${this.name} `) && one[member] === value)?.[1];
    find = async (id) => entries.get(this.entry(id));
    findByUid = (uid) => this.by('uid', uid);
    findByUserCode = (userCode) => this.by('userCode', userCode);
    upsert = async (id, payload) => void entries.set(this.entry(id), payload);
    consume = async (id) => {
      entries.get(this.entry(id)).consumed = Math.floor(Date.now() / 1_000);
    };
    destroy = async (id) => void entries.delete(this.entry(id));
    revokeByGrantId = async (grantId) => {
      for (const [key, one] of entries) if (one.grantId === grantId) entries.delete(key);
    };
  };
}

/**
 * oidc-provider with its defaults, and with what it has switched off: registration, devices, client credentials,
 * introspection and revocation. Users sign in with any password, on its development pages.
 *
 * @param {number} [port]
 */
export async function start(port = 0) {
  const server = createServer();
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const issuer = `http://127.0.0.1:${address.port}`;
  const on = { enabled: true };
  const provider = new Provider(issuer, {
    adapter: memory(),
    features: {
      registration: on,
      deviceFlow: on,
      clientCredentials: on,
      introspection: on,
      revocation: on,
    },
  });
  server.on('request', provider.callback());
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}
