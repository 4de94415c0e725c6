/**
 * What is secret and what is not, by the name under which it travels: the one table of both, for members of JSON,
 * parameters of forms and URLs, and headers. Names stand here in camelCase, whatever a dialect makes of them. What
 * stands in neither half is shown nowhere and looked for nowhere: a name that nobody foresaw cannot leak.
 */

/** What kind of secret a value is: the name under which it travels, in one spelling. */
export type SecretKind = string;

/** Which way a message went: what we made up ourselves is no secret, and what came may be an error code. */
export type Direction = 'sent' | 'received';

const words = (...lines: readonly string[]): ReadonlySet<string> => new Set(lines.join(' ').split(' '));

/** Kinds whose values are secrets by contract: they are looked for wherever else they may turn up. */
export const secretKinds: ReadonlySet<SecretKind> = words(
  // RFC 6749 §2.3.1, §4.1, §4.3, §5.1; RFC 7636 §4.1; RFC 8628 §3.2; RFC 7009 §2.1; RFC 7662 §2.1
  'clientSecret code password accessToken refreshToken codeVerifier deviceCode userCode token',
  // RFC 7521 §4; RFC 8693 §2.1; OpenID Connect Core §3.1.2.1, §3.1.3.3; Back-Channel Logout §2.5; CIBA §7.3
  'assertion clientAssertion subjectToken actorToken idToken idTokenHint logoutToken authReqId samlResponse jwt',
  // RFC 7591 §3, §3.2.1; RFC 7592
  'registrationAccessToken initialAccessToken',
  // The secret half of a Basic pair where its spelling in a form is another one (RFC 6749 §2.3.1).
  'authorization clientSecretEncoded',
  // Whatever of a JWK is its owner's alone: see `keyPart`.
  'privateKey',
  // What opens the way to a target: a header of its gateway, the password of a proxy.
  'gatewayHeader proxyPassword',
  // AWS
  'secretAccessKey sessionToken identityContext',
);

/**
 * Names whose values may stay in a report: nothing that they hold by contract is secret. Every other
 * string is replaced, so that a member nobody foresaw cannot leak.
 */
const harmless = words(
  'clientId clientIdIssuedAt clientSecretExpiresAt clientName clientType grantType grantTypes redirectUri',
  'redirectUris scope scopes issuerUrl startUrl entitledApplicationArn tokenType expiresIn interval',
  'issuedTokenType subjectTokenType requestedTokenType actorTokenType clientAssertionType tokenTypeHint',
  'verificationUri verificationUriComplete error error_description error_uri reason endpoint region',
  'message Message __type responseType responseTypes responseMode state codeChallengeMethod awsIam',
  // RFC 8707 §2, RFC 8693 §2.1; RFC 9207 §2
  'resource audience iss',
  // RFC 7591 §2, §3.2.1; OpenID Connect Registration §2
  'registrationClientUri tokenEndpointAuthMethod tokenEndpointAuthSigningAlg applicationType subjectType',
  'jwksUri clientUri logoUri policyUri tosUri sectorIdentifierUri softwareId softwareVersion defaultMaxAge',
  'requireAuthTime idTokenSignedResponseAlg idTokenEncryptedResponseAlg idTokenEncryptedResponseEnc',
  'userinfoSignedResponseAlg requestObjectSigningAlg',
  // RFC 8414 §2, RFC 8628 §4, RFC 9126 §5; OpenID Connect Discovery §3
  'issuer authorizationEndpoint tokenEndpoint deviceAuthorizationEndpoint registrationEndpoint',
  'introspectionEndpoint revocationEndpoint pushedAuthorizationRequestEndpoint userinfoEndpoint',
  'endSessionEndpoint serviceDocumentation opPolicyUri opTosUri scopesSupported responseTypesSupported',
  'responseModesSupported grantTypesSupported tokenEndpointAuthMethodsSupported',
  'tokenEndpointAuthSigningAlgValuesSupported revocationEndpointAuthMethodsSupported',
  'introspectionEndpointAuthMethodsSupported codeChallengeMethodsSupported uiLocalesSupported',
  'acrValuesSupported subjectTypesSupported idTokenSigningAlgValuesSupported claimsSupported',
  'claimTypesSupported dpopSigningAlgValuesSupported promptValuesSupported',
  'authorizationResponseIssParameterSupported',
);

/** Harmless members that hold prose: anything may have slipped into it. */
const prose = words('error error_description error_uri message Message reason __type');

/** Harmless members that hold a URL whose parameters are redacted one by one: one of them stands for a secret. */
const urls = words('verificationUriComplete registrationClientUri');

/**
 * The members of a JWK, which are letters that mean something else elsewhere: RFC 7517 §4; RFC 7518 §6.2 (EC), §6.3
 * (RSA, with `r` and `t` of its other primes), §6.4 (oct); RFC 8037 §2 (OKP); RFC 9964 §3 (AKP).
 */
const keyParts = {
  public: new Set('kty use key_ops alg kid x5u x5c x5t x5t#S256 crv x y n e pub'.split(' ')),
  private: new Set('d p q dp dq qi r t k priv'.split(' ')),
};

/** What a member of a JWK is; undefined for one that no JWK has. */
export function keyPart(name: string | undefined): 'public' | 'private' | undefined {
  if (name === undefined) return undefined;
  return keyParts.public.has(name) ? 'public' : keyParts.private.has(name) ? 'private' : undefined;
}

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

export const isUrl = (name: string): boolean => urls.has(camel(name));

/** Whether a member of this name, or of one like it, holds a secret by contract. */
export const isSecret = (name: string): boolean => secretKinds.has(camel(name));

/**
 * Whether a value under this name is hidden in a text: a secret, or the session of a servlet or of PHP, which stands in
 * the path or the query of those who take no cookies and is no secret of the contract.
 */
export const isHidden = (name: string): boolean => isSecret(name) || /^(?:jsessionid|phpsessid)$/i.test(name);

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

/** What a header holds, by its name in lower case: what authenticates, whole or after a scheme; cookies; URLs. */
export function headerKind(name: string): 'authorization' | 'secret' | 'cookie' | 'url' | 'text' {
  if (/(?:^|-)authorization$/.test(name)) return 'authorization';
  if (name === 'cookie' || name === 'set-cookie') return 'cookie';
  if (/^(?:location|content-location|link|refresh|referer)$/.test(name)) return 'url';
  const endsSecret = /^dpop$|(?:^|-)(?:token|secret|password|assertion|credential|api-?key)$/.test(name);
  return endsSecret || isSecret(name) ? 'secret' : 'text';
}

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
