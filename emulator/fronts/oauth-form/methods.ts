/** How a client says who it is: the names of RFC 7591 and of OpenID Connect Core section 9. */
export const authMethods = [
  'client_secret_basic',
  'client_secret_post',
  'none',
  'private_key_jwt',
  'client_secret_jwt',
] as const;

export type AuthMethod = (typeof authMethods)[number];

/** Those that need a secret. */
export const secretMethods: readonly AuthMethod[] = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
];

/** The algorithms of an assertion by method, as the metadata lists them. */
export const assertionAlgorithms: Readonly<Partial<Record<AuthMethod, readonly string[]>>> = {
  private_key_jwt: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
  client_secret_jwt: ['HS256', 'HS384', 'HS512'],
};
