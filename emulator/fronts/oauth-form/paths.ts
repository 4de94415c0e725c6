import type { State } from '../../core/state.ts';
import type { WireRequest } from '../../wire.ts';
import { oauthOf } from './state.ts';

/** Everything of this front lies below it: AWS has the paths without. */
export const basePath = '/oauth2';

export const paths = {
  token: `${basePath}/token`,
  device_authorization: `${basePath}/device_authorization`,
  register: `${basePath}/register`,
  authorization: `${basePath}/authorize`,
  jwks: `${basePath}/jwks`,
  userinfo: `${basePath}/userinfo`,
  introspection: `${basePath}/introspect`,
  revocation: `${basePath}/revoke`,
  device: `${basePath}/device`,
  fixtures: `${basePath}/_fixtures`,
} as const;

export type EndpointName = keyof typeof paths;

/** RFC 8414 section 3 puts the path of the issuer last, OpenID Connect Discovery first: each is found both ways. */
export const metadataPaths: ReadonlySet<string> = new Set(
  ['openid-configuration', 'oauth-authorization-server'].flatMap((name) => [
    `${basePath}/.well-known/${name}`,
    `/.well-known/${name}${basePath}`,
  ]),
);

/** Whether a request is for this front. */
export const isOfOAuth = (path: string): boolean =>
  path === basePath || path.startsWith(`${basePath}/`) || metadataPaths.has(path);

/** Where an endpoint is, for whoever knows this issuer. */
export const endpointOf = (issuer: string, name: EndpointName): string =>
  issuer + paths[name].slice(basePath.length);

/** By what names this server goes. */
export const naming = {
  /** As the one who asks reaches this front, so that it may stand behind a mapped port. */
  issuer: (state: State, { headers }: Pick<WireRequest, 'headers'>): string => {
    const [host = ''] = headers.get('host') ?? [];
    const named = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(host);
    return (named ? `http://${host}` : oauthOf(state).origin) + basePath;
  },

  /** The names under which an assertion may address this server; the last one is that of the fixture service. */
  'accepted-audiences': (state: State, issuer: string, endpoint: EndpointName): readonly string[] => [
    issuer,
    endpointOf(issuer, 'token'),
    endpointOf(issuer, endpoint),
    oauthOf(state).origin + basePath,
  ],
};
