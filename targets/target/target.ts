import type { JsonWebKey } from 'node:crypto';
import type { DialectName } from '../../specs/read.ts';
import type { Credentials } from '../authentication/aws-signature.ts';
import { UserError } from '../problem.ts';
import type { TlsMaterial } from '../transport/dispatcher.ts';

export type FixtureVerb =
  | 'client'
  | 'authorization-code'
  | 'device-decision'
  | 'refresh-token'
  | 'expire'
  | 'fault'
  | 'clock'
  | 'assertion'
  | 'subject-token'
  | 'credentials';

/** Something that the target cannot offer, and why. */
export interface Limit {
  readonly reason: string;
  /** A verb of the fixture service, or the keys that ID tokens are verified with. */
  readonly fixture?: FixtureVerb | 'jwks';
  /** The one part of the fixture that is meant (`fixtureParts` in `limits.ts`); the whole of it when absent. */
  readonly without?: string;
  readonly grant?: string;
  readonly operation?: string;
  /** How clients are not authenticated here. */
  readonly method?: RegisteredMethod;
  /** Who says so where it is not the target file. */
  readonly by?: 'metadata';
}

/** How clients of a server of the standards are authenticated, by the names of RFC 7591 and OpenID Connect. */
export type RegisteredMethod =
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'none'
  | 'private_key_jwt'
  | 'client_secret_jwt';

/** A client registered by hand. */
export interface DeclaredClient {
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Of a client of AWS. */
  readonly auth?: 'secret' | 'iam';
  /** Of any other client; `readTarget` puts in what RFC 7591 has where a file says nothing. */
  readonly authMethod?: RegisteredMethod;
  /** The private JWK of `private_key_jwt`. */
  readonly key?: JsonWebKey & { readonly kid?: string; readonly alg?: string };
  readonly grantTypes?: readonly string[];
  readonly redirectUris?: readonly string[];
}

/** A user of the server, for its own pages. */
export interface Login {
  readonly username: string;
  readonly password: string;
  /** Declares that the server takes both at the token endpoint as well: the grant `password` (RFC 6749 §4.3). */
  readonly passwordGrant?: boolean;
  /** What else its pages ask for, by the name or the label of a field. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** The endpoint under test, as its target file describes it. */
export interface Target {
  readonly name: string;
  readonly dialect: DialectName;
  /** The base URL, or one URL per operation: of a server of the standards those that are known so far. */
  readonly endpoint: string | Readonly<Record<string, string>>;
  /** A server of the standards, whose metadata has the other endpoints. */
  readonly issuer?: string;
  readonly region?: string;
  readonly fips?: boolean;
  readonly dualstack?: boolean;
  readonly profile?: string;
  /** URL of the JWK Set that ID tokens are verified with. */
  readonly jwks?: string;
  /** What signed operations are signed with; else the fixture provider or the AWS chain is asked. */
  readonly credentials?: Credentials;
  /** URL of an HTTP service, absolute path of a module, or a command. */
  readonly fixtures?: string | { readonly command: readonly string[]; readonly cwd?: string };
  readonly limits: readonly Limit[];
  readonly clients?: Readonly<Record<string, DeclaredClient>>;
  readonly login?: Login;
  /** How clients authenticate where a case wishes nothing else; what its dialect says where the metadata says nothing. */
  readonly usualMethod?: RegisteredMethod;
  readonly scopes: readonly string[];
  /** A resource that a server of the standards issues tokens for, as RFC 8707 §2 names one. */
  readonly resource?: string;
  readonly startUrl: string;
  /** Seconds that a response may take. */
  readonly timeoutSeconds: number;
  readonly timeouts?: Timeouts;
  /** What its TLS endpoints are reached with; in a target file the paths of the files. */
  readonly tls?: TlsMaterial;
  /** Headers that go with every request to its `origins`, where a request has none of that name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The origins that its file names. */
  readonly origins?: readonly string[];
  /** Requests a second that may go to it. */
  readonly rate?: number;
  /** Cases that may run at the same time. */
  readonly concurrency?: number;
}

/** Times beside that of an answer. */
export interface Timeouts {
  /** Seconds that a connection may take, TLS included; as long as an answer when it is not said. */
  readonly connectSeconds?: number;
  /** Seconds after which a case sends no further request; no end when it is not said. */
  readonly caseSeconds?: number;
}

/** RFC 9700 §2.4 forbids it, so that nobody is asked for it who does not say that it is there. */
const undeclared: Limit = {
  grant: 'password',
  reason: 'the target file does not declare the grant "password"',
};

/** What a target cannot offer: its limits, and what it would have to declare and does not. */
export function limitsOf({
  dialect,
  limits = [],
  login,
}: Pick<Target, 'dialect'> & Partial<Pick<Target, 'limits' | 'login'>>): readonly Limit[] {
  const isKnown = dialect === 'aws-json' || login?.passwordGrant === true;
  return isKnown || limits.some(({ grant }) => grant === undeclared.grant) ? limits : [...limits, undeclared];
}

/** Cases under way at once: enough to hide latency, few enough for an emulator on a laptop. */
const usualConcurrency = 96;

/** How many cases run at the same time: at a rate no more than it lets through in a second, so that no code grows old waiting. */
export const concurrencyOf = ({ rate, concurrency }: Pick<Target, 'rate' | 'concurrency'>): number =>
  concurrency ?? Math.min(usualConcurrency, Math.ceil(rate ?? usualConcurrency));

const common = {
  startUrl: 'https://token-conformance.awsapps.com/start',
  timeoutSeconds: 10,
} as const;

/** What a target has whose file does not say it. */
export function defaultsOf(
  dialect: DialectName,
  profile?: string,
): Pick<Target, 'dialect' | 'limits' | 'scopes' | 'startUrl' | 'timeoutSeconds'> {
  const limits = limitsOf({ dialect });
  if (dialect === 'aws-json') return { ...common, dialect, limits, scopes: ['sso:account:access'] };
  // Which scopes there are only the server knows, but for the one that makes a request one of OpenID Connect.
  return { ...common, dialect, limits, scopes: isOfOpenId({ profile }) ? ['openid'] : [] };
}

/** Whether a target says of itself that it is an OpenID provider. */
export const isOfOpenId = ({ profile }: { readonly profile?: string | undefined }): boolean =>
  profile === 'oidc';

/** Whether clients of a target find it by its metadata alone, and name the resource that they want a token for. */
export const isOfMcp = ({ profile }: { readonly profile?: string | undefined }): boolean => profile === 'mcp';

/** A target of which nothing but its base URL is known. */
export function targetAt(endpoint: string, name = endpoint): Target {
  checkUrl(endpoint, 'Give the base URL, such as https://oidc.us-east-1.amazonaws.com');
  return { ...defaultsOf('aws-json'), name, endpoint };
}

/** A server of the standards of which nothing but its issuer is known. */
export function targetOfIssuer(issuer: string, profile: string, name = issuer): Target {
  checkUrl(issuer, 'Give the issuer as its metadata has it, such as https://id.example.com');
  return { ...defaultsOf('oauth-form', profile), name, profile, issuer, endpoint: {} };
}

function checkUrl(url: string, advice: string): void {
  if (!/^https?:\/\/[^\s?#]+$/.test(url) || !URL.canParse(url))
    throw new UserError(`"${url}" is not an http or https URL. ${advice}`);
}

/** The URL of an operation. */
export function endpointOf(target: Target, operation: string, path: string): string {
  if (typeof target.endpoint === 'string') return target.endpoint.replace(/\/+$/, '') + path;
  const url = target.endpoint[operation];
  if (url === undefined)
    throw new UserError(`${target.name}: the target file gives no endpoint for ${operation}`);
  return url;
}

export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}
