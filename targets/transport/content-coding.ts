import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { headerOf } from './headers.ts';

type Decoder = (body: Buffer, options: { readonly maxOutputLength: number }) => Buffer;

/** The content codings of RFC 9110 §8.4.1 and the IANA registry that somebody sends. */
const decoders: Readonly<Record<string, readonly Decoder[]>> = {
  gzip: [gunzipSync],
  'x-gzip': [gunzipSync],
  // Some servers leave the zlib format out, and clients take that.
  deflate: [inflateSync, inflateRawSync],
  br: [brotliDecompressSync],
  zstd: [zstdDecompressSync],
};

/**
 * A body without the codings that Content-Encoding names, and whether it was in them. One that is in another coding,
 * or in one that nobody knows, stays as it is.
 *
 * @throws {RangeError} with the code ERR_BUFFER_TOO_LARGE when it is longer than so many bytes
 */
export function decodedBody(
  headers: readonly (readonly [name: string, value: string])[],
  body: Buffer,
  maxOutputLength: number,
): { readonly body: Buffer; readonly coding?: 'decoded' | 'wrong' } {
  const named = (headerOf(headers, 'content-encoding') ?? '').toLowerCase().split(/[,\s]+/);
  const codings = named.filter((name) => name !== '' && name !== 'identity');
  if (codings.length === 0 || body.length === 0) return { body };
  let decoded: Buffer | undefined = body;
  for (const coding of codings.slice(0, 5).reverse())
    decoded =
      decoded &&
      firstThatReads(
        Object.hasOwn(decoders, coding) ? (decoders[coding] ?? []) : [],
        decoded,
        maxOutputLength,
      );
  return decoded === undefined || codings.length > 5
    ? { body, coding: 'wrong' }
    : { body: decoded, coding: 'decoded' };
}

function firstThatReads(
  several: readonly Decoder[],
  body: Buffer,
  maxOutputLength: number,
): Buffer | undefined {
  for (const decode of several)
    try {
      return decode(body, { maxOutputLength });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw error;
    }
  return undefined;
}
