import { refusalFor } from '../../core/refusal.ts';
import type { OAuthAttempt } from '../../fronts/oauth-form/attempt.ts';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import { clientAssertionType } from '../../fronts/oauth-form/client-assertion-checks.ts';
import { atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';
import { passing, passingWhen, refusingWhen, rereading } from './client-kit.ts';

const issuer = 'RFC7523-3-client-iss';
const subject = 'RFC7523-3-client-sub';
const audience = 'RFC7523-3-client-aud-required';
const expiry = 'RFC7523-3-client-exp';
const notBefore = 'RFC7523-3-client-nbf';
const type = 'RFC7521-4.2-client_assertion_type';
const byKey = 'RFC7523-2.2-private_key_jwt-success';
const bySecret = 'OIDC-9-client_secret_jwt-success';
const once = 'OIDC-9-client-jti-single-use';

/** Whether a claim is such a text. */
const claimed =
  (name: string, is: (text: string, attempt: OAuthAttempt) => boolean) => (attempt: OAuthAttempt) => {
    const value = attempt.clientAssertion?.claims[name];
    return typeof value === 'string' && is(value, attempt);
  };

const lacking = (name: string) => (attempt: OAuthAttempt) =>
  attempt.clientAssertion !== undefined && attempt.clientAssertion.claims[name] === undefined;

/** Takes other audiences than the right ones too. */
const audiences = (fits: (aud: string, right: string) => boolean): Change =>
  passingWhen(
    claimed('aud', (aud, all) => all.audiences.some((right) => fits(aud, right))),
    'client-assertion-audience-right',
  );

/** What is asked of a right assertion, whatever the right ones are here. */
const knownAs = (of: (right: string) => string): Change =>
  replacingOAuth(() => ({
    'accepted-audiences': (...asked) => usual['accepted-audiences'](...asked).map(of),
  }));

const originOf = (url: string): string | undefined => URL.parse(url)?.origin;

/** What the claims of a client assertion say, and what stands beside it. */
export const clientClaims: readonly Defect[] = [
  {
    name: 'client-assertion-issuer-unchecked',
    changes: 'The iss of a client assertion may be any.',
    breaks: [issuer],
    at: atToken,
    ...passing('client-assertion-issuer-right'),
  },
  {
    name: 'client-assertion-issuer-optional',
    changes: 'The iss of a client assertion may be left out, but not be wrong.',
    breaks: [issuer],
    at: atToken,
    ...passingWhen(lacking('iss'), 'client-assertion-issuer-right'),
  },
  {
    name: 'client-assertion-issuer-in-any-case',
    changes: 'The iss of a client assertion is compared without regard to case.',
    breaks: [issuer],
    at: atToken,
    ...passingWhen(
      claimed('iss', (iss, { client }) => iss.toLowerCase() === client?.id.toLowerCase()),
      'client-assertion-issuer-right',
    ),
  },
  {
    name: 'client-assertion-issuer-by-prefix',
    changes: 'The iss of a client assertion need only begin with the id of the client.',
    breaks: [issuer],
    at: atToken,
    ...passingWhen(
      claimed('iss', (iss, { client }) => client !== undefined && iss.startsWith(client.id)),
      'client-assertion-issuer-right',
    ),
  },
  {
    name: 'client-assertion-subject-unchecked',
    changes: 'The sub of a client assertion may be any, since client_id says who the client is.',
    breaks: [subject],
    at: atToken,
    ...passing('client-named-once', 'client-assertion-subject-right'),
  },
  {
    name: 'client-assertion-subject-optional',
    changes: 'The sub of a client assertion may be left out, but not be wrong.',
    breaks: [subject],
    at: atToken,
    ...passingWhen(lacking('sub'), 'client-assertion-subject-right'),
  },
  {
    name: 'client-assertion-audience-unchecked',
    changes: 'The aud of a client assertion may be any.',
    breaks: [audience],
    at: atToken,
    ...passing('client-assertion-audience-right'),
  },
  {
    name: 'client-assertion-audience-optional',
    changes: 'The aud of a client assertion may be left out, but not be wrong.',
    breaks: [audience],
    at: atToken,
    ...passingWhen(lacking('aud'), 'client-assertion-audience-right'),
  },
  {
    name: 'client-assertion-audience-by-prefix',
    changes: 'The aud of a client assertion need only begin with a right one.',
    breaks: [audience],
    at: atToken,
    ...audiences((aud, right) => aud.startsWith(right)),
  },
  {
    name: 'client-assertion-audience-by-suffix',
    changes: 'The aud of a client assertion need only end with a right one.',
    breaks: [audience],
    at: atToken,
    ...audiences((aud, right) => aud.endsWith(right)),
  },
  {
    name: 'client-assertion-audience-by-origin',
    changes: 'Of the aud of a client assertion only the origin is compared.',
    breaks: [audience],
    at: atToken,
    ...audiences((aud, right) => originOf(aud) !== undefined && originOf(aud) === originOf(right)),
  },
  {
    name: 'client-assertion-audience-by-last-segment',
    changes: 'Of the aud of a client assertion only the last segment of the path is compared.',
    breaks: [audience],
    at: atToken,
    ...audiences((aud, right) => aud.split('/').at(-1) === right.split('/').at(-1)),
  },
  {
    name: 'client-assertion-audience-in-any-case',
    changes: 'The aud of a client assertion is compared without regard to case.',
    breaks: [audience],
    at: atToken,
    ...audiences((aud, right) => aud.toLowerCase() === right.toLowerCase()),
  },
  {
    name: 'client-assertion-for-doubled-slash',
    changes: 'The only aud of client assertions is the token endpoint with a second slash behind the issuer.',
    breaks: [byKey, bySecret],
    at: atToken,
    ...knownAs((right) => right.replace(/\/token$/, '//token').replace(/oauth2$/, 'oauth2//token')),
  },
  {
    name: 'client-assertion-expiry-optional',
    changes: 'A client assertion without exp never expires.',
    breaks: [expiry],
    at: atToken,
    ...passing('client-assertion-expiry-present'),
  },
  {
    name: 'client-assertion-expiry-unchecked',
    changes: 'A client assertion needs an exp, which may have passed.',
    breaks: [expiry],
    at: atToken,
    ...passing('client-assertion-not-expired'),
  },
  {
    name: 'client-assertion-expiry-with-a-day-of-skew',
    changes: 'A client assertion is good for a day beyond its exp.',
    breaks: [expiry],
    at: atToken,
    ...passingWhen(
      ({ clientAssertion, now }) => now < (Number(clientAssertion?.claims.exp) + 86_400) * 1_000,
      'client-assertion-not-expired',
    ),
  },
  {
    name: 'client-assertion-not-before-unchecked',
    changes: 'The nbf of a client assertion is not looked at.',
    breaks: [notBefore],
    at: atToken,
    ...passing('client-assertion-already-valid'),
  },
  {
    name: 'client-assertion-not-before-in-milliseconds',
    changes: 'The nbf of a client assertion is read as milliseconds since 1970, and so has always passed.',
    breaks: [notBefore],
    at: atToken,
    ...passingWhen(
      ({ clientAssertion, now }) => Number(clientAssertion?.claims.nbf) <= now,
      'client-assertion-already-valid',
    ),
  },
  {
    name: 'client-assertion-type-unchecked',
    changes: 'The client_assertion_type may be any, or be left out.',
    breaks: [type],
    at: atToken,
    ...passing('client-assertion-type-right'),
  },
  {
    name: 'client-assertion-type-optional',
    changes: 'The client_assertion_type may be left out, but not be wrong.',
    breaks: [type],
    at: atToken,
    ...passingWhen(({ presented }) => presented.assertionType === undefined, 'client-assertion-type-right'),
  },
  {
    name: 'client-assertion-type-by-its-end',
    changes: 'Every client_assertion_type that ends with bearer is taken for that of JWTs.',
    breaks: [type],
    at: atToken,
    ...passingWhen(
      ({ presented }) => presented.assertionType?.endsWith('bearer') === true,
      'client-assertion-type-right',
    ),
  },
  {
    name: 'client-assertion-type-refused',
    changes: 'The client_assertion_type of JWTs is refused, and no other is known.',
    breaks: [byKey, bySecret],
    at: atToken,
    ...refusingWhen(
      ({ presented }) => presented.assertionType === clientAssertionType,
      'invalid_client',
      'client-assertion-type-right',
    ),
  },
  {
    name: 'client-id-beside-assertion-ignored',
    changes: 'Beside a client assertion, the client_id of the request is ignored.',
    breaks: ['RFC7521-4.2-client_id-mismatch'],
    at: atToken,
    ...rereading((form) => {
      if (form.has('client_assertion')) form.delete('client_id');
      return undefined;
    }),
  },
  {
    name: 'client-id-beside-assertion-required',
    changes: 'A client assertion counts only beside a client_id.',
    breaks: [byKey, bySecret],
    at: atToken,
    ...rereading((form) => {
      if (!form.has('client_id')) form.delete('client_assertion');
      return undefined;
    }),
  },
  {
    name: 'client-id-beside-assertion-refused',
    changes: 'Beside a client_id, a client assertion does not count.',
    breaks: [byKey, bySecret],
    at: atToken,
    ...rereading((form) => {
      if (form.has('client_id')) form.delete('client_assertion');
      return undefined;
    }),
  },
  {
    name: 'client-with-key-by-id-alone',
    changes: 'A client that registered a key may leave its assertion out.',
    breaks: ['OIDC-3.1.3.1-assertion-required'],
    at: atToken,
    ...passingWhen(
      ({ presented, client }) => presented.method === 'none' && client?.method === 'private_key_jwt',
      'method-as-registered',
      'client-assertion-type-right',
    ),
  },
  {
    name: 'client-assertion-id-optional',
    changes: 'A client assertion needs no jti.',
    breaks: [once],
    at: atToken,
    ...passing('client-assertion-id-present'),
  },
  {
    name: 'client-assertion-used-twice',
    changes: 'A client assertion may be used any number of times.',
    breaks: [once],
    at: atToken,
    ...passing('client-assertion-not-used'),
  },
  {
    name: 'client-assertion-forgotten-in-ten-minutes',
    changes: 'The jti of a client assertion is remembered for ten minutes, however long it lives.',
    breaks: ['OIDC-9-client-jti-remembered'],
    at: atToken,
    ...remembering(({ now, at }) => now < at + 600_000),
  },
  {
    name: 'client-assertion-one-remembered',
    changes: 'Of each client only the last jti is remembered.',
    breaks: [once],
    at: atToken,
    ...remembering(({ isLast }) => isLast),
  },
];

/** Refuses assertions whose jti is known, as long as they are remembered. */
function remembering(
  isKnown: (about: { readonly now: number; readonly at: number; readonly isLast: boolean }) => boolean,
): Change {
  return replacingOAuth(() => {
    const used = new Map<string, number>();
    const last = new Map<string, unknown>();
    return {
      'client-assertion-not-used': ({ client, clientAssertion, now }) => {
        if (!client || !clientAssertion) return undefined;
        const { jti } = clientAssertion.claims;
        const identity = JSON.stringify([client.id, jti]);
        const at = used.get(identity);
        if (at !== undefined && isKnown({ now, at, isLast: last.get(client.id) === jti }))
          return refusalFor('invalid_client');
        used.set(identity, now);
        last.set(client.id, jti);
        return undefined;
      },
    };
  });
}
