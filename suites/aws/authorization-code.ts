import type { Case } from '../../harness/case.ts';
import { documented, granted, inferred, rejected } from '../../harness/expectation.ts';
import { expiry, flow, grant, race, refusal, replay } from '../kit/cases.ts';
import { altered, garbage, madeUp, set, without } from '../kit/change.ts';
import { ofAws } from './evidence.ts';
import { application, code, codeWith, freshCode, redeeming } from './given.ts';

const invalidGrant = rejected('invalid_grant');

const nonces = { 'with nonce': 'n-0S6_WzA2Mj', 'with another nonce': 'n-another' };

export const iamAuthorizationCode: readonly Case[] = [
  grant({
    ...code,
    id: 'iam-authorization-code/valid',
    title: 'a valid code',
    requirement: 'RFC6749-4.1.4-code-exchange-success',
  }),
  ...[
    {
      name: 'unknown-code',
      title: 'a code that was never issued',
      requirement: 'RFC6749-4.1.3-unknown-code',
      change: garbage('code'),
      expect: invalidGrant,
    },
    {
      name: 'altered-code',
      title: 'a code with one character changed',
      requirement: 'RFC6749-4.1.3-unknown-code',
      change: altered('code'),
      expect: invalidGrant,
    },
    {
      name: 'missing-code',
      title: 'no code',
      requirement: 'RFC6749-4.1.3-missing-code',
      change: without('code'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'missing-redirect-uri',
      title: 'no redirect URI',
      requirement: 'RFC6749-4.1.3-redirect_uri-required',
      change: without('redirect_uri'),
      expect: rejected('invalid_request', documented('invalid_grant', 'RFC 6749 §5.2')),
    },
    {
      name: 'redirect-uri-other-path',
      title: 'a redirect URI with another path',
      requirement: 'RFC6749-4.1.3-redirect_uri-identical',
      change: set('redirect_uri', (uri: string) => uri.replace(/[^/]*$/, 'other')),
      expect: invalidGrant,
    },
    {
      name: 'wrong-verifier',
      title: 'another well-formed verifier',
      requirement: 'RFC7636-4.6-wrong-verifier',
      change: madeUp('code_verifier', 'A'.repeat(43)),
      expect: invalidGrant,
    },
    {
      name: 'missing-verifier',
      title: 'no verifier',
      requirement: 'RFC7636-4.6-missing-verifier',
      change: without('code_verifier'),
      expect: rejected('invalid_grant', documented('invalid_request', 'OAuth 2.1 draft §4.1.3')),
    },
  ].map(({ name, ...row }) => refusal({ ...code, ...row, id: `iam-authorization-code/${name}` })),
  refusal({
    ...code,
    id: 'iam-authorization-code/other-clients-code',
    title: 'a code that was issued to another application',
    requirement: 'RFC6749-4.1.3-code-bound-to-confidential-client',
    change: async (_, world) =>
      redeeming(
        await application(world, { name: 'other' }),
        await world.authorizationCode(await application(world)),
      ),
    expect: invalidGrant,
  }),
  expiry({
    ...code,
    id: 'iam-authorization-code/expired-code',
    title: 'a code that has expired',
    requirement: 'RFC6749-4.1.2-code-expiry',
    kind: 'code',
    member: 'code',
    expect: rejected(
      'invalid_grant',
      ofAws(inferred('expired_token', 'AWS documents ExpiredTokenException for an expired token in general')),
    ),
  }),
  replay({
    ...code,
    id: 'iam-authorization-code/redeemed',
    title: 'a code that was redeemed before',
    requirement: 'RFC6749-4.1.2-code-single-use',
    expect: invalidGrant,
  }),
  race({
    ...code,
    id: 'iam-authorization-code/redeemed-in-parallel',
    title: 'one code redeemed eight times at once',
    requirement: 'RFC6749-10.5-code-concurrent-redemption',
    losers: invalidGrant,
  }),
  flow({
    ...code,
    needs: ['authorization-code/nonce'],
    id: 'iam-authorization-code/nonce',
    title: 'the nonce of the authorization request',
    requirement: 'OIDC-2-nonce',
    expect: { 'with nonce': granted(), 'with another nonce': granted(), 'without nonce': granted() },
    holds: (seen) => {
      const nonceOf = (step: string) => seen[step]?.[0]?.exchange.jwts?.[0]?.claims?.nonce;
      const problem = Object.entries(nonces).find(([step, nonce]) => nonceOf(step) !== nonce);
      if (problem !== undefined)
        return [`${problem[0]}: nonce is ${JSON.stringify(nonceOf(problem[0]))}, not the one that was sent`];
      return nonceOf('without nonce') === undefined ? [] : ['there is a nonce although none was sent'];
    },
    run: async (world) => {
      const requests = [];
      for (const [step, nonce] of Object.entries(nonces))
        requests.push([step, await codeWith({ nonce })(world)] as const);
      for (const [step, request] of requests) await world.send(step, request);
      await world.send('without nonce', await freshCode(world));
    },
  }),
];
