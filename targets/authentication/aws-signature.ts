import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { WireRequest } from '../transport/transport.ts';

/** AWS credentials; the session token belongs to temporary ones. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The name under which IAM Identity Center OIDC is signed for (service model 2019-06-10). */
export const signingName = 'sso-oauth';

/** The date in `X-Amz-Date` and in the string to sign, and the one in the credential scope. */
export interface WrittenDates {
  /** `20261121T101500Z`. */
  readonly longDate: string;
  /** `20261121`. */
  readonly shortDate: string;
}

/** How a signature differs from a right one. */
export interface SigningChange {
  /** Leaves the signature out. */
  readonly none?: true;
  /** In place of the credentials of the target. */
  readonly credentials?: Credentials;
  readonly region?: string;
  readonly service?: string;
  /** Headers that the signature leaves out. */
  readonly unsigned?: readonly string[];
  /** By how many seconds the date of the signature is off. */
  readonly skewSeconds?: number;
  /** How the signature writes its date. */
  readonly written?: (dates: WrittenDates) => WrittenDates;
  /** Changes the request after it was signed. */
  readonly tamper?: (signed: WireRequest) => WireRequest;
}

export interface Signing {
  readonly credentials: Credentials;
  readonly region: string;
  readonly service?: string;
  /** Headers that are not signed, by their names in lower case. */
  readonly unsigned?: readonly string[];
  /** The time that the signature claims. */
  readonly date: Date;
  /** Changes how the signature writes that time. */
  readonly written?: (dates: WrittenDates) => WrittenDates;
}

/** Adds an AWS Signature Version 4 to a request: `Authorization`, `X-Amz-Date` and what belongs to them. */
export async function sign(
  wire: WireRequest,
  { credentials, region, service = signingName, unsigned = [], date, written = (dates) => dates }: Signing,
): Promise<WireRequest> {
  const url = new URL(wire.url);
  const signer = new Signer(credentials, region, service, written);
  const headers = Object.fromEntries(wire.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const signed = await signer.sign(
    {
      method: wire.method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port !== '' && { port: Number(url.port) }),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      body: wire.body ?? '',
    },
    { signingDate: date, unsignableHeaders: new Set(['user-agent', ...unsigned]) },
  );
  return { ...wire, headers: Object.entries(signed.headers).filter(([name]) => name !== 'host') };
}

class Signer extends SignatureV4 {
  readonly #written: (dates: WrittenDates) => WrittenDates;

  constructor(
    credentials: Credentials,
    region: string,
    service: string,
    written: (dates: WrittenDates) => WrittenDates,
  ) {
    super({ credentials, region, service, sha256: Sha256 });
    this.#written = written;
  }

  protected override formatDate(now: Parameters<SignatureV4['formatDate']>[0]): WrittenDates {
    return this.#written(super.formatDate(now));
  }
}

/** SHA-256, or its HMAC. Where `createHmac` is given bytes and not a key, it takes five times as long. */
class Sha256 {
  readonly #start: () => ReturnType<typeof createHash | typeof createHmac>;
  #hash: ReturnType<typeof createHash | typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    if (secret === undefined) this.#start = () => createHash('sha256');
    else {
      const key = createSecretKey(Buffer.from(secret as Uint8Array));
      this.#start = () => createHmac('sha256', key);
    }
    this.#hash = this.#start();
  }

  reset() {
    this.#hash = this.#start();
  }

  update(bytes: Uint8Array) {
    this.#hash.update(bytes);
  }

  async digest() {
    return this.#hash.digest();
  }
}
