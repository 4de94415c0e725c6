import { readMark } from '../../harness/capture/vault.ts';
import type { Case } from '../../harness/case.ts';
import {
  documented,
  granted,
  noToken,
  refused,
  rejected,
  rejectedOrIgnored,
} from '../../harness/expectation.ts';
import { presented } from '../../harness/world/world.ts';
import { expiry, flow, grant, race, refusal, replay, strangerExpectations } from '../kit/cases.ts';
import { garbage, inQuery, set, without } from '../kit/change.ts';
import { secretOf, wrongSecret } from '../kit/credentials.ts';
import { invalidGrant, ofAnotherClient, tooOld } from '../kit/evidence.ts';
import {
  code,
  codeClient,
  freshCode,
  passWith,
  redeeming,
  refreshing,
  refreshTokenFor,
  refreshTokenOf,
  strangerTo,
} from '../kit/given.ts';
import { type GrantAt, ofGrant } from '../kit/grant.ts';
import { hasJwt } from '../kit/rule.ts';
import { presentsNothing, presentsUnknown } from './artefacts.ts';
import { pkce, type WrongCode, wrongVerifiers } from './pkce.ts';
import { codeGrant } from './table.ts';

const otherScheme = (uri: string) =>
  uri.replace(/^http(s?):/, (_, secure) => (secure === '' ? 'https:' : 'http:'));

/** RFC 6749 §4.1.3: each row is one thing wrong with an otherwise valid request. */
const wrong = (at: GrantAt): readonly WrongCode[] => [
  {
    name: 'other-clients-code',
    title: `a code that was issued to another ${at.who}`,
    requirement: 'RFC6749-4.1.3-code-bound-to-confidential-client',
    change: async (_, world) => {
      const other = await at.client(world, { name: 'other' });
      return (await at.obtain(world, await at.client(world))).request(other);
    },
    expect: ofAnotherClient,
  },
  {
    name: 'missing-redirect-uri',
    title: 'no redirect URI, although the authorization request had one',
    requirement: 'RFC6749-4.1.3-redirect_uri-required',
    change: without('redirect_uri'),
    expect: rejected(
      'invalid_grant',
      documented('invalid_request', 'RFC 6749 §5.2: a required parameter is missing'),
    ),
  },
  ...(
    [
      ['redirect-uri-with-query', 'with a query added', (uri: string) => `${uri}?x=1`],
      ['redirect-uri-with-slash', 'with a trailing slash', (uri: string) => `${uri}/`],
      ['redirect-uri-other-path', 'with another path', (uri: string) => uri.replace(/[^/]*$/, 'other')],
      ['redirect-uri-other-scheme', 'with another scheme', otherScheme],
      [
        'redirect-uri-upper-case',
        'with its path in upper case',
        (uri: string) => uri.replace(/[^/]*$/, (path) => path.toUpperCase()),
      ],
      [
        'redirect-uri-escaped',
        'with a character percent-encoded',
        (uri: string) => uri.replace(/.$/, (last) => `%${last.charCodeAt(0).toString(16)}`),
      ],
      [
        'redirect-uri-with-dot-segment',
        'with a dot segment in its path',
        (uri: string) => uri.replace(/\/([^/]*)$/, '/./$1'),
      ],
      [
        'redirect-uri-scheme-in-upper-case',
        'with its scheme in upper case',
        (uri: string) => uri.replace(/^[^:]*/, (scheme) => scheme.toUpperCase()),
      ],
      [
        'redirect-uri-foreign',
        'on a host that was never registered',
        () => 'https://attacker.example/callback',
      ],
    ] as const
  ).map(([name, what, changed]) => ({
    name,
    title: `the redirect URI ${what}`,
    requirement: 'RFC6749-4.1.3-redirect_uri-identical',
    change: set('redirect_uri', changed),
    expect: invalidGrant,
  })),
];

/** A valid code, and everything that can be wrong with the request that presents it. */
export const presentedCodes = (at: GrantAt): readonly Case[] => [
  grant({
    ...ofGrant(at),
    id: `${at.folder}/valid`,
    title: 'a valid code with its verifier and redirect URI',
    requirement: 'RFC6749-4.1.4-code-exchange-success',
  }),
  ...presentsNothing(at, 'RFC6749-4.1.3-missing-code'),
  ...presentsUnknown(at),
  ...[...wrong(at), ...wrongVerifiers(at)].map(({ name, ...row }) =>
    refusal({ ...ofGrant(at), ...row, id: `${at.folder}/${name}` }),
  ),
];

/** Codes that were good once. */
export const spentCodes = (at: GrantAt): readonly Case[] => [
  replay({
    ...ofGrant(at),
    id: `${at.folder}/redeemed`,
    title: 'a code that was redeemed before',
    requirement: 'RFC6749-4.1.2-code-single-use',
    expect: invalidGrant,
  }),
  race({
    ...ofGrant(at),
    id: `${at.folder}/redeemed-in-parallel`,
    title: 'one code redeemed eight times at once',
    requirement: 'RFC6749-10.5-code-concurrent-redemption',
    losers: refused(),
  }),
  expiry({
    ...ofGrant(at),
    id: `${at.folder}/expired-code`,
    title: 'a code that has expired',
    requirement: 'RFC6749-4.1.2-code-expiry',
    kind: 'code',
    member: 'code',
    expect: tooOld,
  }),
];

/** A code that nobody has used for a day. */
export const dayOldCode = (at: GrantAt): Case =>
  refusal({
    ...ofGrant(at),
    needs: [...at.needs, 'clock'],
    overTime: true,
    id: `${at.folder}/a-day-old`,
    title: 'a code that was issued a day ago',
    requirement: 'RFC6749-4.1.2-code-expiry',
    change: async (valid, world) => {
      await passWith(await at.client(world), 86_400, world);
      return valid;
    },
    expect: tooOld,
  });

export const authorizationCode: readonly Case[] = [
  ...presentedCodes(codeGrant),
  refusal({
    ...code,
    id: 'authorization-code/unknown-code-with-refresh-token',
    title: 'an unknown code together with a valid refresh token',
    requirement: 'RFC6749-4.1.3-unknown-code',
    given: freshCode,
    change: async (valid, world) => {
      const refresh_token = await refreshTokenFor(world, await codeClient(world));
      const changed = await garbage('code')(valid, world);
      return { ...changed, members: { ...changed.members, refresh_token } };
    },
    expect: noToken(),
  }),
  ...spentCodes(codeGrant),
  dayOldCode(codeGrant),
  flow({
    ...code,
    id: 'authorization-code/grant-not-registered',
    title: 'a client that was not registered for the grant',
    requirement: 'RFC6749-5.2-unauthorized_client',
    cell: 'unauthorized_client',
    ...strangerExpectations,
    run: async (world) => {
      await world.send('control', await freshCode(world));
      const client = await codeClient(world);
      const stranger = await strangerTo('authorization_code', world, {
        redirectUris: [client.redirect_uri],
      });
      const own = await world.authorizationCodeIfAllowed(stranger);
      if (own !== undefined) await world.send('probe', redeeming(stranger, own));
      else
        await world.send(
          'probe, artefact of another client',
          redeeming(stranger, await world.authorizationCode(client)),
        );
    },
  }),

  flow({
    ...code,
    id: 'authorization-code/refusals-keep-the-code',
    title: 'a code that was sent with a wrong secret and with a wrong verifier before',
    requirement: 'OAUTH21-7.5.2-failed-request-keeps-code',
    expect: { 'control: refused attempts': noToken(), probe: granted() },
    run: async (world) => {
      const request = await freshCode(world);
      for (const change of [wrongSecret(), set('code_verifier', world.verifier())])
        await world.send('control: refused attempts', await change(request, world));
      await world.send('probe', request);
    },
  }),
  flow({
    ...code,
    id: 'authorization-code/replay-revokes-refresh-token',
    title: 'the refresh token of a code that was redeemed twice',
    requirement: 'RFC6749-4.1.2-code-reuse-revokes-refresh-tokens',
    expect: { control: granted(), 'control: replay': refused(), probe: invalidGrant },
    run: async (world) => {
      const request = await freshCode(world);
      const first = await world.send('control', request);
      const refreshToken = refreshTokenOf(first);
      await world.send('control: replay', request);
      await world.send('probe', refreshing(await codeClient(world), refreshToken));
    },
  }),
  flow({
    ...code,
    id: 'authorization-code/invalid-replay-keeps-tokens',
    title: 'the refresh token of a code that somebody replayed with a wrong verifier',
    requirement: 'OAUTH21-7.5.2-invalid-replay-no-revocation',
    expect: { control: granted(), 'control: replay': noToken(), probe: granted() },
    run: async (world) => {
      const request = await freshCode(world);
      const first = await world.send('control', request);
      const refreshToken = refreshTokenOf(first);
      await world.send('control: replay', await set('code_verifier', world.verifier())(request, world));
      await world.send('probe', refreshing(await codeClient(world), refreshToken));
    },
  }),

  ...pkce,

  grant({
    ...code,
    id: 'authorization-code/loopback-port',
    title: 'a loopback redirect URI that was registered without its port',
    requirement: 'AWS-loopback-port',
    given: async (world) => {
      const client = await codeClient(world, {
        name: 'loopback',
        redirectUris: ['http://127.0.0.1/oauth/callback'],
      });
      return redeeming(
        client,
        await world.authorizationCode(client, { redirectUri: 'http://127.0.0.1:53117/oauth/callback' }),
      );
    },
  }),
  flow({
    ...code,
    id: 'authorization-code/scope-cannot-widen',
    title: 'a scope that was never granted, added to the code exchange',
    requirement: 'RFC6749-3.3-code-exchange-no-scope-widening',
    expect: { probe: rejectedOrIgnored('invalid_scope', 'scope is no parameter of this request') },
    holds: ({ probe = [] }) =>
      probe
        .filter(({ reply }) => JSON.stringify(reply.members.scope ?? '').includes('never-granted'))
        .map(() => 'the response says that the added scope was granted'),
    run: async (world) => {
      const widened = set('scope', ['sso:account:access', 'token-conformance:never-granted']);
      await world.send('probe', await widened(await freshCode(world), world));
    },
  }),
  refusal({
    ...code,
    id: 'authorization-code/credentials-in-query',
    title: 'the client credentials in the query instead of the body',
    requirement: 'RFC6749-2.3.1-credentials-not-in-uri',
    given: freshCode,
    change: (valid, world) => {
      secretOf(valid.by, world);
      return inQuery('client_id', 'client_secret')(valid, world);
    },
    expect: rejected(
      'invalid_request',
      documented('invalid_client', 'RFC 6749 §5.2: no client authentication included'),
    ),
  }),
  refusal({
    ...code,
    id: 'authorization-code/code-in-query',
    title: 'the code in the query instead of the body',
    requirement: 'RFC6749-3.2-grant-params-not-in-query',
    given: freshCode,
    change: inQuery('code'),
    cell: 'invalid_request',
    expect: refused(),
  }),
  refusal({
    ...code,
    id: 'authorization-code/everything-in-query',
    title: 'all members in the query of a POST with an empty body',
    requirement: 'RFC6749-3.2-grant-params-not-in-query',
    given: freshCode,
    change: (valid, world) => inQuery(...Object.keys(presented(valid.members, valid.by)))(valid, world),
    cell: 'invalid_request',
    expect: refused(),
  }),
  flow({
    ...code,
    id: 'authorization-code/tokens-differ',
    title: 'the tokens of two codes',
    requirement: 'RFC6749-10.10-access-token-entropy-128',
    expect: { control: granted(), probe: granted() },
    holds: ({ control = [], probe = [] }) => {
      const tokens = [...control, ...probe]
        .filter((seen) => !hasJwt(seen))
        .map(({ reply }) => readMark(reply.members.access_token)?.fingerprint);
      return new Set(tokens).size < tokens.length ? ['two codes gave the same access token'] : [];
    },
    run: async (world) => {
      await world.send('control', await freshCode(world));
      await world.send('probe', await freshCode(world));
    },
  }),
];
