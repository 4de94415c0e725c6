import type { Case } from '../../harness/case.ts';
import { documented, granted, inferred, rejected, rejectedOrIgnored } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { notOffered } from '../../harness/stop.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { expiry, flow, refusal, replay } from '../kit/cases.ts';
import { drawn, garbage, set } from '../kit/change.ts';
import { askedBy } from '../kit/credentials.ts';
import { requestOf } from '../kit/rule.ts';
import { ofAws } from './evidence.ts';
import {
  application,
  asserting,
  assertion,
  code,
  exchange,
  exchanging,
  freshRefreshToken,
  freshSubjectToken,
  iam,
  redeeming,
  refresh,
  refreshTokenType,
} from './given.ts';

const invalidGrant = rejected('invalid_grant');
const expired = rejected(
  'invalid_grant',
  ofAws(inferred('expired_token', 'AWS documents ExpiredTokenException for an expired token in general')),
);
/** RFC 8693 §2.2.2 says invalid_request of a bad subject token; AWS documents invalid_grant for a bad grant. */
const badSubject = rejected(
  'invalid_request',
  ofAws(documented('invalid_grant', 'AWS: InvalidGrantException, a request contains an invalid grant')),
);
const expiredSubject = rejected(
  'invalid_request',
  documented('invalid_grant', 'RFC 6749 §5.2'),
  ofAws(documented('expired_token', 'AWS: ExpiredTokenException')),
);

/** The same refusal time after time: some services count them, or take for known what they have refused. */
const timeAfterTime: readonly Case[] = [
  ...[
    {
      ...code,
      id: 'iam-authorization-code/unknown-code-again',
      title: 'a code that was never issued',
      requirement: 'RFC6749-4.1.3-unknown-code',
      change: garbage('code'),
      expect: invalidGrant,
    },
    {
      ...refresh,
      id: 'iam-refresh-token/unknown-refresh-token-again',
      title: 'a refresh token that was never issued',
      requirement: 'RFC6749-6-unknown-refresh_token',
      change: garbage('refresh_token'),
      expect: invalidGrant,
    },
    {
      ...exchange,
      id: 'token-exchange/unknown-subject-token-again',
      title: 'a subject token that was never issued',
      requirement: 'RFC8693-2.2.2-invalid-subject_token',
      change: garbage('subject_token'),
      expect: badSubject,
    },
    {
      ...assertion,
      id: 'jwt-bearer/wrong-signature-again',
      title: 'an assertion with another signature',
      requirement: 'RFC7523-3-signature',
      change: set('assertion', (valid: string) => {
        const at = valid.lastIndexOf('.') + 20;
        return valid.slice(0, at) + (valid[at] === 'A' ? 'B' : 'A') + valid.slice(at + 1);
      }),
      expect: invalidGrant,
    },
    {
      ...code,
      id: 'iam-authorization-code/wrong-verifier-again',
      title: 'another well-formed verifier',
      requirement: 'RFC7636-4.6-wrong-verifier',
      change: drawn('code_verifier', (world) => world.verifier()),
      expect: invalidGrant,
    },
    {
      ...code,
      id: 'iam-authorization-code/other-clients-code-again',
      title: 'a code of another application, from one with a code of its own',
      requirement: 'RFC6749-4.1.3-code-bound-to-confidential-client',
      change: async (_: Call, world: World) => {
        const other = await application(world, { name: 'other' });
        await world.authorizationCode(other);
        return redeeming(other, await world.authorizationCode(await application(world)));
      },
      expect: invalidGrant,
    },
  ].map((row) => refusal({ ...row, title: `${row.title}, four times`, times: 4 })),
  ...[
    {
      ...code,
      id: 'iam-authorization-code/expired-code-again',
      title: 'a code that has expired',
      requirement: 'RFC6749-4.1.2-code-expiry',
      kind: 'code' as const,
      member: 'code',
      expect: expired,
    },
    {
      ...assertion,
      id: 'jwt-bearer/expired-again',
      title: 'an assertion that has expired',
      requirement: 'RFC7523-3-exp',
      kind: 'assertion' as const,
      member: 'assertion',
      expect: expired,
    },
    {
      ...exchange,
      id: 'token-exchange/expired-again',
      title: 'a subject token that has expired',
      requirement: 'RFC8693-2.2.2-invalid-subject_token',
      kind: 'subjectToken' as const,
      member: 'subject_token',
      expect: expiredSubject,
    },
  ].map((row) => expiry({ ...row, title: `${row.title}, four times`, times: 4 })),
  replay({
    ...code,
    id: 'iam-authorization-code/redeemed-again',
    title: 'a code that was redeemed before, four times',
    requirement: 'RFC6749-4.1.2-code-single-use',
    times: 4,
    expect: invalidGrant,
  }),
  replay({
    ...assertion,
    id: 'jwt-bearer/replayed-again',
    title: 'an assertion that was used before, four times',
    requirement: 'AWS-CreateTokenWithIAM-jti-single-use',
    times: 4,
    expect: invalidGrant,
  }),
];

const byAnother = async (granted: Call, world: World): Promise<Call> =>
  askedBy(granted, await application(world, { name: 'other' }));

/** What was granted once comes again, with something wrong: the answer of then may be kept for those who lost it alone. */
const answered = [
  {
    ...code,
    id: 'iam-authorization-code/redeemed-then-by-another-client',
    title: 'a code that its application has redeemed, from another application',
    requirement: 'RFC6749-4.1.3-code-bound-to-confidential-client',
    change: byAnother,
  },
  {
    ...code,
    id: 'iam-authorization-code/redeemed-then-with-another-verifier',
    title: 'a code that was redeemed, with another verifier',
    requirement: 'RFC7636-4.6-wrong-verifier',
    change: drawn('code_verifier', (world) => world.verifier()),
  },
  {
    ...refresh,
    id: 'iam-refresh-token/refreshed-then-by-another-client',
    title: 'a refresh token that its application has used, from another application',
    requirement: 'RFC6749-6-bound-to-client',
    change: byAnother,
  },
  {
    ...assertion,
    id: 'jwt-bearer/used-then-by-another-client',
    title: 'an assertion that its application has used, from another application',
    requirement: 'AWS-CreateTokenWithIAM-jti-single-use',
    change: byAnother,
  },
].map(({ given, change, ...about }) =>
  flow({
    ...about,
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      const request = await given(world);
      await world.send('control', request);
      await world.send('probe', await change(request, world));
    },
  }),
);

const once = rejectedOrIgnored(
  'invalid_request',
  'no document says how often a subject token may be exchanged',
);

/** A subject token that comes again for something else. */
const exchanged = [
  {
    id: 'token-exchange/again-with-one-scope',
    title: 'a subject token that was exchanged before, now with one scope alone',
    requirement: 'AWS-CreateTokenWithIAM-scope-narrowed',
    change: set('scope', ['openid']),
    member: 'scope',
    right: ['openid'],
  },
  {
    id: 'token-exchange/again-for-a-refresh-token',
    title: 'a subject token that was exchanged for an access token before, now for a refresh token',
    requirement: 'RFC8693-2.2.1-issued_token_type',
    change: set('requested_token_type', refreshTokenType),
    member: 'issued_token_type',
    right: refreshTokenType,
  },
].map(({ change, member, right, ...about }) =>
  flow({
    ...iam,
    grant: exchange.grant,
    needs: exchange.needs,
    ...about,
    expect: { control: granted(), probe: once },
    holds: ({ probe = [] }) =>
      probe
        .filter(({ reply }) => reply.outcome === 'granted')
        .map(({ reply }) => JSON.stringify(reply.members[member]))
        .filter((value) => value !== JSON.stringify(right))
        .map((value) => `the answer says ${value}, not ${JSON.stringify(right)}`),
    run: async (world) => {
      const request = await freshSubjectToken(world);
      await world.send('control', request);
      await world.send('probe', await change(request, world));
    },
  }),
);

const claimOf = (seen: Observation | undefined, name: string): unknown =>
  seen?.exchange.jwts?.find((jwt) => jwt.member === 'idToken')?.claims?.[name];

/** Nonces that an encoder may change: each comes back as it was sent. */
const nonces = {
  'for HTML': `n-<b>&amp;"it's"</b>`,
  'for URLs': 'n+a/b=c%2Bd%20e',
  'a long one': 'nonce-of-64-characters-0123456789-abcdefghijklmnopqrstuvwxyz-end',
  'of digits': '12345678901234567890',
  'beyond ASCII': 'n-ünïcödé-票',
};

const users = ['token-conformance-user', 'token-conformance-other-user', 'token-conformance-user'] as const;

/** What ID tokens and answers say is what was asked for, unchanged, and of the same user each time. */
const unchanged: readonly Case[] = [
  flow({
    ...iam,
    grant: code.grant,
    needs: [...code.needs, 'authorization-code/nonce'],
    id: 'iam-authorization-code/nonce-unchanged',
    title: 'nonces with characters that an encoder may change',
    requirement: 'OIDC-2-nonce',
    expect: Object.fromEntries(Object.keys(nonces).map((step) => [step, granted()])),
    optional: { 'beyond ASCII': 'no code is given for a nonce beyond ASCII' },
    holds: (seen) =>
      Object.entries(nonces)
        .map(([step, nonce]) => [step, nonce, claimOf(seen[step]?.[0], 'nonce')] as const)
        .filter(([step, nonce, found]) => seen[step]?.length && found !== nonce)
        .map(([step, nonce, found]) => `${step}: nonce is ${JSON.stringify(found)}, not "${nonce}"`),
    run: async (world) => {
      const app = await application(world);
      for (const [step, nonce] of Object.entries(nonces)) {
        const given =
          step === 'beyond ASCII'
            ? await world.authorizationCodeIfAllowed(app, { nonce })
            : await world.authorizationCode(app, { nonce });
        if (given !== undefined) await world.send(step, redeeming(app, given));
      }
    },
  }),
  flow({
    ...iam,
    grant: exchange.grant,
    needs: exchange.needs,
    id: 'token-exchange/subject-each-time',
    title: 'the subject of the ID tokens, when one subject token is exchanged four times',
    requirement: 'OIDC-2-sub',
    expect: { control: granted(), probe: once },
    holds: ({ control = [], probe = [] }) =>
      probe
        .filter(({ reply }) => reply.outcome === 'granted')
        .filter((seen) => claimOf(seen, 'sub') !== claimOf(control[0], 'sub'))
        .map(
          (seen) =>
            `one user is ${JSON.stringify(claimOf(control[0], 'sub'))} and ${JSON.stringify(claimOf(seen, 'sub'))}`,
        ),
    run: async (world) => {
      const app = await application(world);
      const request = exchanging(app, await world.subjectToken(app));
      for (const step of ['control', 'probe', 'probe', 'probe']) await world.send(step, request);
    },
  }),
  flow({
    ...iam,
    grant: assertion.grant,
    needs: [...assertion.needs, 'assertion/subject'],
    id: 'jwt-bearer/subjects-interleaved',
    title: 'the subjects of three assertions that were all written before the first was presented',
    requirement: 'OIDC-2-sub',
    expect: { one: granted(), other: granted(), same: granted() },
    holds: ({ one = [], other = [], same = [] }) => {
      const [first, second, third] = [one, other, same].map(([seen]) => JSON.stringify(claimOf(seen, 'sub')));
      if (first !== third) return [`one user is ${first} and ${third}`];
      return first === second ? [`two users are both ${first}`] : [];
    },
    run: async (world) => {
      const app = await application(world);
      const requests = [];
      for (const subject of users) requests.push(asserting(app, await world.assertion(app, { subject })));
      for (const [place, step] of ['one', 'other', 'same'].entries()) {
        const request = requests[place];
        if (request !== undefined) await world.send(step, request);
      }
    },
  }),
  flow({
    ...iam,
    grant: refresh.grant,
    needs: refresh.needs,
    id: 'iam-refresh-token/with-each-scope',
    title: 'each scope that was granted, asked for again together with another',
    requirement: 'AWS-CreateTokenWithIAM-scope-narrowed',
    expect: { control: granted(), probe: granted() },
    holds: ({ probe = [] }) =>
      probe
        .map((seen) => [requestOf(seen).scope, seen.reply.members.scope].map(sorted))
        .filter(([asked, got]) => asked !== got)
        .map(([asked, got]) => `scope is ${got}, not ${asked}`),
    run: async (world) => {
      const { reply } = await world.send('control', await freshRefreshToken(world));
      const { scope } = reply.members;
      const scopes = Array.isArray(scope) ? scope : [];
      const first = scopes.includes('openid') ? 'openid' : scopes[0];
      const others = scopes.filter((one) => one !== first);
      if (others.length === 0) throw notOffered('oneScope');
      for (const one of others.slice(0, 5))
        await world.send('probe', await set('scope', [first, one])(await freshRefreshToken(world), world));
    },
  }),
];

const sorted = (scope: unknown): string =>
  JSON.stringify(Array.isArray(scope) ? scope.map(String).sort() : scope);

export const iamRepeats: readonly Case[] = [...timeAfterTime, ...answered, ...exchanged, ...unchanged];
