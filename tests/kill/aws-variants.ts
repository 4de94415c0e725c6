import { defaultBehaviours as usual } from '../../emulator/behaviours.ts';
import { invalidGrant, invalidRequest, refusalFor } from '../../emulator/core/refusal.ts';
import {
  answering,
  awsError,
  editing,
  isError,
  isSuccess,
  issuesTokens,
  naming,
  of,
} from '../../emulator/defects/aws-json/kit.ts';
import { graceful } from '../../emulator/defects/core/refresh-token.ts';
import {
  type Change,
  leaving,
  replacing,
  skipping,
  skippingWhen,
  withHeader,
} from '../../emulator/defects/defect.ts';
import { jsonObject, utf8Text } from '../../emulator/json.ts';
import type { JsonObject, WireRequest, WireResponse } from '../../emulator/wire.ts';
import type { Target } from '../../targets/target/target.ts';
import type { Variant } from './variant.ts';

const everyHeader = (change: (name: string) => string): Change =>
  answering(({ response }) => ({
    ...response,
    headers: response.headers.map(([name, value]) => [change(name), value] as const),
  }));

const limited = (...fixtures: Target['limits'][number]['fixture'][]): Partial<Target> => ({
  limits: fixtures.map((fixture) => ({
    fixture,
    reason: 'this target does not offer it',
  })) as Target['limits'],
});

const artefacts = ['code', 'deviceCode', 'refreshToken', 'assertion', 'subjectToken'];

const hasContext = ({ scope }: JsonObject): boolean =>
  Array.isArray(scope) && scope.includes('sts:identity_context');
/** Refuses requests below the operation, as a server of restJson1 does, with an exception that no model knows. */
const notServing = (
  status: number,
  exception: string,
  concerns: (request: WireRequest) => boolean,
): Change => ({
  middleware: () => async (request, endpoint) =>
    concerns(request)
      ? {
          status,
          headers: [
            ['Content-Type', 'application/json'],
            ['x-amzn-RequestId', crypto.randomUUID()],
            ['x-amzn-ErrorType', exception],
            ['Date', new Date().toUTCString()],
          ],
          body: '{}',
        }
      : endpoint(request),
});

export const awsVariants: readonly Variant[] = [
  {
    name: 'other-media-types-refused',
    differs: 'A request without application/json is answered with status 415, as the tests of Smithy demand.',
    ...notServing(
      415,
      'UnsupportedMediaTypeException',
      ({ method, headers }) => method === 'POST' && headers.get('content-type')?.[0] !== 'application/json',
    ),
  },
  {
    name: 'same-client-for-the-same-metadata',
    differs: 'Who registers with the same metadata again gets the same client.',
    middleware: () => {
      const known = new Map<string, WireResponse>();
      return async (request, endpoint) => {
        if (request.path !== '/client/register') return endpoint(request);
        const metadata = Buffer.from(request.body ?? '').toString();
        const response = known.get(metadata) ?? (await endpoint(request));
        if (response.status === 200) known.set(metadata, response);
        return withHeader(response, 'x-amzn-RequestId', crypto.randomUUID());
      };
    },
  },
  {
    name: 'expired-assertion-as-expired-token',
    only: 'aws-json',
    differs: 'An expired assertion is answered with ExpiredTokenException.',
    ...replacing(() => ({
      'assertion-not-expired': (attempt) =>
        usual['assertion-not-expired'](attempt) && refusalFor('expired_token'),
    })),
  },
  {
    name: 'one-region',
    differs: 'There is one region, and what names another is taken for it.',
    ...skipping(
      'scope-region-right',
      'refresh-token-usable-here',
      'refresh-token-of-this-region',
      'subject-token-of-this-region',
    ),
  },
  {
    name: 'other-issued-token-types',
    differs: 'Outside of token exchange, what is issued is called an access token.',
    ...editing(of('iam_token'), (body, { members }) =>
      members.grantType === 'urn:ietf:params:oauth:grant-type:token-exchange'
        ? body
        : { ...body, issuedTokenType: 'urn:ietf:params:oauth:token-type:access_token' },
    ),
  },
  {
    name: 'empty-is-a-value',
    differs: 'An empty member is looked up like any other.',
    ...replacing(() => ({ 'member-absent': (value) => value === undefined || value === null })),
  },
  {
    name: 'other-operation-not-implemented',
    differs: 'Other methods, and the signed operation without a signature, are answered with status 501.',
    ...notServing(
      501,
      'NotImplementedException',
      ({ method, query, headers }) =>
        method !== 'POST' || (query.get('aws_iam') !== null && !headers.has('authorization')),
    ),
  },
  {
    name: 'html-not-acceptable',
    differs: 'A request that does not accept JSON is answered with status 406.',
    ...notServing(406, 'NotAcceptableException', ({ headers }) =>
      (headers.get('accept')?.[0] ?? '').startsWith('text/html'),
    ),
  },
  {
    name: 'long-requests-refused',
    differs: 'A request of more than 32 KiB is answered with status 413.',
    ...notServing(413, 'RequestEntityTooLargeException', ({ body }) => (body?.length ?? 32_769) > 32_768),
  },
  {
    name: 'unreadable-requests-refused',
    differs: 'A body that is no JSON object is answered with the SerializationException of the protocol.',
    ...notServing(
      400,
      'SerializationException',
      ({ method, body }) =>
        method === 'POST' && jsonObject(utf8Text(body ?? new Uint8Array()) ?? '') === undefined,
    ),
  },
  {
    name: 'members-in-reverse',
    differs: 'The members of every response come in reverse order.',
    ...editing(
      () => true,
      (body) => Object.fromEntries(Object.entries(body).reverse()),
    ),
  },
  {
    name: 'null-members-left-out',
    differs: 'Members without a value are left out, not null.',
    ...editing(
      () => true,
      (body) => leaving(body, ...Object.keys(body).filter((name) => body[name] === null)),
    ),
  },
  {
    name: 'more-null-members',
    differs: 'Every response has further members that are null.',
    ...editing(
      () => true,
      (body) => ({ ...body, traceId: null, hint: null }),
    ),
  },
  {
    name: 'more-members',
    differs: 'Every success has further members.',
    ...editing(isSuccess, (body) => ({ ...body, aws_sso_region: 'us-east-1', generation: 3 })),
  },
  {
    name: 'pretty-printed',
    differs: 'JSON is indented.',
    ...answering(({ response, body }) =>
      body ? { ...response, body: JSON.stringify(body, null, 2) } : response,
    ),
  },
  {
    name: 'escaped-json',
    differs: 'Slashes are escaped and hyphens written as code points.',
    ...answering(({ response, body }) =>
      body
        ? { ...response, body: JSON.stringify(body).replaceAll('/', '\\/').replaceAll('-', '\\u002d') }
        : response,
    ),
  },
  {
    name: 'headers-in-lower-case',
    differs: 'Header names are in lower case.',
    ...everyHeader((name) => name.toLowerCase()),
  },
  {
    name: 'headers-in-upper-case',
    differs: 'Header names are in upper case.',
    ...everyHeader((name) => name.toUpperCase()),
  },
  {
    name: 'exception-without-namespace',
    differs: 'x-amzn-ErrorType is the bare name.',
    ...answering((passing) =>
      passing.exception === undefined
        ? passing.response
        : withHeader(passing.response, 'x-amzn-ErrorType', passing.exception),
    ),
  },
  {
    name: 'charset-parameter',
    differs: 'Content-Type has a charset.',
    ...answering(({ response }) => withHeader(response, 'Content-Type', 'application/json;charset=UTF-8')),
  },
  {
    name: 'content-type-in-other-case',
    differs: 'Content-Type is written Application/JSON.',
    ...answering(({ response }) => withHeader(response, 'Content-Type', 'Application/JSON')),
  },
  {
    name: 'chunked-responses',
    differs: 'Responses are chunked.',
    ...answering(({ response }) => ({ ...response, chunked: true })),
  },
  {
    name: 'slow',
    differs: 'Every response takes 20 to 40 milliseconds more.',
    ...answering(async ({ response }) => {
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 20));
      return response;
    }),
  },
  {
    name: 'more-headers',
    differs: 'Responses have cookies, security headers and CORS headers.',
    ...answering(({ response }) => ({
      ...response,
      headers: [
        ...response.headers,
        ['Strict-Transport-Security', 'max-age=63072000'],
        ['X-Frame-Options', 'DENY'],
        ['Set-Cookie', 'lb=1; Path=/; Secure'],
        ['Access-Control-Allow-Origin', '*'],
      ],
    })),
  },
  {
    name: 'as-captured',
    differs: 'No caching headers, as in every captured response of AWS.',
    ...answering(({ response }) =>
      withHeader(withHeader(response, 'Cache-Control', undefined), 'Pragma', undefined),
    ),
  },
  {
    name: 'no-descriptions',
    differs: 'Errors have no error_description.',
    ...editing(isError, (body) => leaving(body, 'error_description')),
  },
  {
    name: 'other-descriptions',
    differs: 'Errors have other descriptions.',
    ...editing(isError, (body) => ({
      ...body,
      error_description: 'See https://docs.example/errors for help.',
    })),
  },
  {
    name: 'short-lifetimes',
    differs: 'Everything lives a short time.',
    ...replacing(() => ({
      'access-token-lifetime': () => 300,
      'iam-access-token-lifetime': () => 300,
      'device-code-lifetime': () => 120,
      'code-lifetime': () => 60,
      'refresh-token-lifetime': () => 86_400,
      'client-secret-lifetime': () => 86_400 * 3,
    })),
  },
  {
    name: 'interval-of-zero-seconds',
    differs: 'The interval is 0, and polling is left alone: no document gives it a least value.',
    ...replacing(() => ({ 'polling-interval': () => 0, 'poll-not-too-fast': () => undefined })),
  },
  {
    name: 'interval-of-ten-seconds',
    differs: 'Device codes are polled every ten seconds, with a burst of five.',
    ...replacing(() => ({ 'polling-interval': () => 10, 'polling-burst': () => 5 })),
  },
  {
    name: 'page-on-loopback',
    differs: 'The page for user codes is on loopback over http.',
    ...editing(of('device_authorization'), (body) => ({
      ...body,
      verificationUri: 'http://127.0.0.1:8080/device',
      verificationUriComplete: `http://127.0.0.1:8080/device?user_code=${body.userCode}`,
    })),
  },
  {
    name: 'handle-in-complete-uri',
    differs: 'The complete verification URI carries a handle that stands for the user code.',
    ...editing(of('device_authorization'), (body) => ({
      ...body,
      verificationUriComplete: `${body.verificationUri}?h=${crypto.randomUUID()}`,
    })),
  },
  {
    name: 'user-code-spelt-otherwise',
    differs: 'The complete verification URI carries the user code without its hyphen.',
    ...editing(of('device_authorization'), (body) => ({
      ...body,
      verificationUriComplete: String(body.verificationUriComplete).replace(/-(?=[^-]*$)/, ''),
    })),
  },
  {
    name: 'interval-missing',
    differs: 'StartDeviceAuthorization names no interval and leaves polling alone.',
    ...replacing(() => ({
      'poll-not-too-fast': () => undefined,
      'device-authorization-body': (device, page) =>
        leaving(usual['device-authorization-body'](device, page), 'interval', 'verificationUriComplete'),
    })),
  },
  {
    name: 'secrets-that-do-not-expire',
    differs: 'Client secrets never expire by themselves: clientSecretExpiresAt is 0.',
    ...replacing(() => ({
      'registration-body': (client) => ({ ...usual['registration-body'](client), clientSecretExpiresAt: 0 }),
    })),
  },
  {
    name: 'opaque-values-of-256-bits',
    differs: 'Codes, tokens and secrets are 43 characters of base64url.',
    ...replacing(() => {
      const value = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
      return {
        'new-access-token': value,
        'new-refresh-token': value,
        'new-code': value,
        'new-device-code': value,
        'new-client-secret': value,
        'new-subject-token': value,
      };
    }),
  },
  {
    name: 'tokens-as-uuid',
    differs: 'Codes and tokens are two UUIDs in a row.',
    ...replacing(() => {
      const value = () => `${crypto.randomUUID()}${crypto.randomUUID()}`;
      return {
        'new-access-token': value,
        'new-refresh-token': value,
        'new-code': value,
        'new-device-code': value,
      };
    }),
  },
  {
    name: 'bearer-in-lower-case',
    differs: 'The token type is bearer.',
    ...editing(isSuccess, (body) => ('tokenType' in body ? { ...body, tokenType: 'bearer' } : body)),
  },
  {
    name: 'missing-before-grant-type',
    differs: 'A request without client authentication is answered with InvalidClientException.',
    ...replacing(() => ({
      'client-secret-present': (attempt) =>
        usual['client-secret-present'](attempt) && refusalFor('invalid_client'),
    })),
  },
  {
    name: 'expired-device-code-as-observed',
    differs:
      'An expired device code is answered with InvalidGrantException, as the live service was seen to do.',
    ...replacing(() => ({
      'device-code-not-expired': (attempt) =>
        usual['device-code-not-expired'](attempt) && invalidGrant('device code'),
    })),
  },
  {
    name: 'expired-refresh-token-as-documented',
    only: 'aws-json',
    differs: 'An expired refresh token is answered with ExpiredTokenException.',
    ...replacing(() => ({
      'refresh-token-not-expired': (attempt) =>
        usual['refresh-token-not-expired'](attempt) && refusalFor('expired_token'),
    })),
  },
  {
    name: 'unknown-grant-type-as-invalid-grant',
    only: 'aws-json',
    differs: 'An unknown grant type is answered with InvalidGrantException, as AWS documents it too.',
    ...replacing(() => ({
      'grant-type-known': (attempt) => usual['grant-type-known'](attempt) && invalidGrant('grant type'),
    })),
  },
  {
    name: 'missing-verifier-as-invalid-request',
    differs: 'A missing verifier is answered with InvalidRequestException.',
    ...replacing(() => ({
      'verifier-present': (attempt) => usual['verifier-present'](attempt) && invalidRequest('code verifier'),
      'redirect-uri-present': (attempt) =>
        usual['redirect-uri-present'](attempt) && invalidGrant('redirect URI'),
    })),
  },
  {
    name: 'metadata-errors-as-rfc-7591',
    differs: 'RegisterClient answers with InvalidClientMetadataException what RFC 7591 calls so.',
    ...replacing(() => ({
      'grant-types-supported': (attempt) =>
        usual['grant-types-supported'](attempt) && refusalFor('invalid_client_metadata'),
      'redirect-uris-allowed': (attempt) =>
        usual['redirect-uris-allowed'](attempt) && refusalFor('invalid_client_metadata'),
      'scopes-well-formed': (attempt) =>
        usual['scopes-well-formed'](attempt) && refusalFor('invalid_client_metadata'),
    })),
  },
  {
    name: 'client-before-code',
    differs: 'The client is checked before anything else that the request names.',
    ...replacing(() => ({
      'order-of-checks': (operation, grant) => {
        const first = ['client-id-present', 'client-secret-present', 'client-known', 'client-secret-right'];
        const order = usual['order-of-checks'](operation, grant);
        return [
          ...order.filter((name) => first.includes(name)),
          ...order.filter((name) => !first.includes(name)),
        ];
      },
    })),
  },
  {
    name: 'artefact-before-client',
    differs: 'The code or token is looked up before the client is.',
    ...replacing(() => ({
      'order-of-checks': (operation, grant) => {
        const first = ['code-known', 'device-code-known', 'refresh-token-known'];
        const order = usual['order-of-checks'](operation, grant);
        const at = order.indexOf('client-known');
        if (operation !== 'token' || at < 0) return order;
        return [
          ...order.slice(0, at).filter((name) => !first.includes(name)),
          ...order.filter((name) => first.includes(name)),
          ...order.slice(at).filter((name) => !first.includes(name)),
        ];
      },
    })),
  },
  {
    name: 'refused-requests-spend-codes',
    differs:
      'A code is used up by the first request that presents it, whatever the answer is, and looked at before the client.',
    ...replacing(() => ({
      'order-of-checks': (operation, grant) => {
        const order = usual['order-of-checks'](operation, grant);
        const ofCode = order.filter((name) => /^code-(known|not-redeemed|not-expired)$/.test(name));
        const others = order.filter((name) => !ofCode.includes(name));
        const at = others.indexOf('client-known');
        return at < 0 ? order : [...others.slice(0, at), ...ofCode, ...others.slice(at)];
      },
      'find-code': (state, members) => {
        const code = usual['find-code'](state, members);
        setImmediate(() => {
          if (code !== undefined) code.redeemed = true;
        });
        return code;
      },
    })),
  },
  {
    name: 'stolen-refresh-tokens-end',
    differs: 'A refresh token ends, with all of its family, when another client presents it.',
    ...replacing(() => ({
      'refresh-token-bound-to-client': (attempt) => {
        const refusal = usual['refresh-token-bound-to-client'](attempt);
        if (refusal && attempt.refreshToken) attempt.refreshToken.family.revoked = true;
        return refusal;
      },
    })),
  },
  {
    name: 'secrets-of-an-hour',
    differs: 'Client secrets end after an hour, as their registration says.',
    ...replacing(() => ({ 'client-secret-lifetime': () => 3_600 })),
  },
  {
    name: 'sessions-end-with-a-token',
    differs: 'When one refresh token has expired, all that descend from the same authorization have.',
    ...replacing(() => ({
      'refresh-token-not-expired': ({ refreshToken, state, now }) =>
        refreshToken &&
        [...state.refreshTokens.values()].some(
          ({ family, expiresAt }) => family === refreshToken.family && now >= expiresAt,
        )
          ? invalidGrant('refresh token')
          : undefined,
    })),
  },
  {
    name: 'too-many-requests',
    differs: 'A client that sends more than twenty requests in a tenth of a second is told to slow down.',
    middleware: () => {
      const sent = new Map<unknown, number[]>();
      return async (request, endpoint) => {
        const client = /"clientId":\s*"([^"]*)"/.exec(Buffer.from(request.body ?? '').toString())?.[1];
        const now = performance.now();
        const recent = (sent.get(client) ?? []).filter((at) => now - at < 100);
        sent.set(client, [...recent, now]);
        return client !== undefined && recent.length >= 20
          ? awsError('SlowDownException')
          : endpoint(request);
      };
    },
  },
  {
    name: 'grace-period',
    differs: 'A replaced refresh token works for a minute more, and its reuse then revokes nothing.',
    ...replacing(() => ({
      ...graceful(60_000).behaviours?.(),
      'revoke-family-of-reused-refresh-token': () => undefined,
    })),
  },
  {
    name: 'no-rotation',
    only: 'aws-json',
    differs: 'Refresh tokens stay: a refresh brings no new one.',
    ...replacing(() => ({
      'rotate-refresh-token': () => undefined,
      'refresh-token-wanted': (attempt) =>
        attempt.grant !== 'refresh_token' && usual['refresh-token-wanted'](attempt),
    })),
  },
  {
    name: 'scope-refused',
    differs: 'CreateToken answers an unknown scope with InvalidScopeException.',
    ...replacing(() => ({
      'scope-acceptable': ({ members, client }) =>
        members.scope?.some((one) => !client?.scopes.includes(one)) ? refusalFor('invalid_scope') : undefined,
    })),
  },
  {
    name: 'scope-of-application-ignored',
    differs: 'The signed operation ignores scopes that the application does not have, and says so.',
    ...replacing(() => ({
      'scope-of-application': () => undefined,
      'scope-within-grant': () => undefined,
      'granted-scope': (attempt) => {
        const asked = attempt.members.scope;
        const before = usual['granted-scope']({ ...attempt, members: {} });
        return asked === undefined ? before : before.filter((one) => asked.includes(one));
      },
    })),
  },
  {
    name: 'bad-subject-token-as-invalid-grant',
    only: 'aws-json',
    differs: 'A bad subject token is answered with InvalidGrantException.',
    ...replacing(() => ({
      'subject-token-known': (attempt) =>
        usual['subject-token-known'](attempt) && invalidGrant('subject token'),
      'subject-token-not-expired': (attempt) =>
        usual['subject-token-not-expired'](attempt) && invalidGrant('subject token'),
    })),
  },
  {
    name: 'other-region-as-observed',
    differs: 'A token of another region is answered with a plain InvalidRequestException.',
    ...replacing(() => ({
      'refresh-token-usable-here': (attempt) =>
        usual['refresh-token-usable-here'](attempt) && invalidRequest('token'),
      'subject-token-of-this-region': (attempt) =>
        usual['subject-token-of-this-region'](attempt) && invalidRequest('token'),
    })),
  },
  {
    name: 'id-token-with-more-claims',
    differs: 'ID tokens have further claims, azp and a list of audiences among them.',
    ...replacing(() => ({
      'id-token-claims': (attempt, ...rest) => {
        const claims = usual['id-token-claims'](attempt, ...rest);
        return {
          ...claims,
          aud: [attempt.client?.id],
          azp: attempt.client?.id,
          nbf: claims.iat,
          jti: crypto.randomUUID(),
          acr: '1',
          amr: ['mfa', 'pwd'],
          updated_at: 1_700_000_000,
        };
      },
    })),
  },
  {
    name: 'lenient-about-age',
    differs: 'A signature may be a minute younger than usual before it is too old.',
    ...replacing(() => ({
      'amz-date-not-too-early': (attempt) =>
        usual['amz-date-not-too-early']({ ...attempt, now: attempt.now + 60_000 }),
    })),
  },
  {
    name: 'lenient-about-verifiers',
    differs: 'The length and the alphabet of verifiers are left to the client.',
    ...skipping('verifier-long-enough', 'verifier-short-enough', 'verifier-unreserved'),
  },
  {
    name: 'first-member-counts',
    differs: 'Of a member that comes twice the first one counts, as JSON leaves open.',
    ...replacing(() => ({
      'member-names-unique': () => true,
    })),
  },
  {
    name: 'slow-down-not-used',
    differs: 'Polling too fast is never punished.',
    ...skipping('poll-not-too-fast'),
  },
  {
    name: 'slow-down-whatever-was-decided',
    differs: 'A poll too fast is answered with SlowDownException also when the user has decided.',
    ...replacing(() => {
      const polls = new WeakMap<object, number>();
      return {
        'device-not-denied': (attempt) => {
          const { device, now } = attempt;
          if (device === undefined) return undefined;
          const before = polls.get(device) ?? Number.NEGATIVE_INFINITY;
          polls.set(device, now);
          return now - before < device.interval * 1_000
            ? refusalFor('slow_down')
            : usual['device-not-denied'](attempt);
        },
      };
    }),
  },
  {
    name: 'slow-down-lengthens-the-interval',
    differs: 'Each SlowDownException makes the interval of its device code five seconds longer.',
    ...replacing(() => {
      const known = new WeakMap<object, { polls: number; last: number; interval: number }>();
      return {
        'poll-not-too-fast': ({ device, now }) => {
          if (device === undefined) return undefined;
          const one = known.get(device) ?? { polls: 0, last: 0, interval: device.interval };
          const isTooFast = one.polls > 1 && now - one.last < one.interval * 1_000;
          known.set(device, {
            polls: one.polls + 1,
            last: now,
            interval: one.interval + (isTooFast ? 5 : 0),
          });
          return isTooFast ? refusalFor('slow_down') : undefined;
        },
      };
    }),
  },
  {
    name: 'slow-polling',
    differs: 'Device codes are polled once a minute and live for two.',
    ...replacing(() => ({ 'polling-interval': () => 60, 'device-code-lifetime': () => 120 })),
  },
  {
    name: 'registered-two-minutes-ahead',
    differs: 'The clock of the registrations is two minutes ahead.',
    ...replacing(() => ({
      'registration-body': (client) =>
        usual['registration-body']({ ...client, issuedAt: client.issuedAt + 120_000 }),
    })),
  },
  {
    name: 'scopes-of-its-own-only',
    differs: 'A scope that the service does not know is refused, at the registration and in requests.',
    ...replacing(() => {
      const isKnown = (scopes: readonly string[] = []) =>
        scopes.every((one) => one === 'sso:account:access' || !/^token-conformance:/.test(one));
      return {
        'scopes-well-formed': (attempt) =>
          isKnown(attempt.members.scope) ? usual['scopes-well-formed'](attempt) : refusalFor('invalid_scope'),
        'scope-acceptable': ({ members }) =>
          isKnown(members.scope) ? undefined : refusalFor('invalid_scope'),
      };
    }),
  },
  {
    name: 'no-clock',
    differs: 'There is no clock fixture, and the target file says so.',
    target: limited('clock'),
  },
  {
    name: 'no-faults',
    differs: 'There is no fault fixture, and the target file says so.',
    target: limited('fault'),
  },
  {
    name: 'no-expiry-on-demand',
    differs: 'There is no expire fixture, and the target file says so.',
    target: limited('expire'),
  },
  {
    name: 'no-people',
    differs: 'Nobody approves device codes, and the target file says so.',
    target: limited('device-decision'),
  },
  {
    name: 'no-published-keys',
    differs: 'Nobody publishes the keys of the ID tokens, and the target file says so.',
    target: { jwks: undefined, ...limited('jwks') } as unknown as Partial<Target>,
  },
  {
    name: 'descriptions-that-quote',
    differs: 'A description quotes the grant type and the client id, in the characters that it may have.',
    ...editing(isError, (body, { members }) => ({
      ...body,
      error_description: `Unsupported: ${members.grantType} of ${members.clientId}`
        .replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '')
        .slice(0, 1_000),
    })),
  },
  {
    name: 'internal-error-descriptions',
    differs: 'InternalServerException explains itself at length.',
    ...editing(naming('InternalServerException'), (body) => ({
      ...body,
      error_description: 'x'.repeat(500),
    })),
  },
  {
    name: 'assertions-of-a-shared-audience',
    differs: 'All applications trust one issuer for one audience: each takes the assertions of the others.',
    ...replacing(() => ({
      'assertion-audience-right': (attempt) => {
        const refusals = [...attempt.state.applications.values()].map((client) =>
          usual['assertion-audience-right']({ ...attempt, client }),
        );
        return refusals.includes(undefined) ? undefined : refusals[0];
      },
    })),
  },
  {
    name: 'identity-context-only-when-granted',
    differs: 'There is no identity context, and no claim of it, unless sts:identity_context was granted.',
    ...editing(of('iam_token'), (body) =>
      hasContext(body) ? body : { ...body, awsAdditionalDetails: null },
    ),
    ...replacing(() => ({
      'id-token-claims': (attempt, ...rest) => {
        const claims = usual['id-token-claims'](attempt, ...rest);
        return usual['granted-scope'](attempt).includes('sts:identity_context')
          ? claims
          : leaving(claims, 'sts:identity_context', 'sts:audit_context');
      },
    })),
  },
  {
    name: 'identity-context-of-the-claim-alone',
    differs: 'Where sts:identity_context was not granted, only the ID token has the context.',
    ...editing(of('iam_token'), (body) =>
      hasContext(body) ? body : { ...body, awsAdditionalDetails: null },
    ),
  },
  {
    name: 'identity-context-beside-the-id-token',
    differs: 'The ID token has no claim of the identity context.',
    ...replacing(() => ({
      'id-token-claims': (attempt, ...rest) =>
        leaving(usual['id-token-claims'](attempt, ...rest), 'sts:identity_context'),
    })),
  },
  {
    name: 'access-token-while-it-lives',
    differs:
      'What comes of one grant gets the same access token again while it lives, with the seconds left.',
    middleware: () => {
      const known = new Map<string, { readonly accessToken: unknown; readonly expiresAt: number }>();
      const { middleware } = editing(issuesTokens, (body, { members, response }) => {
        const dated = response.headers.find(([name]) => name === 'Date')?.[1] ?? '';
        const now = Date.parse(dated) / 1_000;
        const keyOf = (token: unknown) => `${members.clientId} ${token}`;
        // What is no text is none of them: generated requests have members of every type.
        const presented = artefacts.map((name) => members[name]);
        const artefact = keyOf(presented.find((one) => typeof one === 'string' && one !== ''));
        const before = known.get(artefact);
        const one =
          before !== undefined && before.expiresAt > now
            ? before
            : { accessToken: body.accessToken, expiresAt: now + Number(body.expiresIn) };
        known.set(artefact, one);
        if (body.refreshToken) known.set(keyOf(body.refreshToken), one);
        return { ...body, accessToken: one.accessToken, expiresIn: one.expiresAt - now };
      });
      return middleware?.() ?? ((request, endpoint) => endpoint(request));
    },
  },
  {
    name: 'scope-of-the-authorization-again',
    differs: 'A refresh may ask for all that the user authorized, also for what the code exchange left out.',
    ...skippingWhen(
      ({ grant, members, refreshToken, state: { codes } }) =>
        grant === 'refresh_token' &&
        [...codes.values()].some(
          ({ family, scope }) =>
            family === refreshToken?.family &&
            (scope === undefined || members.scope?.every((one) => scope.includes(one))),
        ),
      'scope-within-grant',
    ),
  },
];
