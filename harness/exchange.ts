import { headerOf } from '../targets/transport/headers.ts';
import type { FailureKind } from '../targets/transport/transport.ts';

/** How suites read a captured response. */
export { headerOf };

/** Headers as they were on the wire: spelling, order and repeats kept, secrets replaced by marks. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** The part that a request plays in its case. The judge finds an exchange by it. */
export type Step = string;

/** The step of requests that are sent at the same time. */
export const raceStep = 'race';

/** What the step of a generated request that is kept for the shape of its answer begins with. */
export const shapeStep = 'shape: ';

/** One request and its response as they were on the wire, redacted when captured. */
export interface Exchange {
  readonly step: Step;
  /** How often its case was tried before, where it came out otherwise each time; absent for the first time. */
  readonly turn?: number;
  /** The operation that the request addresses; absent when it addresses none (a GET, say). */
  readonly operation?: string;
  /** The grant type that the request names, as sent. */
  readonly grant?: string;
  /** The exception that the fixture service was asked to answer this request with. */
  readonly fault?: string;
  /** Seconds by which the clock fixture had moved the target's clock ahead. */
  readonly clockAdvanced?: number;
  /** What was derived from the JWTs of the response. */
  readonly jwts?: readonly JwtFacts[];
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Headers;
    readonly body?: string;
    /** Set where the bytes sent are not valid UTF-8. */
    readonly utf8?: false;
  };
  readonly response?: {
    readonly status: number;
    readonly headers: Headers;
    readonly body: string;
    /** Bytes of the body as received, before redaction. */
    readonly bytes: number;
    /** False when the bytes received are not valid UTF-8. */
    readonly utf8: boolean;
    /** True when only the beginning of the body was kept, as older versions did. */
    readonly cut: boolean;
    /** Why the body was neither read nor kept; absent where it was. */
    readonly unread?: string;
    /** Whether the body was in the coding that Content-Encoding names; absent where it names none. */
    readonly coding?: 'decoded' | 'wrong';
  };
  readonly failure?: { readonly kind: FailureKind; readonly message: string };
  readonly attempts: number;
  /** Unix time in milliseconds at which the request was sent. */
  readonly startedAt: number;
  readonly durationMs: number;
}

/** What was derived on the spot from secret values that the report does not hold. */
export interface Sample {
  readonly step: Step;
  /** What the values are: `accessToken`, `refreshToken`, `code` … */
  readonly kind: string;
  readonly count: number;
  readonly distinct: number;
  /** Estimated unpredictable bits of a value: the lowest that the sample supports. */
  readonly bits: number;
}

/** What may be known of a JWT that a report does not hold. */
export interface JwtFacts {
  /** The member of the response that held it. */
  readonly member: string;
  /** Parts between dots: 3 for a JWS, 5 for a JWE. */
  readonly parts: number;
  readonly header?: Readonly<Record<string, unknown>>;
  /** The claims; long strings are replaced by marks. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Names that occur twice in the header or in the claims. */
  readonly repeated: readonly string[];
  /** Whether the hashes that the claims give of the token and the code issued or sent with it are right. */
  readonly hashes?: Readonly<Record<'at_hash' | 'c_hash', boolean | undefined>>;
  /** How many keys the issuer publishes, where that is known, and whether the header names one of them. */
  readonly keys?: {
    readonly count: number;
    readonly named: boolean;
    /** Of the key that is named, or of the only one; absent where its type has no sizes. */
    readonly bits?: number;
  };
  /** `unchecked` when no keys of the issuer are known. */
  readonly signature: 'valid' | 'invalid' | 'unchecked';
}

/** The credentials that a captured request has in an Authorization header, as they are spelt there (RFC 6749 §2.3.1). */
export function basicOf({ request }: Exchange): {
  readonly client_id?: string;
  readonly client_secret?: string;
} {
  const [, pair = ''] = /^basic (.*)$/i.exec(headerOf(request.headers, 'authorization') ?? '') ?? [];
  const at = pair.indexOf(':');
  return at < 0 ? {} : { client_id: pair.slice(0, at), client_secret: pair.slice(at + 1) };
}
