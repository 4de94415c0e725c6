import type { Attempt, GrantType } from '../../core/attempt.ts';
import { type CoreBehaviours, coreBehaviours as usual } from '../../core/behaviours.ts';
import { invalidGrant } from '../../core/refusal.ts';
import type { Family } from '../../core/state.ts';
import { atIamToken, atToken, type Change, type Defect, replacing, tokens } from '../defect.ts';
import { lineage, skippingFor } from './lineage.ts';

const bound = 'RFC6749-6-bound-to-client';
const expired = 'RFC6749-6-expired-refresh_token';
const success = 'RFC6749-6-refresh-success';

const grants = {
  code: 'authorization_code',
  device: 'urn:ietf:params:oauth:grant-type:device_code',
  assertion: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  exchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
} as const satisfies Record<string, GrantType>;

const startedBy = (grant: GrantType) => (descent: { readonly origin: GrantType | undefined }) =>
  descent.origin === grant;

/** Each grant stores what it issues in its own way: what is right for one family is wrong for another. */
export const families: readonly Defect[] = [
  {
    name: 'family-of-a-code-of-any-client',
    changes: 'A refresh token that descends from a code works for every client.',
    breaks: [bound],
    at: atToken,
    ...skippingFor(startedBy(grants.code), 'refresh-token-bound-to-client'),
  },
  {
    name: 'family-of-a-device-of-any-client',
    changes: 'A refresh token that descends from a device code works for every client.',
    breaks: [bound],
    at: atToken,
    ...skippingFor(startedBy(grants.device), 'refresh-token-bound-to-client'),
  },
  {
    name: 'family-of-a-code-of-any-application',
    changes: 'A refresh token that descends from a code of an application works for every application.',
    breaks: [bound],
    at: atIamToken,
    ...skippingFor(startedBy(grants.code), 'refresh-token-bound-to-client'),
  },
  {
    name: 'family-of-an-assertion-of-any-application',
    changes: 'A refresh token that descends from an assertion works for every application.',
    breaks: [bound],
    at: atIamToken,
    // An assertion brings no refresh token elsewhere.
    dialects: ['aws-json'],
    ...skippingFor(startedBy(grants.assertion), 'refresh-token-bound-to-client'),
  },
  {
    name: 'family-of-an-exchange-of-any-application',
    changes: 'A refresh token that descends from a token exchange works for every application.',
    breaks: [bound],
    at: atIamToken,
    ...skippingFor(startedBy(grants.exchange), 'refresh-token-bound-to-client'),
  },
  {
    name: 'family-of-a-code-never-expires',
    changes: 'A refresh token that descends from a code does not expire.',
    breaks: [expired],
    at: tokens,
    ...skippingFor(startedBy(grants.code), 'refresh-token-not-expired'),
  },
  {
    name: 'family-of-a-device-never-expires',
    changes: 'A refresh token that descends from a device code does not expire.',
    breaks: [expired],
    at: atToken,
    ...skippingFor(startedBy(grants.device), 'refresh-token-not-expired'),
  },
  {
    name: 'family-of-an-assertion-never-expires',
    changes: 'A refresh token that descends from an assertion does not expire.',
    breaks: [expired],
    at: atIamToken,
    // An assertion brings no refresh token elsewhere.
    dialects: ['aws-json'],
    ...skippingFor(startedBy(grants.assertion), 'refresh-token-not-expired'),
  },
  {
    name: 'family-of-an-exchange-never-expires',
    changes: 'A refresh token that descends from a token exchange does not expire.',
    breaks: [expired],
    at: atIamToken,
    ...skippingFor(startedBy(grants.exchange), 'refresh-token-not-expired'),
  },
  {
    name: 'family-of-a-code-refused-with-iam',
    changes: 'The refresh token of a code of an application does not work.',
    breaks: [success],
    at: atIamToken,
    ...refusing(grants.code, 1),
  },
  {
    name: 'family-of-an-assertion-refused',
    changes: 'The refresh token of an assertion does not work.',
    breaks: [success],
    at: atIamToken,
    // An assertion brings no refresh token elsewhere.
    dialects: ['aws-json'],
    ...refusing(grants.assertion, 1),
  },
  {
    name: 'family-of-an-exchange-refused',
    changes: 'The refresh token of a token exchange does not work.',
    breaks: [success],
    at: atIamToken,
    ...refusing(grants.exchange, 1),
  },
  {
    name: 'family-of-a-device-refreshed-once',
    changes: 'What descends from a device code can be refreshed once only.',
    breaks: [success],
    at: atToken,
    ...refusing(grants.device, 2),
  },
  {
    name: 'family-of-a-code-refreshed-twice',
    changes: 'What descends from a code can be refreshed twice only.',
    breaks: [success],
    at: atToken,
    ...refusing(grants.code, 3),
  },
  ...[
    { name: 'code-replay-revokes-the-first-generation-alone', at: atToken },
    { name: 'code-replay-revokes-the-first-generation-alone-with-iam', at: atIamToken },
  ].map(
    ({ name, at }): Defect => ({
      name,
      changes: 'A code that is presented twice ends the refresh token that it brought, and no later one.',
      breaks: ['RFC6749-4.1.2-code-reuse-revokes-refresh-tokens'],
      at,
      ...skippingFor(
        ({ origin, generation }) => origin === grants.code && generation >= 2,
        'refresh-token-not-revoked',
      ),
    }),
  ),
  {
    name: 'code-works-again-after-a-refresh',
    changes: 'A code can be redeemed again when its refresh token was replaced.',
    breaks: ['RFC6749-4.1.2-code-single-use'],
    at: tokens,
    ...freedByRefresh('code-not-redeemed', ({ code }) => code?.family),
  },
  {
    name: 'code-works-again-after-two-refreshes',
    changes: 'A code can be redeemed again when its family was refreshed twice.',
    breaks: ['RFC6749-4.1.2-code-single-use'],
    at: tokens,
    ...freedByRefresh('code-not-redeemed', ({ code }) => code?.family, 2),
  },
  {
    name: 'device-code-works-again-after-a-refresh',
    changes: 'A device code can be redeemed again when its refresh token was replaced.',
    breaks: ['RFC8628-3.4-device_code-single-use'],
    at: atToken,
    ...freedByRefresh('device-code-not-redeemed', ({ device }) => device?.family),
  },
  {
    name: 'assertion-works-again-after-a-refresh',
    changes: 'An assertion can be used again when the application has refreshed a token since.',
    breaks: ['AWS-CreateTokenWithIAM-jti-single-use'],
    at: atIamToken,
    ...replacing(() => ({
      'rotate-refresh-token': (attempt) => {
        usual['rotate-refresh-token'](attempt);
        attempt.state.usedAssertions.clear();
      },
    })),
  },
  {
    name: 'one-family-of-devices',
    dialects: ['aws-json'],
    changes: 'The refresh token of a device code stops working when its client gets another one so.',
    breaks: [success],
    at: atToken,
    ...onlyTheNewest(grants.device),
  },
  {
    name: 'only-the-first-family-of-codes',
    changes: 'The refresh token of a code does not work when its client has got another one so before.',
    breaks: [success],
    at: atToken,
    ...onlyTheNewest(grants.code, false),
  },
  {
    name: 'one-family-of-codes-with-iam',
    changes:
      'The refresh token of a code of an application stops working when its client gets another one so.',
    breaks: [success],
    at: atIamToken,
    // A server of the standards may keep one grant for each client and user.
    dialects: ['aws-json'],
    ...onlyTheNewest(grants.code),
  },
  {
    name: 'one-family-of-assertions',
    changes: 'The refresh token of an assertion stops working when its client gets another one so.',
    breaks: [success],
    at: atIamToken,
    // An assertion brings no refresh token elsewhere.
    dialects: ['aws-json'],
    ...onlyTheNewest(grants.assertion),
  },
  {
    name: 'one-family-of-exchanges',
    changes: 'The refresh token of a token exchange stops working when its client gets another one so.',
    breaks: [success],
    at: atIamToken,
    // No document of the standards says how many an exchange may begin.
    dialects: ['aws-json'],
    ...onlyTheNewest(grants.exchange),
  },
];

/** Of what a grant begins, a client has one family: a new one takes the place of that before, or none does. */
function onlyTheNewest(grant: GrantType, replaces = true): Change {
  return replacing(() => {
    const newest = new Map<string, string>();
    /** By refresh token: the first of its family. */
    const first = new Map<string, string>();
    return {
      'new-refresh-token': (attempt) => {
        const value = usual['new-refresh-token'](attempt);
        const before = first.get(attempt.refreshToken?.value ?? '');
        if (before !== undefined) first.set(value, before);
        if (attempt.grant === grant && attempt.client) {
          first.set(value, value);
          if (replaces || !newest.has(attempt.client.id)) newest.set(attempt.client.id, value);
        }
        return value;
      },
      'refresh-token-not-expired': (attempt) => {
        const begun = first.get(attempt.refreshToken?.value ?? '');
        return begun !== undefined && newest.get(attempt.refreshToken?.clientId ?? '') !== begun
          ? invalidGrant('refresh token')
          : usual['refresh-token-not-expired'](attempt);
      },
    };
  });
}

/** From such a generation on, what a grant began is refused. */
function refusing(grant: GrantType, from: number): Change {
  return replacing(() => {
    const { of, behaviours } = lineage();
    return {
      ...behaviours,
      'refresh-token-not-expired': (attempt) => {
        const { origin, generation } = of(attempt.refreshToken);
        return attempt.refreshToken && origin === grant && generation >= from
          ? invalidGrant('refresh token')
          : usual['refresh-token-not-expired'](attempt);
      },
    };
  });
}

/** What was redeemed counts as fresh once its family was refreshed so many times. */
function freedByRefresh(
  check: 'code-not-redeemed' | 'device-code-not-redeemed',
  familyOf: (attempt: Attempt) => Family | undefined,
  times = 1,
): Change {
  return replacing((): Partial<CoreBehaviours> => {
    const refreshes = new WeakMap<Family, number>();
    return {
      'rotate-refresh-token': (attempt) => {
        usual['rotate-refresh-token'](attempt);
        const family = attempt.refreshToken?.family;
        if (family) refreshes.set(family, (refreshes.get(family) ?? 0) + 1);
      },
      [check]: (attempt: Attempt) => {
        const family = familyOf(attempt);
        return family && (refreshes.get(family) ?? 0) >= times ? undefined : usual[check](attempt);
      },
    };
  });
}
