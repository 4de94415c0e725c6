import { type Behaviours, defaultBehaviours as usual } from '../../behaviours.ts';
import type { Attempt } from '../../core/attempt.ts';
import { identityOf } from '../../core/checks/assertion.ts';
import type { CheckName } from '../../core/checks/order.ts';
import type { JsonObject, WireResponse } from '../../wire.ts';
import {
  atIamToken,
  atToken,
  type Change,
  type Defect,
  membersOf,
  operationOf,
  replacing,
  textOf,
  tokens,
  withHeader,
} from '../defect.ts';

const boundCode = 'RFC6749-4.1.3-code-bound-to-confidential-client';
const boundToken = 'RFC6749-6-bound-to-client';
const boundDevice = 'RFC8628-3.4-bound-to-client';
const assertionOnce = 'AWS-CreateTokenWithIAM-jti-single-use';
const wrongVerifier = 'RFC7636-4.6-wrong-verifier';

/** What one request is told, another one learns from: a refusal that is remembered wrongly, an answer that is given again. */
export const retries: readonly Defect[] = [
  ...[
    {
      name: 'unknown-code-known-the-second-time',
      what: 'An unknown code',
      breaks: 'RFC6749-4.1.3-unknown-code',
      at: tokens,
      check: 'code-known',
      key: ({ members }: Attempt) => members.code,
    },
    {
      name: 'unknown-device-code-known-the-second-time',
      what: 'An unknown device code',
      breaks: 'RFC8628-3.4-unknown-device_code',
      at: atToken,
      check: 'device-code-known',
      key: ({ members }: Attempt) => members.deviceCode,
    },
    {
      name: 'unknown-refresh-token-known-the-second-time',
      what: 'An unknown refresh token',
      breaks: 'RFC6749-6-unknown-refresh_token',
      at: tokens,
      check: 'refresh-token-known',
      key: ({ members }: Attempt) => members.refreshToken,
    },
    {
      name: 'unknown-subject-token-known-the-second-time',
      what: 'An unknown subject token',
      breaks: 'RFC8693-2.2.2-invalid-subject_token',
      at: atIamToken,
      check: 'subject-token-known',
      key: ({ members }: Attempt) => members.subjectToken,
    },
    {
      name: 'forged-assertion-trusted-the-second-time',
      what: 'An assertion with a wrong signature',
      breaks: 'RFC7523-3-signature',
      at: atIamToken,
      check: 'assertion-signature-right',
      key: ({ members }: Attempt) => members.assertion,
    },
    {
      name: 'expired-code-renewed-by-its-refusal',
      what: 'An expired code',
      breaks: 'RFC6749-4.1.2-code-expiry',
      at: tokens,
      check: 'code-not-expired',
      key: ({ members }: Attempt) => members.code,
    },
    {
      name: 'expired-refresh-token-renewed-by-its-refusal',
      what: 'An expired refresh token',
      breaks: 'RFC6749-6-expired-refresh_token',
      at: tokens,
      check: 'refresh-token-not-expired',
      key: ({ members }: Attempt) => members.refreshToken,
    },
    {
      name: 'expired-subject-token-renewed-by-its-refusal',
      what: 'An expired subject token',
      breaks: 'RFC8693-2.2.2-invalid-subject_token',
      at: atIamToken,
      check: 'subject-token-not-expired',
      key: ({ members }: Attempt) => members.subjectToken,
    },
    {
      name: 'expired-assertion-renewed-by-its-refusal',
      what: 'An expired assertion',
      breaks: 'RFC7523-3-exp',
      at: atIamToken,
      check: 'assertion-not-expired',
      key: ({ members }: Attempt) => members.assertion,
    },
    {
      name: 'stranger-known-the-second-time',
      what: 'A code of another client',
      breaks: boundCode,
      at: tokens,
      check: 'code-bound-to-client',
      key: ({ members }: Attempt) => `${members.clientId} ${members.code}`,
    },
    {
      name: 'device-of-a-stranger-known-the-second-time',
      what: 'A device code of another client',
      breaks: boundDevice,
      at: atToken,
      check: 'device-code-bound-to-client',
      key: ({ members }: Attempt) => `${members.clientId} ${members.deviceCode}`,
    },
    {
      name: 'refresh-token-handed-to-the-stranger',
      what: 'A refresh token of another client',
      breaks: boundToken,
      at: tokens,
      check: 'refresh-token-bound-to-client',
      key: ({ members }: Attempt) => `${members.clientId} ${members.refreshToken}`,
    },
  ].map(
    ({ name, what, breaks, at, check, key }): Defect => ({
      name,
      changes: `${what} is refused once, and accepted the second time.`,
      breaks: [breaks],
      at,
      ...refusedOnlyUntil(2, check as CheckName, key),
    }),
  ),
  {
    name: 'third-wrong-verifier-accepted',
    changes: 'Wrong verifiers of a code are counted up to two, and the third one passes.',
    breaks: [wrongVerifier],
    at: tokens,
    ...refusedOnlyUntil(3, 'verifier-matches', ({ members }) => members.code),
  },
  {
    name: 'third-wrong-secret-accepted',
    changes: 'Wrong secrets are counted up to two for each code or token, and the third one passes.',
    breaks: ['RFC6749-5.2-invalid_client-wrong-secret'],
    at: atToken,
    ...refusedOnlyUntil(
      3,
      'client-secret-right',
      ({ members }) => members.code ?? members.deviceCode ?? members.refreshToken,
    ),
  },
  {
    name: 'code-answered-to-a-stranger',
    changes: 'A code that was redeemed is answered with its tokens again when another client presents it.',
    breaks: [boundCode],
    at: tokens,
    ...answeredAgain('code', (now, then) => now.clientId !== then.clientId),
  },
  {
    name: 'code-answered-whatever-the-verifier',
    changes: 'A code that was redeemed is answered with its tokens again when the verifier is another one.',
    breaks: [wrongVerifier],
    at: tokens,
    ...answeredAgain('code', (now, then) => isTold(now, then) && now.codeVerifier !== then.codeVerifier),
  },
  {
    name: 'device-code-answered-to-a-stranger',
    changes: 'A device code that was redeemed is answered with its tokens again when another client polls.',
    breaks: [boundDevice],
    at: atToken,
    ...answeredAgain('deviceCode', (now, then) => now.clientId !== then.clientId),
  },
  {
    name: 'replaced-refresh-token-answered-to-a-stranger',
    changes: 'A replaced refresh token is answered with its successor when another client presents it.',
    breaks: [boundToken],
    at: tokens,
    ...answeredAgain('refreshToken', (now, then) => now.clientId !== then.clientId),
  },
  {
    name: 'replaced-refresh-token-answered-without-a-secret',
    changes: 'A replaced refresh token is answered with its successor whatever the client secret is.',
    breaks: ['RFC6749-5.2-invalid_client-wrong-secret'],
    at: atToken,
    ...answeredAgain(
      'refreshToken',
      (now, then) => isTold(now, then) && now.clientSecret !== then.clientSecret,
    ),
  },
  {
    name: 'assertion-answered-to-another-application',
    changes: 'An assertion that was used is answered with its tokens again when another application has it.',
    breaks: [assertionOnce],
    at: atIamToken,
    ...answeredAgain('assertion', (now, then) => now.clientId !== then.clientId),
  },
  {
    name: 'exchange-answered-whatever-the-scope',
    changes: 'A subject token that comes again with another scope is answered as it was before.',
    breaks: ['AWS-CreateTokenWithIAM-scope-narrowed'],
    at: atIamToken,
    ...answeredAgain('subjectToken', (now, then) => isTold(now, then) && differ(now.scope, then.scope)),
  },
  {
    name: 'exchange-answered-whatever-the-type',
    changes: 'A subject token that comes again for another type of token is answered as it was before.',
    breaks: ['RFC8693-2.2.1-issued_token_type'],
    at: atIamToken,
    ...answeredAgain(
      'subjectToken',
      (now, then) => isTold(now, then) && differ(now.requestedTokenType, then.requestedTokenType),
    ),
  },
  {
    name: 'second-code-answered-as-the-first',
    changes:
      'A client that redeems a code gets the answer to the code that it redeemed before, if that was just now.',
    breaks: ['RFC6749-10.10-access-token-entropy-128'],
    at: tokens,
    ...answeredAlike('authorization_code'),
  },
  {
    name: 'second-refresh-answered-as-the-first',
    changes:
      'A client that refreshes a token gets the answer to the token that it refreshed before, if that was just now.',
    breaks: ['RFC6749-10.10-access-token-entropy-128'],
    at: tokens,
    ...answeredAlike('refresh_token'),
  },
  {
    name: 'grace-renewed-by-each-retry',
    changes: 'A replaced refresh token works for half an hour more, which begins anew with each use.',
    breaks: ['RFC9700-4.14.2-rotated-rt-invalidated'],
    at: atToken,
    ...forHalfAnHour(() => ({})),
  },
  {
    name: 'grace-whatever-the-expiry',
    changes: 'A replaced refresh token works for half an hour more, even when it expires meanwhile.',
    breaks: ['RFC6749-6-expired-refresh_token'],
    at: atToken,
    ...forHalfAnHour((isInGrace) => ({
      'refresh-token-not-expired': (attempt) =>
        isInGrace(attempt) ? undefined : usual['refresh-token-not-expired'](attempt),
    })),
  },
  {
    name: 'grace-whatever-the-client',
    changes: 'A replaced refresh token works for half an hour more, for whichever client.',
    breaks: [boundToken],
    at: atToken,
    ...forHalfAnHour((isInGrace) => ({
      'refresh-token-bound-to-client': (attempt) =>
        isInGrace(attempt) ? undefined : usual['refresh-token-bound-to-client'](attempt),
    })),
  },
];

const isTold = (now: JsonObject, then: JsonObject): boolean => now.clientId === then.clientId;

const differ = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);

/** A replaced refresh token works on for half an hour after each use; more is wrong with it meanwhile. */
function forHalfAnHour(more: (isInGrace: (attempt: Attempt) => boolean) => Partial<Behaviours>): Change {
  return replacing(() => {
    const until = new WeakMap<object, number>();
    const isInGrace = ({ refreshToken, now }: Attempt) =>
      refreshToken !== undefined && now < (until.get(refreshToken) ?? 0);
    return {
      'rotate-refresh-token': (attempt) => {
        usual['rotate-refresh-token'](attempt);
        if (attempt.refreshToken) until.set(attempt.refreshToken, attempt.now + 1_800_000);
      },
      'refresh-token-not-rotated': (attempt) =>
        isInGrace(attempt) ? undefined : usual['refresh-token-not-rotated'](attempt),
      ...more(isInGrace),
    };
  });
}

/** A check refuses the same thing so many times less one, then lets it pass, and so on. */
export function refusedOnlyUntil(
  time: number,
  check: CheckName,
  keyOf: (attempt: Attempt) => string | undefined,
  ...without: readonly CheckName[]
): Change {
  return replacing(() => {
    const refusals = new Map<string | undefined, number>();
    return {
      ...Object.fromEntries(without.map((name) => [name, () => undefined])),
      [check]: (attempt: Attempt) => {
        const refusal = usual[check](attempt);
        if (!refusal) return undefined;
        const key = keyOf(attempt);
        const count = (refusals.get(key) ?? 0) + 1;
        refusals.set(key, count);
        return count % time === 0 ? undefined : refusal;
      },
    };
  });
}

/** What an assertion is told from others by. */
export const assertionKey = ({ assertion }: Attempt): string | undefined =>
  assertion && identityOf(assertion);

/** The answer to what was granted is kept, and given again to requests that present the same and differ so. */
function answeredAgain(member: string, again: (now: JsonObject, then: JsonObject) => boolean): Change {
  return {
    middleware: () => {
      const kept = new Map<string, { readonly members: JsonObject; readonly response: WireResponse }>();
      return async (request, endpoint) => {
        const operation = operationOf(request);
        const members = membersOf(request);
        const key = operation && tokens.includes(operation) ? textOf(members, member) : undefined;
        if (key === undefined) return endpoint(request);
        const before = kept.get(key);
        if (before && again(members, before.members))
          return withHeader(before.response, 'x-amzn-RequestId', crypto.randomUUID());
        const response = await endpoint(request);
        if (response.status === 200) kept.set(key, { members, response });
        return response;
      };
    },
  };
}

/** A client that makes the same kind of request again within a second is taken for one who lost the answer. */
function answeredAlike(grantType: string): Change {
  return {
    middleware: () => {
      const kept = new Map<string, { readonly response: WireResponse; readonly at: number }>();
      return async (request, endpoint) => {
        const members = membersOf(request);
        if (members.grantType !== grantType) return endpoint(request);
        const id = String(members.clientId);
        const response = await endpoint(request);
        const before = kept.get(id);
        if (response.status !== 200) return response;
        if (before && performance.now() - before.at < 1_000) return before.response;
        kept.set(id, { response, at: performance.now() });
        return response;
      };
    },
  };
}
