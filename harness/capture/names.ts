/**
 * What is secret and what is not, by the name under which it travels: the one table of both. Names stand here in
 * camelCase, whatever a dialect makes of them.
 */

/** What kind of secret a value is: the name under which it travels, in one spelling. */
export type SecretKind = string;

const words = (...lines: readonly string[]): ReadonlySet<string> => new Set(lines.join(' ').split(' '));

/** Kinds whose values are secrets by contract: they are looked for wherever else they may turn up. */
export const secretKinds: ReadonlySet<SecretKind> = words(
  'clientSecret code deviceCode userCode refreshToken accessToken idToken codeVerifier assertion subjectToken',
  'actorToken clientAssertion password authorization secretAccessKey sessionToken jwt',
  'registrationAccessToken token samlResponse identityContext',
);

/**
 * Members whose text may stay in a report: nothing that they hold by contract is secret. Every other
 * string is replaced, so that a member nobody foresaw cannot leak.
 */
const harmless = words(
  'clientId clientIdIssuedAt clientSecretExpiresAt clientName clientType grantType grantTypes redirectUri',
  'redirectUris scope scopes issuerUrl startUrl entitledApplicationArn tokenType expiresIn interval',
  'issuedTokenType subjectTokenType requestedTokenType verificationUri verificationUriComplete',
  'authorizationEndpoint tokenEndpoint error error_description error_uri reason endpoint region',
  'message Message __type responseType state codeChallengeMethod awsIam',
);

/** Harmless members that hold prose: anything may have slipped into it. */
const prose = words('error error_description error_uri message Message reason __type');

/** Values that everybody knows and that no contract of ours names. */
const constants = words('bearer dpop n_a s256 plain public confidential code none basic');

const urns =
  /^urn:ietf:params:oauth:(?:token-type:(?:access_token|refresh_token|id_token|jwt|saml[12])|grant-type:(?:device_code|jwt-bearer|token-exchange|saml2-bearer))$/i;

/** Whether a value is a constant of the standards, in whatever case. */
export const isConstant = (value: string): boolean => constants.has(value.toLowerCase()) || urns.test(value);

/** Whether what a member of this name holds may be shown. */
export const isHarmless = (name: string | undefined): boolean =>
  name !== undefined && harmless.has(camel(name));

export const isProse = (name: string): boolean => prose.has(camel(name));

/** Whether a member of this name, or of one like it, holds a secret by contract. */
export const isSecret = (name: string): boolean => secretKinds.has(camel(name));

/** Whether the name itself is one that the contract or this table knows, so that it gives nothing away. */
export const isKnownName = (name: string): boolean => isHarmless(name) || isSecret(name);

/** The name of a member as the kind of a mark. */
export function kindOf(name: string | undefined): SecretKind {
  const kind = camel(name ?? '');
  return /^[A-Za-z][\w-]{0,40}$/.test(kind) ? kind : 'member';
}

/** Only a number under a token's name can be a token. */
export const mayHoldToken = (name: string | undefined): boolean =>
  /token|secret|code|verifier|assertion|password/i.test(name ?? '');

const bare = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');

/** The names of this table by what they are in any case. */
const spellings: ReadonlyMap<string, string> = new Map(
  [...harmless, ...secretKinds].map((name) => [bare(name), name]),
);

/** `client_id` and `clientId` are one name; the two of RFC 6749 §5.2 are spelt the same everywhere. */
export function camel(name: string): string {
  const before = known.get(name);
  if (before !== undefined) return before;
  const spelt = /^error_|^__/.test(name)
    ? name
    : name.replace(/[_-]([a-z])/g, (_, letter: string) => letter.toUpperCase());
  // Whoever writes `TokenType` or `GRANT_TYPE` means the same.
  const isSpeltRight = harmless.has(spelt) || secretKinds.has(spelt);
  const after = isSpeltRight ? spelt : (spellings.get(bare(name)) ?? spelt);
  if (known.size < 500) known.set(name, after);
  return after;
}

/** The same few names come with every message; what a target makes up is not kept for long. */
const known = new Map<string, string>();
