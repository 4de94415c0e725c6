import type { Operation } from '../../core/operation.ts';
import { operationOf } from '../../fronts/aws-json/format.ts';
import type { JsonObject, WireResponse } from '../../wire.ts';
import { atIamToken, atToken, type Change, type Defect, textOf, tokens, withHeader } from '../defect.ts';
import { membersOf } from './kit.ts';

const boundCode = 'RFC6749-4.1.3-code-bound-to-confidential-client';
const boundToken = 'RFC6749-6-bound-to-client';
const boundDevice = 'RFC8628-3.4-bound-to-client';
const assertionOnce = 'AWS-CreateTokenWithIAM-jti-single-use';
const wrongVerifier = 'RFC7636-4.6-wrong-verifier';

/** An answer that is kept, and given again to a request that it is not for. */
export const answeredAgain: readonly Defect[] = [
  {
    name: 'code-answered-to-a-stranger',
    changes: 'A code that was redeemed is answered with its tokens again when another client presents it.',
    breaks: [boundCode],
    at: tokens,
    ...answeredWhen('code', (now, then) => now.clientId !== then.clientId),
  },
  {
    name: 'code-answered-whatever-the-verifier',
    changes: 'A code that was redeemed is answered with its tokens again when the verifier is another one.',
    breaks: [wrongVerifier],
    at: tokens,
    ...answeredWhen('code', (now, then) => isTold(now, then) && now.codeVerifier !== then.codeVerifier),
  },
  {
    name: 'device-code-answered-to-a-stranger',
    changes: 'A device code that was redeemed is answered with its tokens again when another client polls.',
    breaks: [boundDevice],
    at: atToken,
    ...answeredWhen('deviceCode', (now, then) => now.clientId !== then.clientId),
  },
  {
    name: 'replaced-refresh-token-answered-to-a-stranger',
    changes: 'A replaced refresh token is answered with its successor when another client presents it.',
    breaks: [boundToken],
    at: tokens,
    ...answeredWhen('refreshToken', (now, then) => now.clientId !== then.clientId),
  },
  {
    name: 'replaced-refresh-token-answered-without-a-secret',
    changes: 'A replaced refresh token is answered with its successor whatever the client secret is.',
    breaks: ['RFC6749-5.2-invalid_client-wrong-secret'],
    at: atToken,
    ...answeredWhen(
      'refreshToken',
      (now, then) => isTold(now, then) && now.clientSecret !== then.clientSecret,
    ),
  },
  {
    name: 'assertion-answered-to-another-application',
    changes: 'An assertion that was used is answered with its tokens again when another application has it.',
    breaks: [assertionOnce],
    at: atIamToken,
    ...answeredWhen('assertion', (now, then) => now.clientId !== then.clientId),
  },
  {
    name: 'exchange-answered-whatever-the-scope',
    changes: 'A subject token that comes again with another scope is answered as it was before.',
    breaks: ['AWS-CreateTokenWithIAM-scope-narrowed'],
    at: atIamToken,
    ...answeredWhen('subjectToken', (now, then) => isTold(now, then) && differ(now.scope, then.scope)),
  },
  {
    name: 'exchange-answered-whatever-the-type',
    changes: 'A subject token that comes again for another type of token is answered as it was before.',
    breaks: ['RFC8693-2.2.1-issued_token_type'],
    at: atIamToken,
    ...answeredWhen(
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
];

const isTold = (now: JsonObject, then: JsonObject): boolean => now.clientId === then.clientId;

const differ = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);

/** The answer to what was granted is kept, and given again to requests that present the same and differ so. */
function answeredWhen(member: string, again: (now: JsonObject, then: JsonObject) => boolean): Change {
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

/** A success is answered again, for requests of this operation with the same key. */
export function answeredAt(operation: Operation, key: (members: JsonObject) => unknown): Change {
  return {
    middleware: () => {
      const known = new Map<string, WireResponse>();
      return async (request, endpoint) => {
        if (operationOf(request) !== operation) return endpoint(request);
        const at = JSON.stringify(key(membersOf(request)));
        const response = known.get(at) ?? (await endpoint(request));
        if (response.status === 200) known.set(at, response);
        return withHeader(response, 'x-amzn-RequestId', crypto.randomUUID());
      };
    },
  };
}
