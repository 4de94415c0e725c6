import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { State } from '../../core/state.ts';
import type { WireRequest } from '../../wire.ts';
import { awsOf, type Credentials } from './state.ts';
import type { Unmodelled } from './unmodelled.ts';

/** What an Authorization header says. Nothing of it is proven. */
export interface Claim {
  readonly accessKeyId: string;
  /** YYYYMMDD. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** One signed request and all that is known about its signature. */
export interface SignatureAttempt {
  readonly request: WireRequest;
  /** Every value of the Authorization header. */
  readonly authorization: readonly string[];
  /** Undefined when there is none, or none that can be read. */
  readonly claim: Claim | undefined;
  readonly credentials: Credentials | undefined;
  readonly amzDate: string | undefined;
  readonly contentSha256: string | undefined;
  readonly securityToken: string | undefined;
  /** What the signature has to be; undefined when nobody's key is named. */
  readonly expected: string | undefined;
  readonly now: number;
  readonly region: string;
}

/** As `Check`, before any operation is reached. */
export type SignatureCheck = (attempt: SignatureAttempt) => Unmodelled | undefined;

export const signatureReading = {
  'read-authorization': (text: string): Claim | undefined => {
    const [, list] = /^AWS4-HMAC-SHA256 (.+)$/.exec(text) ?? [];
    const parts = (list ?? '').split(',').map((part) => part.trim());
    const value = (name: string): string | undefined =>
      parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
    const [, accessKeyId, date, region, service, terminator] =
      credentialScope.exec(value('Credential') ?? '') ?? [];
    const signedHeaders = value('SignedHeaders') ?? '';
    const signature = value('Signature') ?? '';
    if (parts.length !== 3 || !headerNames.test(signedHeaders) || !/^[0-9a-f]{64}$/.test(signature))
      return undefined;
    if (!accessKeyId || !date || !region || !service || !terminator) return undefined;
    return {
      accessKeyId,
      date,
      region,
      service,
      terminator,
      signedHeaders: signedHeaders.split(';'),
      signature,
    };
  },

  'find-credentials': (state: State, accessKeyId: string): Credentials | undefined =>
    awsOf(state).credentials.get(accessKeyId),

  /** Of this request by this secret, for the scope and the headers that the claim names. */
  'expected-signature': async (
    request: WireRequest,
    claim: Claim,
    secretAccessKey: string,
    amzDate: string,
  ): Promise<string> => {
    const signer = new ClaimedSigner(claim, secretAccessKey, amzDate);
    const { headers } = await signer.sign(
      {
        method: request.method,
        protocol: 'http:',
        hostname: '',
        path: request.path,
        query: queryOf(request),
        headers: signableHeaders(request, claim),
      },
      { signableHeaders: new Set(claim.signedHeaders), unsignableHeaders: new Set(addedByTheSigner) },
    );
    return /Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '')?.[1] ?? '';
  },
};

const credentialScope = /^([\w-]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/([\w-]+)$/;
const headerNames = /^[a-z0-9!#$%&'*+.^_`|~-]+(?:;[a-z0-9!#$%&'*+.^_`|~-]+)*$/;
const addedByTheSigner = ['x-amz-date', 'x-amz-content-sha256'];

/** Signs with the dates that the request names, which are checked on their own. */
class ClaimedSigner extends SignatureV4 {
  readonly #dates: { readonly longDate: string; readonly shortDate: string };

  constructor({ accessKeyId, date, region, service }: Claim, secretAccessKey: string, amzDate: string) {
    super({
      credentials: { accessKeyId, secretAccessKey },
      region,
      service,
      sha256: Sha256,
      applyChecksum: false,
    });
    this.#dates = { longDate: amzDate, shortDate: date };
  }

  protected override formatDate(): { longDate: string; shortDate: string } {
    return this.#dates;
  }
}

/** The signer takes the hash of the body from its header, which need not be a signed one. */
function signableHeaders(request: WireRequest, { signedHeaders }: Claim): Record<string, string> {
  const signed = signedHeaders.map((name) => [name, headerOf(request, name) ?? ''] as const);
  const hash = headerOf(request, 'x-amz-content-sha256') ?? request.bodyHash;
  return Object.fromEntries([...signed, ['x-amz-content-sha256', hash]]);
}

const queryOf = ({ query }: WireRequest): Record<string, string[]> =>
  Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)]));

/** Whether it claims to be: nothing is verified. */
export const isSigned = ({ headers }: Pick<WireRequest, 'headers'>): boolean =>
  headers.get('authorization')?.[0]?.startsWith('AWS4-') === true;

export const headerOf = ({ headers }: WireRequest, name: string): string | undefined =>
  headers.get(name)?.join(',');

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
