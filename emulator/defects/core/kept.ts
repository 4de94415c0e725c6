import type { Attempt } from '../../core/attempt.ts';
import { type CoreBehaviours, coreBehaviours as usual } from '../../core/behaviours.ts';
import type { CheckName } from '../../core/checks/order.ts';
import { refusalFor } from '../../core/refusal.ts';
import { atIamToken, atToken, type Change, type Defect, replacing, skippingWhen, tokens } from '../defect.ts';

type CheckOf = (attempt: Attempt) => ReturnType<CoreBehaviours[CheckName]>;

/** What was right in a granted request counts as right again wherever this key is the same. */
function onceRight(key: (attempt: Attempt) => unknown, ...checks: readonly CheckName[]): Change {
  return replacing(() => {
    const right = new Set<string>();
    const keyOf = (attempt: Attempt) => JSON.stringify(key(attempt));
    const lenient = checks.map((name) => {
      const check: CheckOf = usual[name];
      return [name, (attempt: Attempt) => (right.has(keyOf(attempt)) ? undefined : check(attempt))] as const;
    });
    return {
      ...Object.fromEntries(lenient),
      'new-access-token': (attempt) => {
        right.add(keyOf(attempt));
        return usual['new-access-token'](attempt);
      },
    };
  });
}

/** What a behaviour came to the first time, it comes to wherever this key is the same. */
function firstOf<T>(
  key: (attempt: Attempt) => unknown,
  of: (attempt: Attempt) => T,
): (attempt: Attempt) => T {
  const known = new Map<string, T>();
  return (attempt) => {
    const at = JSON.stringify(key(attempt));
    const value = known.has(at) ? (known.get(at) as T) : of(attempt);
    known.set(at, value);
    return value;
  };
}

const wrongSecret = 'RFC6749-5.2-invalid_client-wrong-secret';
const pending = 'RFC8628-3.5-authorization_pending';
const devicesOf = ({ client, state }: Attempt) =>
  [...state.devices.values()].filter(({ clientId }) => clientId === client?.id);

/** A cache that is asked with too little, or for too long: clients, codes and devices. */
export const kept: readonly Defect[] = [
  {
    name: 'client-trusted-after-a-right-secret',
    changes: 'A client that was authenticated once may come with any secret.',
    breaks: [wrongSecret],
    at: atToken,
    ...onceRight(({ client }) => client?.id, 'client-secret-right'),
  },
  {
    name: 'client-trusted-by-the-beginning-of-its-secret',
    changes: 'After a right secret, only the first sixteen characters of the next one are looked at.',
    breaks: [wrongSecret],
    at: atToken,
    ...onceRight(
      ({ client, members }) => [client?.id, members.client_secret?.slice(0, 16)],
      'client-secret-right',
    ),
  },
  {
    name: 'secret-once-right-for-anybody',
    changes: 'A secret that was right for one client is right for every client from then on.',
    breaks: [wrongSecret],
    at: atToken,
    ...onceRight(({ members }) => members.client_secret, 'client-secret-right'),
  },
  {
    name: 'secret-once-right-never-expires',
    changes: 'The expiry of a secret that was right once is not looked at again.',
    breaks: ['RFC7591-3.2.1-expired-secret'],
    at: atToken,
    ...onceRight(({ client }) => client?.id, 'client-secret-not-expired'),
  },
  {
    name: 'grants-of-a-known-client',
    changes:
      'A client that was granted a token once may start device authorizations, whatever it registered.',
    breaks: ['RFC8628-3.1-client-auth'],
    at: atToken,
    ...onceRight(({ client }) => client?.id, 'device-grant-allowed'),
  },
  {
    name: 'verifier-once-right',
    changes: 'A verifier that was right for one code of a client is right for its other codes.',
    breaks: ['RFC7636-4.6-verifier-bound-to-code', 'RFC7636-4.6-wrong-verifier'],
    at: tokens,
    ...onceRight(({ client, members }) => [client?.id, members.code_verifier], 'verifier-matches'),
  },
  {
    name: 'redirect-uri-once-right',
    changes: 'A redirect URI that was right for one code of a client is right for its other codes.',
    breaks: ['RFC6749-4.1.3-redirect_uri-identical'],
    at: tokens,
    ...onceRight(({ client, members }) => [client?.id, members.redirect_uri], 'redirect-uri-same'),
  },
  {
    name: 'redirect-uri-any-registered',
    changes: 'Any redirect URI that the client registered redeems a code.',
    breaks: ['RFC6749-4.1.3-redirect_uri-identical'],
    at: tokens,
    ...skippingWhen(
      ({ client, members }) => client?.redirectUris.includes(members.redirect_uri ?? '') === true,
      'redirect-uri-same',
    ),
  },
  {
    name: 'tokens-of-a-code-for-anybody',
    changes:
      'Whoever presents a redeemed code, other than its client, is answered with tokens, as if it asked again.',
    breaks: ['RFC6749-4.1.3-code-bound-to-confidential-client'],
    at: tokens,
    ...skippingWhen(
      ({ code, client }) => code?.redeemed === true && code.clientId !== client?.id,
      'code-bound-to-client',
      'code-not-redeemed',
    ),
  },
  {
    name: 'tokens-of-a-device-code-for-anybody',
    changes:
      'Whoever presents a redeemed device code, other than its client, is answered with tokens, as if it asked again.',
    breaks: ['RFC8628-3.4-bound-to-client'],
    at: atToken,
    ...replacing(() => {
      const isAnother = (attempt: Attempt) =>
        attempt.device?.redeemed === true && attempt.device.clientId !== attempt.client?.id;
      return {
        'device-code-bound-to-client': (attempt) =>
          isAnother(attempt) ? undefined : usual['device-code-bound-to-client'](attempt),
        'device-code-not-redeemed': (attempt) =>
          isAnother(attempt) ? undefined : usual['device-code-not-redeemed'](attempt),
      };
    }),
  },
  {
    name: 'refusal-kept-for-the-device-code',
    changes:
      'What a device code was refused with when another client presented it, it is refused with for good.',
    breaks: ['RFC8628-3.4-bound-to-client'],
    at: atToken,
    ...replacing(() => {
      const refused = new WeakSet<object>();
      return {
        'device-code-bound-to-client': (attempt) => {
          const refusal = usual['device-code-bound-to-client'](attempt);
          if (refusal && attempt.device) refused.add(attempt.device);
          return attempt.device && refused.has(attempt.device) ? refusalFor('invalid_grant') : undefined;
        },
      };
    }),
  },
  {
    name: 'pending-told-again',
    changes: 'That a device code is pending is told for a minute, whatever its user decides meanwhile.',
    breaks: ['RFC8628-3.5-success'],
    at: atToken,
    ...replacing(() => {
      const told = new WeakMap<object, number>();
      return {
        'device-approved': (attempt) => {
          const refusal = usual['device-approved'](attempt);
          if (!attempt.device) return refusal;
          if (refusal) told.set(attempt.device, attempt.now);
          const at = told.get(attempt.device) ?? Number.NEGATIVE_INFINITY;
          return attempt.now - at < 60_000 ? refusalFor('authorization_pending') : undefined;
        },
      };
    }),
  },
  {
    name: 'approval-of-all-devices',
    changes: 'When one device of a client is approved, all of them are.',
    breaks: [pending],
    at: atToken,
    ...skippingWhen(
      (attempt) => devicesOf(attempt).some(({ decision }) => decision === 'approve'),
      'poll-not-too-fast',
      'device-approved',
    ),
  },
  {
    name: 'denial-of-all-devices',
    changes: 'When one device of a client is denied, all of them are.',
    breaks: ['RFC8628-3.5-success'],
    at: atToken,
    ...replacing(() => ({
      'device-not-denied': (attempt) =>
        attempt.device && devicesOf(attempt).some(({ decision }) => decision === 'deny')
          ? refusalFor('access_denied')
          : undefined,
    })),
  },
  {
    name: 'subject-token-once-valid',
    changes: 'A subject token that was exchanged once is not asked for its expiry again.',
    breaks: ['RFC8693-2.2.2-invalid-subject_token'],
    at: atIamToken,
    ...onceRight(({ subjectToken }) => subjectToken?.value, 'subject-token-not-expired'),
  },
  {
    name: 'permission-kept-for-the-application',
    changes: 'When one principal may use an application, everybody may from then on.',
    breaks: ['AWS-CreateTokenWithIAM-AccessDenied'],
    at: atIamToken,
    ...onceRight(({ client }) => client?.id, 'principal-allowed'),
  },
  {
    name: 'scope-kept-for-the-application',
    changes: 'The scope that an application was granted first is what it is granted.',
    breaks: ['AWS-CreateTokenWithIAM-scope-narrowed'],
    at: atIamToken,
    ...replacing(() => ({
      'granted-scope': firstOf(({ client }) => client?.id, usual['granted-scope']),
    })),
  },
  {
    name: 'exchange-kept-for-the-subject-token',
    changes:
      'What a subject token was exchanged for first, it is exchanged for again, whatever is asked for.',
    breaks: ['RFC8693-2.2.1-issued_token_type'],
    at: atIamToken,
    ...replacing(() => {
      const key = ({ subjectToken, code, refreshToken, assertion }: Attempt) =>
        (subjectToken ?? code ?? refreshToken ?? assertion)?.value;
      return {
        'granted-scope': firstOf(key, usual['granted-scope']),
        'issued-token-type': firstOf(key, usual['issued-token-type']),
      };
    }),
  },
  {
    name: 'id-token-kept-for-the-user',
    changes: 'What an ID token says of a user to an application, it says again.',
    breaks: ['OIDC-2-nonce'],
    at: atIamToken,
    ...replacing(() => {
      const known = new Map<string, ReturnType<CoreBehaviours['id-token-claims']>>();
      return {
        'id-token-claims': (attempt, signIn, own) => {
          const key = `${attempt.client?.id} ${signIn.user?.id}`;
          const claims = known.get(key) ?? usual['id-token-claims'](attempt, signIn, own);
          known.set(key, claims);
          return { ...claims, ...own };
        },
      };
    }),
  },
  {
    name: 'subject-kept-for-the-application',
    changes: 'The ID tokens of an application name the user of the first one.',
    breaks: ['OIDC-2-sub'],
    at: atIamToken,
    // The suites see one user alone elsewhere.
    dialects: ['aws-json'],
    ...replacing(() => {
      const known = new Map<string | undefined, unknown>();
      return {
        'id-token-claims': (attempt, signIn, own) => {
          const claims = usual['id-token-claims'](attempt, signIn, own);
          const sub = known.get(attempt.client?.id) ?? claims.sub;
          known.set(attempt.client?.id, sub);
          return { ...claims, sub };
        },
      };
    }),
  },
];
