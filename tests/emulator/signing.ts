import { createHash, createHmac } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';

/** What signs a request, as the `credentials` fixture gives it. */
export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Everything about a signature that a test may get wrong on purpose. */
export interface Signing {
  /** Milliseconds since the epoch. */
  readonly at?: number;
  /** In place of the time above. */
  readonly amzDate?: string;
  readonly scopeDate?: string;
  readonly region?: string;
  readonly service?: string;
  readonly terminator?: string;
  /** Sent, and signed unless `unsigned` names them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly unsigned?: readonly string[];
  /** What is said to be the hash of the body; none is said by default. */
  readonly contentSha256?: string;
  /** The last word on the headers that are sent. */
  readonly finally?: (headers: Record<string, string>) => Record<string, string | string[]>;
}

/**
 * The headers of a request signed with Signature Version 4, straight from its description: a second
 * reading of it, so that the emulator does not only agree with the library that it verifies with.
 */
export function signedHeaders(
  url: string,
  body: string | Buffer,
  signer: Signer,
  signing: Signing = {},
): OutgoingHttpHeaders {
  const { host, pathname, searchParams } = new URL(url);
  const amzDate = signing.amzDate ?? basic(signing.at ?? Date.now());
  const date = signing.scopeDate ?? amzDate.slice(0, 8);
  const { region = 'us-east-1', service = 'sso-oauth', terminator = 'aws4_request' } = signing;
  const hash = signing.contentSha256 ?? sha256(body);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    host,
    'x-amz-date': amzDate,
    ...(signing.contentSha256 !== undefined && { 'x-amz-content-sha256': hash }),
    ...(signer.sessionToken !== undefined && { 'x-amz-security-token': signer.sessionToken }),
    ...signing.headers,
  };
  const names = Object.keys(headers)
    .filter((name) => !signing.unsigned?.includes(name))
    .sort();
  const query = [...searchParams].map((pair) => pair.map(encodeURIComponent).join('=')).sort();
  const lines = names.map((name) => `${name}:${headers[name]?.trim().replaceAll(/ +/g, ' ')}\n`);
  const canonical = ['POST', pathname, query.join('&'), lines.join(''), names.join(';'), hash].join('\n');
  const scope = [date, region, service, terminator].join('/');
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonical)].join('\n');
  const key = [date, region, service, terminator].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${signer.secretAccessKey}`,
  );
  const signature = hmac(key, toSign).toString('hex');
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${signer.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return (signing.finally?.(headers) ?? headers) as OutgoingHttpHeaders;
}

export const basic = (at: number): string => new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
