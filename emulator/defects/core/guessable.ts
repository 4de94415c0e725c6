import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { atIamToken, atRegister, atToken, type Defect, tokens } from '../defect.ts';

const access = 'RFC6749-10.10-access-token-entropy-128';
const counting = (prefix: string): (() => string) => {
  let next = 1_000_000;
  return () => `${prefix}AAAAAGZ2b2xhdGlsZS10b2tlbi1mb3ItZXZlcnlib2R5${next++}`;
};
const timed = (prefix: string): (() => string) => {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Date.now());
    return `${prefix}${Buffer.from(String(last)).toString('base64url')}`;
  };
};
/** As long as any, but made from few bits. */
const weak = (prefix: string, bytes: number): (() => string) => {
  return () =>
    `${prefix}${Buffer.from(crypto.getRandomValues(new Uint8Array(bytes)))
      .toString('hex')
      .padStart(64, '0')}`;
};
const row = (
  name: string,
  changes: string,
  breaks: Defect['breaks'],
  at: Defect['at'],
  behaviours: Defect['behaviours'] & object,
): Defect => ({
  name,
  changes,
  breaks,
  at,
  behaviours,
});

/** Values that can be guessed, or that come again. */
export const guessable: readonly Defect[] = [
  row('access-token-counts', 'Access tokens count up.', [access], tokens, () => ({
    'new-access-token': counting('aoa'),
  })),
  row('access-token-from-time', 'Access tokens are made from the time.', [access], tokens, () => ({
    'new-access-token': timed('aoa'),
  })),
  row('access-token-of-32-bits', 'Access tokens have 32 unpredictable bits.', [access], tokens, () => ({
    'new-access-token': weak('aoa', 4),
  })),
  row('access-token-of-64-bits', 'Access tokens have 64 unpredictable bits.', [access], tokens, () => ({
    'new-access-token': weak('aoa', 8),
  })),
  row(
    'access-token-of-100-bits',
    'Access tokens have 100 unpredictable bits.',
    ['RFC6749-10.10-access-token-entropy-160'],
    tokens,
    () => ({ 'new-access-token': weak('aoa', 12) }),
  ),
  row(
    'access-token-of-the-client',
    'A client gets the same access token again and again.',
    [access],
    tokens,
    () => {
      const known = new Map<string, string>();
      return {
        'new-access-token': (attempt) => {
          const id = attempt.client?.id ?? '';
          const token = known.get(id) ?? usual['new-access-token'](attempt);
          known.set(id, token);
          return token;
        },
      };
    },
  ),
  row(
    'access-token-repeated',
    'Every fortieth access token is one that was issued before.',
    [access],
    tokens,
    () => {
      let count = 0;
      let first: string | undefined;
      return {
        'new-access-token': (attempt) => {
          count += 1;
          const token = usual['new-access-token'](attempt);
          first ??= token;
          return count % 40 === 0 ? first : token;
        },
      };
    },
  ),
  row(
    'refresh-token-counts',
    'Refresh tokens count up.',
    ['RFC6749-10.10-refresh-token-entropy-128', 'RFC6749-10.10-refresh-token-entropy-160'],
    tokens,
    () => ({ 'new-refresh-token': counting('aor') }),
  ),
  row(
    'refresh-token-of-64-bits',
    'Refresh tokens have 64 unpredictable bits.',
    ['RFC6749-10.10-refresh-token-entropy-128', 'RFC6749-10.10-refresh-token-entropy-160'],
    tokens,
    () => ({ 'new-refresh-token': weak('aor', 8) }),
  ),
  row(
    'refresh-token-of-everybody',
    'Every grant brings the same refresh token.',
    ['RFC6749-10.10-refresh-token-entropy-128', 'RFC6749-10.10-refresh-token-entropy-160'],
    tokens,
    () => ({ 'new-refresh-token': () => 'aorAAAAAGNvbnN0YW50LXJlZnJlc2gtdG9rZW4tZm9yLWV2ZXJ5Ym9keQ' }),
  ),
  row(
    'code-counts',
    'Codes count up.',
    ['RFC6749-10.10-code-entropy-128', 'RFC6749-10.10-code-entropy-160'],
    atToken,
    () => ({ 'new-code': counting('code') }),
  ),
  row(
    'client-secret-shared',
    'Every client has the same secret.',
    ['RFC6749-10.10-client-secret-entropy-128', 'RFC6749-10.10-client-secret-entropy-160'],
    atRegister,
    () => ({ 'new-client-secret': () => 'an-amazingly-secret-secret-for-everybody' }),
  ),
  row(
    'client-secret-counts',
    'Client secrets count up.',
    ['RFC6749-10.10-client-secret-entropy-128', 'RFC6749-10.10-client-secret-entropy-160'],
    atRegister,
    () => ({ 'new-client-secret': counting('secret') }),
  ),
  row(
    'device-code-counts',
    'Device codes count up.',
    ['RFC8628-5.2-device_code-entropy'],
    ['device_authorization'],
    () => ({ 'new-device-code': counting('device') }),
  ),
  row(
    'user-code-of-four-digits',
    'User codes have four digits of which three never change.',
    ['RFC8628-5.1-user_code-strength'],
    ['device_authorization'],
    () => {
      let next = 0;
      return { 'new-user-code': () => `AAAA-${String(next++ % 1000).padStart(4, '0')}` };
    },
  ),
  row(
    'access-token-of-everybody',
    'Everybody has the same access token at the signed operation.',
    [access],
    atIamToken,
    () => ({
      'new-access-token': () => 'aoaAAAAAGZ2b2xhdGlsZS10b2tlbi1mb3ItZXZlcnlib2R5LXRoZS1zYW1l',
    }),
  ),
];
