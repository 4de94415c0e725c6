import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { WireResponse } from '../wire.ts';
import { honestly, message, textOf } from './message.ts';
import type { Misbehaviour } from './misbehaviour.ts';

const labelled = (honest: WireResponse, coding: string, body: string | Uint8Array = textOf(honest)) =>
  honestly(honest, { headers: [...honest.headers, ['Content-Encoding', coding]], body });

const wrongly = (coding: string): Misbehaviour => ({
  name: `plain-as-${coding}`,
  what: `Calls its plain bodies ${coding}.`,
  spoil: (honest) => labelled(honest, coding),
});

const rightly = (
  name: string,
  what: string,
  coding: string,
  encode: (body: string) => Uint8Array,
): Misbehaviour => ({ name, what, spoil: (honest) => labelled(honest, coding, encode(textOf(honest))) });

/** 64 MB that are 64 KB on the wire; made when first asked for. */
let bomb: Buffer | undefined;

/** Content codings (RFC 9110 section 8.4), which the suite never asks for. */
export const encodings: readonly Misbehaviour[] = [
  ...['gzip', 'deflate', 'br'].map(wrongly),
  rightly('gzip-unasked', 'Compresses with gzip though nobody asked for it.', 'gzip', gzipSync),
  rightly('x-gzip-unasked', 'Compresses with gzip and calls it X-GZIP.', 'X-GZIP', gzipSync),
  rightly('deflate-unasked', 'Compresses with deflate though nobody asked for it.', 'deflate', deflateSync),
  rightly(
    'raw-deflate-unasked',
    'Compresses with deflate without its wrapper, as some do.',
    'deflate',
    deflateRawSync,
  ),
  rightly('br-unasked', 'Compresses with Brotli though nobody asked for it.', 'br', brotliCompressSync),
  rightly('gzip-twice', 'Compresses with gzip twice and says so.', 'gzip, gzip', (body) =>
    gzipSync(gzipSync(body)),
  ),
  rightly('gzip-cut-off', 'Ends its gzip in the middle.', 'gzip', (body) => gzipSync(body).subarray(0, -12)),
  rightly('gzip-and-more', 'Has garbage behind its gzip.', 'gzip', (body) =>
    Buffer.concat([gzipSync(body), Buffer.from('garbage')]),
  ),
  rightly('gzip-of-nothing', 'Compresses an empty text in place of each body.', 'gzip', () => gzipSync('')),
  {
    name: 'gzip-without-label',
    what: 'Compresses with gzip and does not say so.',
    spoil: (honest) => honestly(honest, { body: gzipSync(textOf(honest)) }),
  },
  {
    name: 'gzip-bomb',
    what: 'Answers every request with 64 KB that unpack to 64 MB.',
    answer: () => {
      bomb ??= gzipSync(`"${'a'.repeat(64_000_000)}"`);
      return message({
        headers: [
          ['Content-Type', 'application/json'],
          ['Content-Encoding', 'gzip'],
        ],
        body: bomb,
      });
    },
  },
  {
    name: 'coding-unknown',
    what: 'Names a content coding that nobody knows.',
    spoil: (honest) => labelled(honest, 'zip-of-my-own'),
  },
  {
    name: 'coding-identity',
    what: 'Names the content coding identity, which changes nothing.',
    spoil: (honest) => labelled(honest, 'identity'),
  },
  {
    name: 'coding-named-a-thousand-times',
    what: 'Names gzip a thousand times over.',
    spoil: (honest) => labelled(honest, Array.from({ length: 1_000 }, () => 'gzip').join(', ')),
  },
];
