import type { Case } from '../harness/case.ts';
import { conforming, documented, granted, inferred, rejected } from '../harness/expectation.ts';
import { notOffered } from '../harness/stop.ts';
import { ofAws } from './aws/evidence.ts';
import { fault, flow, grant, refusal } from './kit/cases.ts';
import { set, without } from './kit/change.ts';
import { registered } from './kit/credentials.ts';
import {
  codeRegistration,
  deviceCodeGrant,
  pendingDevice,
  polling,
  registration,
  undecided,
} from './kit/given.ts';

const register = { operation: 'register' } as const;
const forCodes = { ...register, presupposes: ['authorization_code'] } as const;
/** In seconds; a time in milliseconds is always beyond it. */
const endOfTheYear9999 = 253_402_300_799;

/** Where anybody on the way reads the code. */
const plainUri = 'http://client.example/oauth/callback';

export const registerClient: readonly Case[] = [
  flow({
    ...register,
    id: 'register-client/valid',
    title: 'a registration for the device flow',
    requirement: 'RFC7591-3.2.1-registration-response',
    expect: { probe: conforming() },
    holds: ({ probe = [] }) =>
      probe.flatMap(({ reply, exchange, asked }) => {
        const [issued, expires] = [
          Number(reply.members.client_id_issued_at),
          Number(reply.members.client_secret_expires_at),
        ];
        if (expires !== 0 && expires <= issued) return ['the client secret expires before it was issued'];
        if (expires > endOfTheYear9999) return [`clientSecretExpiresAt is ${expires}: no time in seconds`];
        return asked().token_endpoint_auth_method === 'none' ||
          exchange.response?.body.includes('[clientSecret ')
          ? []
          : ['the response holds no client secret'];
      }),
    run: async (world) => {
      await world.send('probe', await registration(world));
    },
  }),
  grant({
    ...forCodes,
    id: 'register-client/for-codes',
    title: 'a registration for the authorization code flow',
    requirement: 'RFC7591-3.2.1-registration-response',
    exact: true,
    given: codeRegistration,
  }),
  flow({
    ...register,
    presupposes: [deviceCodeGrant],
    id: 'register-client/usable-at-once',
    title: 'a client right after its registration',
    requirement: 'RFC7591-2-metadata-enforced',
    expect: {
      probe: granted(),
      start: granted(),
      [undecided.step]: undecided.expect,
      use: rejected('authorization_pending'),
    },
    run: async (world) => {
      const sent = await world.send('probe', await registration(world));
      const client = registered(sent, world);
      const started = await world.send('start', world.starting(client));
      const device_code = started.text('device_code');
      await world.send(undecided.step, await pendingDevice(world));
      await world.send('use', polling(client, { device_code }));
    },
  }),
  grant({
    ...register,
    id: 'register-client/with-unknown-members',
    title: 'a member that no document knows',
    requirement: 'RFC6749-3.2-unknown-params-ignored',
    given: registration,
    change: set('hello', 'world'),
  }),
  ...(['client_name', 'client_type'] as const).map((member) =>
    refusal({
      ...register,
      id: `register-client/no-${member.replace('_', '-')}`,
      title: `no ${member}`,
      requirement: 'AWS-RegisterClient-required-members',
      given: registration,
      change: without(member),
      expect: rejected(
        'invalid_request',
        ofAws(documented('invalid_client_metadata', 'AWS: InvalidClientMetadataException')),
      ),
    }),
  ),
  refusal({
    ...register,
    id: 'register-client/confidential',
    title: 'a client type other than public',
    requirement: 'AWS-RegisterClient-public-only',
    given: registration,
    change: set('client_type', 'confidential'),
    expect: rejected(
      'invalid_client_metadata',
      ofAws(inferred('invalid_request', 'the live answer is not known')),
    ),
  }),
  refusal({
    ...register,
    id: 'register-client/unknown-grant-type-among-others',
    title: 'a grant type that the service does not have, behind one that it has',
    requirement: 'AWS-RegisterClient-grantTypes',
    given: registration,
    change: set('grant_types', ['refresh_token', 'client_credentials']),
    expect: rejected('unsupported_grant_type', documented('invalid_client_metadata', 'RFC 7591 §3.2.2')),
  }),
  refusal({
    ...register,
    id: 'register-client/malformed-scope-among-others',
    title: 'a scope with characters that no scope may have, behind a good one',
    requirement: 'AWS-RegisterClient-InvalidScope',
    given: registration,
    change: async (valid, world) => set('scope', [...world.target.scopes, 'bad "scope"'])(valid, world),
    expect: rejected('invalid_scope', documented('invalid_client_metadata', 'RFC 7591 §3.2.2')),
  }),
  refusal({
    ...forCodes,
    id: 'register-client/script-redirect-uri-among-others',
    title: 'a redirect URI that runs a script, behind a good one',
    requirement: 'RFC7591-3.2.2-errors',
    given: codeRegistration,
    change: set('redirect_uris', ['http://127.0.0.1:8400/oauth/callback', 'javascript:alert(1)']),
    expect: rejected(
      'invalid_redirect_uri',
      documented('invalid_client_metadata', 'RFC 7591 §3.2.2'),
      ofAws(documented('invalid_request', 'AWS: something is wrong with the input')),
    ),
  }),
  refusal({
    ...register,
    id: 'register-client/unknown-grant-type',
    title: 'a grant type that the service does not have',
    requirement: 'AWS-RegisterClient-grantTypes',
    given: registration,
    change: set('grant_types', ['client_credentials']),
    expect: rejected('unsupported_grant_type', documented('invalid_client_metadata', 'RFC 7591 §3.2.2')),
  }),
  ...(
    [
      ['native', 'http://127.0.0.1:8400/oauth/callback'],
      ['web', 'https://client.example/oauth/callback'],
    ] as const
  ).map(([type, uri]) =>
    grant({
      ...forCodes,
      id: `register-client/${type}-application`,
      title: `the application type ${type}, with a redirect URI that it may have`,
      requirement: 'MCP-application-type',
      given: codeRegistration,
      change: (valid) => ({
        ...valid,
        members: { ...valid.members, application_type: type, redirect_uris: [uri] },
      }),
    }),
  ),
  flow({
    ...forCodes,
    id: 'register-client/plain-redirect-uri',
    title: 'a redirect URI of http at an address that is not a loopback one',
    requirement: 'MCP-redirect-uris-safe',
    expect: {
      control: granted(),
      probe: {
        kind: 'rejected',
        accept: [
          { error: 'invalid_redirect_uri', basis: 'documented' },
          documented('invalid_client_metadata', 'RFC 7591 §3.2.2'),
        ],
        orGranted: 'RFC 7591 §3.2.1: a server may register another value than it was asked for',
      },
    },
    holds: ({ probe = [] }) =>
      probe
        .filter(({ reply }) => reply.outcome === 'granted')
        .filter(({ reply: { members } }) => [members.redirect_uris ?? plainUri].flat().includes(plainUri))
        .map(() => `a client is registered with ${plainUri}`),
    run: async (world) => {
      const valid = await codeRegistration(world);
      await world.send('control', valid);
      await world.send('probe', await set('redirect_uris', [plainUri])(await codeRegistration(world), world));
    },
  }),
  ...(
    [
      ['relative-redirect-uri', 'a redirect URI that is not absolute', 'not a uri'],
      [
        'redirect-uri-with-fragment',
        'a redirect URI with a fragment',
        'https://client.example/callback#fragment',
      ],
      ['script-redirect-uri', 'a redirect URI that runs a script', 'javascript:alert(1)'],
    ] as const
  ).map(([name, title, uri]) =>
    refusal({
      ...forCodes,
      id: `register-client/${name}`,
      title,
      requirement: 'RFC7591-3.2.2-errors',
      given: codeRegistration,
      change: set('redirect_uris', [uri]),
      expect: rejected(
        'invalid_redirect_uri',
        documented('invalid_client_metadata', 'RFC 7591 §3.2.2'),
        ofAws(documented('invalid_request', 'AWS: something is wrong with the input')),
      ),
    }),
  ),
  refusal({
    ...register,
    id: 'register-client/malformed-scope',
    title: 'a scope with characters that no scope may have',
    requirement: 'AWS-RegisterClient-InvalidScope',
    given: registration,
    change: set('scope', ['bad "scope"']),
    expect: rejected('invalid_scope', documented('invalid_client_metadata', 'RFC 7591 §3.2.2')),
  }),
  ...(
    [
      ['server_error', 'AWS-RegisterClient-InternalServer'],
      ['slow_down', 'AWS-RegisterClient-SlowDown'],
      ['invalid_client_metadata', 'AWS-RegisterClient-InvalidClientMetadata'],
      ['invalid_redirect_uri', 'AWS-RegisterClient-InvalidRedirectUri'],
      ['invalid_scope', 'AWS-RegisterClient-InvalidScope'],
      ['unsupported_grant_type', 'AWS-RegisterClient-UnsupportedGrantType'],
    ] as const
  ).map(([error, requirement]) =>
    fault({
      ...register,
      alone: true,
      id: `register-client/fault-${error.replaceAll('_', '-')}`,
      title: `${error}, provoked by the fault fixture`,
      requirement,
      given: registration,
      error,
    }),
  ),
  flow({
    ...forCodes,
    // No answer of RFC 7591 names it.
    dialects: ['aws-json'],
    id: 'register-client/token-endpoint',
    title: 'the token endpoint that a registration names',
    requirement: 'RFC6749-3.2-uri-no-fragment',
    expect: { probe: granted() },
    holds: ({ probe = [] }) =>
      probe
        .filter(({ reply }) => String(reply.members.token_endpoint).includes('#'))
        .map(({ reply }) => `tokenEndpoint has a fragment: ${reply.members.token_endpoint}`),
    run: async (world) => {
      const { reply } = await world.send('probe', await codeRegistration(world));
      if (reply.outcome === 'granted' && typeof reply.members.token_endpoint !== 'string')
        throw notOffered('tokenEndpoint');
    },
  }),
  flow({
    ...register,
    id: 'register-client/clients-differ',
    title: 'two registrations under different names',
    requirement: 'RFC6749-10.10-client-secret-entropy-128',
    expect: { probe: granted() },
    holds: ({ probe = [] }) => {
      const secrets = probe.flatMap(({ reply }) => reply.members.client_secret ?? []);
      return new Set(secrets).size < secrets.length ? ['two clients have the same client secret'] : [];
    },
    // RFC 7591 §3.2.1 leaves it to the server whether one that is registered again gets a new id.
    run: async (world) => {
      const sent = [
        await world.send('probe', await registration(world)),
        await world.send('probe', await registration(world)),
      ];
      const ids = sent.map(({ reply }) => reply.members.client_id);
      if (ids[0] !== undefined && ids[0] === ids[1]) throw notOffered('sameClient');
    },
  }),
];
