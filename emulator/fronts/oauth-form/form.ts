import { utf8Text } from '../../json.ts';
import type { WireRequest } from '../../wire.ts';

export type Pair = readonly [name: string, value: string];

/** How a form is read (RFC 6749 appendix B). */
export const formReading = {
  /** Parameters of the media type, such as a charset, change nothing. */
  'media-type-is-form': ({ headers }: Pick<WireRequest, 'headers'>): boolean => {
    const types = headers.get('content-type') ?? [];
    const [type = ''] = (types[0] ?? '').split(';');
    return types.length === 1 && type.trim().toLowerCase() === 'application/x-www-form-urlencoded';
  },
  'form-text': (bytes: Uint8Array): string | undefined => utf8Text(bytes),
  /** Undefined where the encoding is broken. */
  'form-pairs': (text: string): readonly Pair[] | undefined => {
    const pairs: Pair[] = [];
    for (const piece of text.split('&')) {
      if (piece === '') continue;
      const at = piece.indexOf('=');
      const name = formDecoded(at < 0 ? piece : piece.slice(0, at));
      const value = formDecoded(at < 0 ? '' : piece.slice(at + 1));
      if (name === undefined || value === undefined) return undefined;
      pairs.push([name, value]);
    }
    return pairs;
  },
  /** RFC 6749 section 3.2: any other one is ignored. */
  'parameter-known': (name: string): boolean => known.has(name),
  /** RFC 8707 section 2 and RFC 8693 section 2.1. */
  'parameter-may-repeat': (name: string): boolean => name === 'resource' || name === 'audience',
  /** RFC 6749 section 3.2. */
  'parameter-absent': (value: string): boolean => value === '',
};

/** The parameters that the endpoints of this front know. */
const known: ReadonlySet<string> = new Set([
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'grant_type',
  'code',
  'redirect_uri',
  'code_verifier',
  'device_code',
  'refresh_token',
  'assertion',
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'actor_token',
  'actor_token_type',
  'resource',
  'audience',
  'scope',
  'username',
  'password',
  'token',
  'token_type_hint',
]);

/** Undefined where a percent sign starts no octet, or where the octets are no UTF-8. */
export function formDecoded(text: string): string | undefined {
  if (/%(?![\da-f]{2})/i.test(text)) return undefined;
  const plain = text.replaceAll('+', ' ');
  if (!plain.includes('%')) return plain;
  try {
    return decodeURIComponent(plain);
  } catch {
    return undefined;
  }
}
