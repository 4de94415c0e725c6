import { defaultBehaviours as usual } from '../../behaviours.ts';
import type { Attempt } from '../../core/attempt.ts';
import type { CheckName } from '../../core/checks/order.ts';
import { refusalFor } from '../../core/refusal.ts';
import type { JsonObject } from '../../wire.ts';
import {
  atIamToken,
  atRegister,
  atToken,
  awsError,
  type Defect,
  editing,
  everywhere,
  intercepting,
  issuesTokens,
  replacing,
  skippingWhen,
  tokens,
} from '../defect.ts';

/** What goes wrong for few requests only, or shows in many responses only. */
export const rare: readonly Defect[] = [...breakdowns(), ...refusals(), ...values(), ...forgetting()];

const texts = (members: JsonObject): string[] =>
  Object.values(members).filter((value): value is string => typeof value === 'string');

/** The request is answered with InternalServerException when this holds. */
function breaking(
  name: string,
  changes: string,
  holds: (members: JsonObject, text: string) => boolean,
  at: Defect['at'] = everywhere,
  also: readonly string[] = [],
): Defect {
  return {
    name,
    changes,
    breaks: ['RFC6749-5.2-no-5xx-for-client-errors', 'RFC6749-10.14-input-sanitised', ...also],
    at,
    ...intercepting((members, { body }, operation) =>
      at.includes(operation) && holds(members, Buffer.from(body ?? '').toString('utf8'))
        ? awsError('InternalServerException')
        : undefined,
    ),
  };
}

function breakdowns(): Defect[] {
  return [
    breaking(
      'long-text-as-500',
      'A text of more than 8,192 characters is answered with status 500.',
      (members) => texts(members).some((text) => text.length > 8192 && !text.startsWith('eyJ')),
    ),
    breaking(
      'quotes-in-tokens-as-500',
      'A quotation mark in a code or token breaks the query that looks it up.',
      ({ code, refreshToken, deviceCode, assertion, subjectToken }) =>
        texts({ code, refreshToken, deviceCode, assertion, subjectToken }).some((text) => text.includes("'")),
      tokens,
    ),
    breaking('non-ascii-as-500', 'A text outside ASCII is answered with status 500.', (members) =>
      texts(members).some((text) => /[^\0-\x7f]/.test(text)),
    ),
    breaking('control-characters-as-500', 'A control character is answered with status 500.', (members) =>
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
      texts(members).some((text) => /[\0-\x1f]/.test(text)),
    ),
    breaking(
      'surrogates-as-500',
      'A character beyond the basic plane is answered with status 500.',
      (members) => texts(members).some((text) => /[\u{10000}-\u{10ffff}]/u.test(text)),
    ),
    breaking(
      'null-members-as-500',
      'A member that is null is answered with status 500.',
      (members) => Object.values(members).includes(null),
      atToken,
      ['RFC6749-3.2-empty-optional-param', 'RFC6749-5.2-malformed-encoding'],
    ),
    breaking(
      'nested-members-as-500',
      'A member that is an object is answered with status 500.',
      (members) =>
        Object.values(members).some(
          (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
        ),
      atToken,
      ['RFC6749-3.2-unknown-params-ignored'],
    ),
    breaking(
      'deep-nesting-as-500',
      'Nesting of more than a thousand levels is answered with status 500.',
      (_, text) => text.includes('['.repeat(1000)),
      atToken,
    ),
    breaking(
      'quotes-as-500',
      'A quote in the client id is answered with status 500, as an SQL injection would be.',
      ({ clientId }) => typeof clientId === 'string' && clientId.includes("'"),
      atToken,
    ),
    breaking(
      'long-client-name-as-500',
      'A client name of more than 255 characters is answered with status 500.',
      ({ clientName }) => typeof clientName === 'string' && clientName.length > 255,
      atRegister,
    ),
    breaking(
      'long-lists-as-500',
      'A list of more than 100 items is answered with status 500.',
      (members) => Object.values(members).some((value) => Array.isArray(value) && value.length > 100),
      atRegister,
    ),
    breaking(
      'numbers-in-lists-as-500',
      'A list with something else than text is answered with status 500.',
      (members) =>
        Object.values(members).some(
          (value) => Array.isArray(value) && value.some((item) => typeof item !== 'string'),
        ),
      atRegister,
    ),
    breaking(
      'repeated-items-as-500',
      'A list with the same item twice is answered with status 500.',
      (members) =>
        Object.values(members).some((value) => Array.isArray(value) && new Set(value).size < value.length),
      atRegister,
    ),
    breaking(
      'escaped-slash-as-500',
      'A slash that is written with a backslash is answered with status 500.',
      (_, text) => text.includes('\\/'),
      everywhere,
      ['RFC6749-3.2-unknown-params-ignored', 'RFC8628-3.1-parameter-rules'],
    ),
    breaking(
      'mistyped-start-url-as-500',
      'A start URL that is no text is answered with status 500.',
      ({ startUrl }) => startUrl !== undefined && startUrl !== null && typeof startUrl !== 'string',
      ['device_authorization'],
    ),
  ];
}

/** Long after it was spent, something works again: what was spent is remembered for so long only. */
function forgetting(): Defect[] {
  const hour = 3_600_000;
  const row = (
    name: string,
    changes: string,
    at: Defect['at'],
    holds: (attempt: Attempt) => boolean,
    ...checks: readonly CheckName[]
  ): Defect => ({
    name,
    changes,
    breaks: ['AWS-CreateToken-InvalidGrant', 'AWS-CreateTokenWithIAM-InvalidGrant'],
    at,
    ...skippingWhen(holds, ...checks),
  });
  return [
    row(
      'redeemed-code-forgotten',
      'A code that was redeemed can be redeemed again an hour later.',
      tokens,
      ({ code, now }) => code?.redeemed === true && now >= code.issuedAt + hour,
      'code-not-redeemed',
      'code-not-expired',
    ),
    row(
      'redeemed-device-code-forgotten',
      'A device code that was redeemed can be redeemed again an hour later.',
      atToken,
      ({ device, now }) => device?.redeemed === true && now >= device.issuedAt + hour,
      'device-code-not-redeemed',
      'device-code-not-expired',
    ),
    row(
      'used-assertion-forgotten',
      'An assertion that was used can be used again an hour later.',
      atIamToken,
      ({ assertion, now }) => now >= Number(assertion?.claims.iat) * 1_000 + hour,
      'assertion-not-used',
      'assertion-not-expired',
    ),
  ];
}

function refusals(): Defect[] {
  return [
    {
      name: 'long-member-names-refused',
      changes: 'A member with a name of more than 30 characters is refused.',
      breaks: ['RFC6749-3.2-unknown-params-ignored'],
      at: atToken,
      ...intercepting((members) =>
        Object.keys(members).some((name) => name.length > 30)
          ? awsError('InvalidRequestException')
          : undefined,
      ),
    },
    {
      name: 'third-poll-expired',
      changes: 'The third poll is answered with ExpiredTokenException.',
      breaks: ['RFC8628-3.5-authorization_pending', 'RFC8628-3.5-no-slow_down-at-interval'],
      at: atToken,
      ...replacing(() => {
        const polls = new Map<string, number>();
        return {
          'device-approved': (attempt) => {
            const refusal = usual['device-approved'](attempt);
            const code = attempt.device?.deviceCode ?? '';
            polls.set(code, (polls.get(code) ?? 0) + 1);
            return refusal && (polls.get(code) ?? 0) > 2 ? refusalFor('expired_token') : refusal;
          },
        };
      }),
    },
    {
      name: 'third-refresh-refused',
      changes: 'A family can be refreshed twice only.',
      breaks: ['RFC6749-6-refresh-success'],
      at: atToken,
      ...replacing(() => {
        const refreshes = new WeakMap<object, number>();
        return {
          'rotate-refresh-token': (attempt) => {
            usual['rotate-refresh-token'](attempt);
            const family = attempt.refreshToken?.family;
            if (!family) return;
            refreshes.set(family, (refreshes.get(family) ?? 0) + 1);
            family.revoked ||= (refreshes.get(family) ?? 0) > 1;
          },
        };
      }),
    },
  ];
}

/** Values that can be guessed, or that come again. */
function values(): Defect[] {
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
  return [
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
    {
      name: 'access-token-given-again-for-longer',
      changes: 'A refresh brings the same access token again, each time with a minute more.',
      breaks: ['RFC6749-5.1-expires_in-plausible'],
      at: tokens,
      middleware: () => {
        const known = new Map<unknown, JsonObject>();
        const { middleware } = editing(issuesTokens, (body, { members }) => {
          const before = known.get(members.refreshToken);
          const { accessToken, expiresIn } = before ?? body;
          const again = { accessToken, expiresIn: before === undefined ? expiresIn : Number(expiresIn) + 60 };
          if (body.refreshToken) known.set(body.refreshToken, again);
          return { ...body, ...again };
        });
        return middleware?.() ?? ((request, endpoint) => endpoint(request));
      },
    },
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
}
