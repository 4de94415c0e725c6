import { hash } from 'node:crypto';
import { replacingOAuth } from '../../../emulator/defects/defect.ts';
import type { Variant } from '../variant.ts';
import { editing, letters, text, visible } from './kit.ts';

/** A JWT that nobody but the server reads, of so many characters more. */
const jwt = (typ: string, more = 0): string =>
  [
    { alg: 'ES256', typ, kid: 'a' },
    { iss: 'https://server.example', jti: text(22, letters), exp: 4_102_444_800, x: text(more, 'x') },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat(text(86, letters))
    .join('.');

const hexadecimal = '0123456789abcdef';

/** How codes and tokens may look, and how long things may last. */
export const tokenVariants: readonly Variant[] = [
  {
    name: 'access-tokens-are-jwts',
    differs: 'Access tokens are JWTs (RFC 9068).',
    ...replacingOAuth(() => ({ 'new-access-token': () => jwt('at+jwt') })),
  },
  {
    name: 'access-tokens-of-four-kilobytes',
    differs: 'Access tokens have more than four thousand characters.',
    ...replacingOAuth(() => ({ 'new-access-token': () => jwt('at+jwt', 3000) })),
  },
  {
    name: 'access-tokens-of-any-character',
    // RFC 6750 section 2.1.
    differs: 'Access tokens have every character of b64token.',
    ...replacingOAuth(() => ({ 'new-access-token': () => `${text(60, `${letters}.~+/`)}-._~+/==` })),
  },
  {
    name: 'tokens-of-32-hexadecimal-digits',
    differs: 'Codes, access and refresh tokens are 128 bits in hexadecimal.',
    ...replacingOAuth(() => ({
      'new-code': () => text(32, hexadecimal),
      'new-access-token': () => text(32, hexadecimal),
      'new-refresh-token': () => text(32, hexadecimal),
    })),
  },
  {
    name: 'tokens-of-decimal-digits',
    differs: 'Codes, access and refresh tokens are numbers of fifty digits.',
    ...replacingOAuth(() => ({
      'new-code': () => text(50, '0123456789'),
      'new-access-token': () => text(50, '0123456789'),
      'new-refresh-token': () => text(50, '0123456789'),
    })),
  },
  {
    name: 'tokens-with-what-is-known-around',
    differs: 'Codes and tokens have a counter and a time before what is random, and a checksum behind it.',
    ...replacingOAuth(() => {
      let count = 0;
      const known = (kind: string) => () => {
        count += 1;
        const random = text(43, letters);
        const made = `${kind}_${String(count).padStart(8, '0')}_${Date.now()}.${random}`;
        return `${made}.${hash('sha256', made).slice(0, 8)}`;
      };
      return {
        'new-code': known('ac'),
        'new-access-token': known('at'),
        'new-refresh-token': known('rt'),
        'new-device-code': known('dc'),
      };
    }),
  },
  {
    name: 'refresh-tokens-of-any-character',
    // RFC 6749 appendix A.17.
    differs: 'Refresh tokens have every printable character, spaces and signs of forms among them.',
    ...replacingOAuth(() => ({
      'new-refresh-token': () => `${text(40, visible)} +%20&=;"\\/ ${text(20, visible)}.`,
    })),
  },
  {
    name: 'refresh-tokens-are-long-jwts',
    differs: 'Refresh tokens are JWTs of six thousand characters.',
    ...replacingOAuth(() => ({ 'new-refresh-token': () => jwt('refresh+jwt', 4500) })),
  },
  {
    name: 'codes-of-eight-kilobytes',
    differs: 'Codes have eight thousand characters.',
    ...replacingOAuth(() => ({ 'new-code': () => text(8000, letters) })),
  },
  {
    name: 'codes-of-any-character',
    // RFC 6749 appendix A.11.
    differs: 'Codes have every printable character.',
    ...replacingOAuth(() => ({ 'new-code': () => `4/0A${text(40, visible)} +%2F&=;#?.` })),
  },
  {
    name: 'codes-are-jwts',
    differs: 'Codes are JWTs.',
    ...replacingOAuth(() => ({ 'new-code': () => jwt('JWT', 100) })),
  },
  {
    name: 'device-codes-of-any-character',
    differs: 'Device codes have every printable character.',
    ...replacingOAuth(() => ({ 'new-device-code': () => `${text(60, visible)} +%&=.` })),
  },
  {
    name: 'user-codes-are-numbers',
    // RFC 8628 section 6.1.
    differs: 'User codes are nine digits in groups.',
    ...replacingOAuth(() => ({
      'new-user-code': () => [1, 2, 3].map(() => text(3, '0123456789')).join('-'),
    })),
  },
  {
    name: 'codes-of-half-a-minute',
    differs: 'Codes live thirty seconds.',
    ...replacingOAuth(() => ({ 'code-lifetime': () => 30 })),
  },
  {
    name: 'access-tokens-of-a-day',
    differs: 'Access tokens live a day.',
    ...replacingOAuth(() => ({ 'access-token-lifetime': () => 86_400 })),
  },
  {
    name: 'refresh-tokens-of-half-an-hour',
    differs: 'Refresh tokens live half an hour.',
    ...replacingOAuth(() => ({ 'refresh-token-lifetime': () => 1800 })),
  },
  {
    name: 'refresh-tokens-of-a-year',
    differs: 'Refresh tokens live a year.',
    ...replacingOAuth(() => ({ 'refresh-token-lifetime': () => 365 * 86_400 })),
  },
  {
    name: 'same-access-token-while-it-lives',
    // RFC 6749 section 5.1 says nothing of new; then expires_in is what is left.
    differs: 'A client that asks for itself gets the access token that it has, and what is left of its life.',
    oauth: {
      middleware: () => {
        const had = new Map<string, { readonly body: Record<string, unknown>; readonly until: number }>();
        return async (request, endpoint) => {
          const response = await endpoint(request);
          const asked = Buffer.from(request.body ?? []).toString();
          if (response.status !== 200 || !asked.includes('grant_type=client_credentials')) return response;
          const body = JSON.parse(String(response.body));
          const now = Date.parse(response.headers.find(([name]) => name === 'Date')?.[1] ?? '');
          const key = JSON.stringify([request.headers.get('authorization'), body.scope, asked]);
          const { body: kept, until } = had.get(key) ?? { body, until: now + body.expires_in * 1000 };
          if (now >= until) return response;
          had.set(key, { body: kept, until });
          return { ...response, body: JSON.stringify({ ...kept, expires_in: (until - now) / 1000 }) };
        };
      },
    },
  },
  {
    name: 'device-answers-without-options',
    // RFC 8628 section 3.2: then five seconds count.
    differs: 'Nothing is said of the interval between polls, and there is no complete URI.',
    ...editing((body) => {
      const { verification_uri_complete: _, interval, ...others } = body;
      return 'device_code' in body ? others : { ...others, ...(interval !== undefined && { interval }) };
    }),
  },
];
