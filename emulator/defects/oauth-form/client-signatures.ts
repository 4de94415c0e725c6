import { createHmac, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { JWK } from 'jose';
import { coreBehaviours } from '../../core/behaviours.ts';
import type { State } from '../../core/state.ts';
import type { OAuthAttempt } from '../../fronts/oauth-form/attempt.ts';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import type { ClientAssertion } from '../../fronts/oauth-form/client-assertion.ts';
import type { OAuthClient } from '../../fronts/oauth-form/state.ts';
import { atToken, type Change, type Defect, replacingOAuth, together } from '../defect.ts';
import { breakingAt, passing, passingWhen, refusingAs, refusingWhen } from './client-kit.ts';

const signature = 'RFC7523-3-client-signature';
const algNone = 'RFC7523-3-client-alg-none';
const headerKeys = 'RFC8725-3.10-header-keys-not-trusted';
const error = 'RFC7523-3.2-error-invalid_client';

/** An assertion that is not signed as it has to be. */
interface Unsigned extends ClientAssertion {
  readonly text: string;
  readonly client: OAuthClient;
  readonly keys: readonly JWK[];
}

/** Takes some assertions for signed that are not. */
const trusting = (newTrust: () => (read: Unsigned) => boolean): Change =>
  replacingOAuth(() => {
    const isTrusted = newTrust();
    return {
      'read-client-assertion': async (text, client, keysOf) => {
        const read = await usual['read-client-assertion'](text, client, keysOf);
        if (!client) return read;
        const more = { ...read, text, client, keys: await keysOf(client) };
        return { ...read, signed: isTrusted(more) || read.signed };
      },
    };
  });

/** Reads another text than the one that came. */
const rewriting = (of: (text: string) => string, and: Partial<ClientAssertion> = {}): Change =>
  replacingOAuth(() => ({
    'read-client-assertion': async (text, client, keysOf) => {
      const other = of(text);
      const read = await usual['read-client-assertion'](other, client, keysOf);
      return other === text ? read : { ...read, ...and };
    },
  }));

const isNamed = (is: (alg: string) => boolean) => (attempt: OAuthAttempt) =>
  is(String(attempt.clientAssertion?.header.alg));

/** Takes whatever names such an algorithm for signed. */
const unsignedWhere = (is: (alg: string) => boolean): Change =>
  passingWhen(isNamed(is), 'client-assertion-algorithm-right', 'client-assertion-signature-right');

const partsOf = (text: string) => {
  const [header = '', claims = '', given = ''] = text.split('.');
  return { input: `${header}.${claims}`, given };
};

const hmacOf = (input: string, key: string): string =>
  createHmac('sha256', key).update(input).digest('base64url');

function isSignedBy(text: string, jwk: unknown): boolean {
  const { input, given } = partsOf(text);
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    return verify('sha256', Buffer.from(input), key, Buffer.from(given, 'base64url'));
  } catch {
    return false;
  }
}

/** Whether it is keyed with the public key of the client, as a file has it. */
const isKeyedWithPublicKey = ({ text, keys }: Unsigned): boolean =>
  keys.some((jwk) => {
    const { input, given } = partsOf(text);
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    return given === hmacOf(input, key.export({ format: 'pem', type: 'spki' }).toString());
  });

const isOf = ({ client }: Unsigned, method: OAuthClient['method']): boolean => client.method === method;

/** Takes the credentials of every client for those of each. */
const ofAnyClient = (isRight: (read: Unsigned, all: readonly OAuthClient[]) => boolean): Change =>
  replacingOAuth(() => {
    let clients: readonly OAuthClient[] = [];
    return {
      ...trusting(() => (read) => isRight(read, clients)).oauth?.behaviours?.(),
      // It is asked for right before its assertion is read.
      'find-client': (state: State, members) => {
        clients = [...state.clients.values()] as OAuthClient[];
        return coreBehaviours['find-client'](state, members);
      },
    };
  });

/** How a client assertion is signed and written. */
export const clientSignatures: readonly Defect[] = [
  {
    name: 'client-assertion-signature-unchecked',
    changes: 'The signature of a client assertion may be any.',
    breaks: [signature],
    at: atToken,
    ...passing('client-assertion-signature-right'),
  },
  {
    name: 'client-assertion-signature-empty',
    changes: 'A client assertion with an empty signature is taken for signed, whatever its algorithm.',
    breaks: [signature],
    at: atToken,
    ...trusting(
      () =>
        ({ text }) =>
          partsOf(text).given === '',
    ),
  },
  {
    name: 'client-assertion-hmac-by-prefix',
    changes: 'An HMAC of a client assertion is right as far as it goes.',
    breaks: [signature],
    at: atToken,
    ...trusting(() => (read) => {
      const { input, given } = partsOf(read.text);
      return isOf(read, 'client_secret_jwt') && hmacOf(input, read.client.secret).startsWith(given);
    }),
  },
  {
    name: 'client-assertion-hmac-truncated',
    changes: 'Of an HMAC of a client assertion only the first half is compared.',
    breaks: [signature],
    at: atToken,
    ...trusting(() => (read) => {
      const { input, given } = partsOf(read.text);
      const isHalfRight = hmacOf(input, read.client.secret).slice(0, 21) === given.slice(0, 21);
      return isOf(read, 'client_secret_jwt') && isHalfRight;
    }),
  },
  {
    name: 'client-assertion-trusted-after-first',
    changes: 'Of a client that has once shown a right assertion, no signature is checked any more.',
    breaks: [signature],
    at: atToken,
    ...trusting(() => {
      const known = new Set<string>();
      return ({ signed, client }) => {
        if (signed) known.add(client.id);
        return known.has(client.id);
      };
    }),
  },
  {
    name: 'client-assertion-trusted-by-id-of-key',
    changes: 'An assertion that names a key of the client by its kid is taken for signed with it.',
    breaks: [signature],
    at: atToken,
    ...trusting(
      () =>
        ({ header, keys }) =>
          keys.some(({ kid }) => kid !== undefined && kid === header.kid),
    ),
  },
  {
    name: 'client-assertion-by-key-of-any-client',
    changes: 'A client assertion may be signed with the key of any client.',
    breaks: [signature],
    at: atToken,
    ...ofAnyClient(({ text }, all) => all.some(({ keys = [] }) => keys.some((jwk) => isSignedBy(text, jwk)))),
  },
  {
    name: 'client-assertion-by-secret-of-any-client',
    changes: 'A client assertion may be keyed with the secret of any client.',
    breaks: [signature],
    at: atToken,
    ...ofAnyClient((read, all) => {
      const { input, given } = partsOf(read.text);
      return (
        isOf(read, 'client_secret_jwt') &&
        all.some(({ secret }) => secret !== '' && hmacOf(input, secret) === given)
      );
    }),
  },
  {
    name: 'client-assertion-alg-none',
    changes: 'A client assertion with the algorithm none needs no signature.',
    breaks: [algNone],
    at: atToken,
    ...unsignedWhere((alg) => alg === 'none'),
  },
  {
    name: 'client-assertion-alg-none-in-any-case',
    changes: 'A client assertion with the algorithm none, in any case, needs no signature.',
    breaks: [algNone],
    at: atToken,
    ...unsignedWhere((alg) => alg.toLowerCase() === 'none'),
  },
  {
    name: 'client-assertion-alg-none-but-in-lower-case',
    changes: 'Only the algorithm none in lower case is refused; in any other it needs no signature.',
    breaks: [algNone],
    at: atToken,
    ...unsignedWhere((alg) => alg !== 'none' && alg.toLowerCase() === 'none'),
  },
  {
    name: 'client-assertion-alg-none-in-capitals',
    changes: 'The algorithm NONE needs no signature.',
    breaks: [algNone],
    at: atToken,
    ...unsignedWhere((alg) => alg === 'NONE'),
  },
  {
    name: 'client-assertion-critical-headers-ignored',
    changes: 'Critical header members of a client assertion are ignored.',
    breaks: [headerKeys],
    at: atToken,
    ...trusting(() => ({ text, header, client, keys }) => {
      const { input, given } = partsOf(text);
      return header.alg === 'HS256'
        ? client.method === 'client_secret_jwt' && hmacOf(input, client.secret) === given
        : keys.some((jwk) => isSignedBy(text, jwk));
    }),
  },
  {
    name: 'client-assertion-by-key-in-its-header',
    changes: 'The key in the header of a client assertion is trusted.',
    breaks: [headerKeys],
    at: atToken,
    ...trusting(
      () =>
        ({ text, header }) =>
          header.jwk !== undefined && isSignedBy(text, header.jwk),
    ),
  },
  {
    name: 'client-assertion-keyed-with-public-key',
    changes: 'The public key of a client is taken for the key of an HMAC.',
    breaks: ['RFC8725-3.1-alg-confusion'],
    at: atToken,
    ...together([
      passingWhen(
        isNamed((alg) => alg === 'HS256'),
        'client-assertion-algorithm-right',
      ),
      trusting(() => (read) => isOf(read, 'private_key_jwt') && isKeyedWithPublicKey(read)),
    ]),
  },
  {
    name: 'client-assertion-rs256-unknown',
    changes: 'Client assertions may be signed with every algorithm but RS256.',
    breaks: ['RFC7523-5-rs256-mti', 'RFC7523-2.2-private_key_jwt-success'],
    at: atToken,
    ...refusingWhen(
      isNamed((alg) => alg === 'RS256'),
      'invalid_client',
      'client-assertion-algorithm-right',
    ),
  },
  {
    name: 'client-assertion-hs256-unknown',
    changes: 'Client assertions may be keyed for every algorithm but HS256.',
    breaks: ['OIDC-9-client_secret_jwt-success'],
    at: atToken,
    ...refusingWhen(
      isNamed((alg) => alg === 'HS256'),
      'invalid_client',
      'client-assertion-algorithm-right',
    ),
  },
  {
    name: 'client-assertion-without-third-part',
    changes: 'A client assertion of two parts needs no signature.',
    breaks: [error],
    at: atToken,
    ...rewriting((text) => text.replace(/^([^.]+\.[^.]+)$/, '$1.'), { signed: true }),
  },
  {
    name: 'client-assertion-fourth-part-ignored',
    changes: 'What stands behind the third part of a client assertion is ignored.',
    breaks: [error],
    at: atToken,
    ...rewriting((text) => text.split('.').slice(0, 3).join('.')),
  },
  {
    name: 'client-assertion-malformed-as-server-error',
    changes: 'A client assertion that is no JWT is a server error.',
    breaks: [error],
    at: atToken,
    ...breakingAt('client-assertion-well-formed'),
  },
  {
    name: 'client-assertion-malformed-as-invalid-grant',
    changes:
      'A client assertion that is no JWT is answered with invalid_grant, as one at the grant would be.',
    breaks: [error],
    at: atToken,
    ...refusingAs('invalid_grant', ['client-assertion-well-formed']),
  },
];
