import { marksIn, readMark } from '../harness/capture/vault.ts';
import type { Case } from '../harness/case.ts';
import { documented, granted, inferred, rejected } from '../harness/expectation.ts';
import type { Observation } from '../harness/probe.ts';
import { notOffered } from '../harness/stop.ts';
import { invalidScopeOrIgnored, unheardOf } from './grants/unknown-scopes.ts';
import { fault, flow, grant, refusal } from './kit/cases.ts';
import { set, without } from './kit/change.ts';
import { askedBy, secretOf, unknownClient, wrongSecret } from './kit/credentials.ts';
import { deviceAuthorization, deviceClient, deviceCodeGrant, strangerTo } from './kit/given.ts';
import { withMember } from './kit/member.ts';

const start = { operation: 'device_authorization', given: deviceAuthorization } as const;
const missing = rejected(
  'invalid_request',
  documented('invalid_client', 'RFC 6749 §5.2: no client authentication included'),
);

/** Whether the complete URI names a user code, and one that may not be another spelling of that of the response. */
function carriesAnotherCode({
  verification_uri_complete: complete,
  user_code,
}: Observation['reply']['members']): boolean {
  const code = readMark(user_code);
  const named = marksIn(String(complete)).filter(({ kind }) => kind === 'userCode');
  return (
    named.some(({ length }) => length === code?.length) &&
    !named.some(({ fingerprint }) => fingerprint === code?.fingerprint)
  );
}

export const startDeviceAuthorization: readonly Case[] = [
  grant({
    ...start,
    id: 'start-device-authorization/valid',
    title: 'a valid device authorization request',
    requirement: 'RFC8628-3.1-request-accepted',
  }),
  grant({
    ...start,
    id: 'start-device-authorization/with-unknown-members',
    title: 'a member that no document knows',
    requirement: 'RFC8628-3.1-parameter-rules',
    change: set('hello', 'world'),
  }),
  grant({
    ...start,
    dialects: ['oauth-form'],
    id: 'start-device-authorization/with-empty-scope',
    title: 'a scope without a value',
    requirement: 'RFC8628-3.1-parameter-rules',
    change: set('scope', ''),
  }),
  refusal({
    ...start,
    dialects: ['oauth-form'],
    id: 'start-device-authorization/scope-twice',
    title: 'the scope twice, with the same value',
    requirement: 'RFC8628-3.1-parameter-rules',
    change: (valid, world) => {
      const [scope = 'token-conformance'] = world.target.scopes;
      return { ...withMember(valid, 'scope', scope), raw: { repeat: { scope } } };
    },
    expect: rejected(
      'invalid_request',
      inferred('invalid_scope', 'the target file may name no scope that the client may have'),
    ),
  }),
  flow({
    operation: 'device_authorization',
    id: 'start-device-authorization/complete-uri',
    title: 'a verificationUriComplete',
    requirement: 'RFC8628-3.2-optional-members',
    expect: { probe: granted() },
    holds: ({ probe = [] }) =>
      probe.flatMap(({ reply }) =>
        reply.members.verification_uri_complete ? [] : ['there is no verificationUriComplete'],
      ),
    run: async (world) => {
      await world.send('probe', await deviceAuthorization(world));
    },
  }),
  flow({
    operation: 'device_authorization',
    id: 'start-device-authorization/complete-uri-code',
    title: 'the user code within verificationUriComplete',
    requirement: 'RFC8628-3.2-complete-uri-same-code',
    expect: { probe: granted() },
    holds: ({ probe = [] }) =>
      probe.flatMap(({ reply: { members } }) =>
        carriesAnotherCode(members) ? ['verificationUriComplete carries another user code'] : [],
      ),
    run: async (world) => {
      const { reply } = await world.send('probe', await deviceAuthorization(world));
      if (reply.outcome === 'granted' && !reply.members.verification_uri_complete)
        throw notOffered('completeUri');
    },
  }),
  ...[
    { name: 'unknown-client', title: 'a client that was never registered', change: unknownClient() },
    { name: 'wrong-secret', title: 'a wrong client secret', change: wrongSecret() },
  ].map(({ name, title, change }) =>
    refusal({
      ...start,
      id: `start-device-authorization/${name}`,
      title,
      requirement: 'RFC8628-3.1-client-auth',
      change,
      expect: rejected('invalid_client'),
    }),
  ),
  refusal({
    ...start,
    id: 'start-device-authorization/other-clients-secret',
    title: "another client's secret",
    requirement: 'RFC8628-3.1-client-auth',
    change: async (valid, world) => {
      const other = await deviceClient(world, { name: 'other' });
      return withMember(valid, 'client_secret', secretOf(other, world));
    },
    expect: rejected('invalid_client'),
  }),
  refusal({
    ...start,
    id: 'start-device-authorization/grant-not-registered',
    title: 'a client that was not registered for the device grant',
    requirement: 'RFC8628-3.1-client-auth',
    change: async (valid, world) => askedBy(valid, await strangerTo(deviceCodeGrant, world)),
    expect: rejected('unauthorized_client'),
  }),
  ...(
    [
      ['unknown-scope', 'a scope that nobody has heard of', unheardOf],
      ['malformed-scope', 'a scope with a quotation mark, which no scope may have', 'token"conformance'],
    ] as const
  ).map(([name, title, scope]) =>
    refusal({
      ...start,
      dialects: ['oauth-form'],
      id: `start-device-authorization/${name}`,
      title,
      requirement: 'RFC6749-5.2-invalid_scope',
      change: set('scope', [scope]),
      expect: invalidScopeOrIgnored,
    }),
  ),
  refusal({
    ...start,
    id: 'start-device-authorization/no-start-url',
    title: 'no start URL',
    requirement: 'AWS-StartDeviceAuthorization-startUrl',
    change: without('start_url'),
    expect: rejected('invalid_request'),
  }),
  refusal({
    ...start,
    id: 'start-device-authorization/bogus-start-url',
    title: 'a start URL that is no URL',
    requirement: 'AWS-StartDeviceAuthorization-startUrl',
    change: set('start_url', 'not a start url'),
    expect: rejected('invalid_request'),
  }),
  ...(['client_id', 'client_secret'] as const).map((member) =>
    refusal({
      ...start,
      id: `start-device-authorization/no-${member.replace('_', '-')}`,
      title: `no ${member}`,
      requirement: 'RFC8628-3.1-client-auth',
      change: without(member),
      expect: missing,
    }),
  ),
  ...(
    [
      ['server_error', 'AWS-StartDeviceAuthorization-InternalServer'],
      ['slow_down', 'AWS-StartDeviceAuthorization-SlowDown'],
    ] as const
  ).map(([error, requirement]) =>
    fault({
      ...start,
      id: `start-device-authorization/fault-${error.replaceAll('_', '-')}`,
      title: `${error}, provoked by the fault fixture`,
      requirement,
      error,
    }),
  ),
];
