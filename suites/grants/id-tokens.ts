import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import { flow } from '../kit/cases.ts';
import { registered } from '../kit/credentials.ts';
import { codeRegistration, redeeming } from '../kit/given.ts';
import { codeForScopes, ofGrant, openIdCode, openIdScope } from '../kit/grant.ts';
import { idTokenOf, isPresent } from '../kit/rule.ts';
import { nonce, nonceUnchanged } from './nonces.ts';
import { standardRefreshedIdTokens } from './refreshed-id-tokens.ts';
import { codeGrant, refreshGrant } from './table.ts';

const dialects = ['oauth-form'] as const;

/** ID tokens of the standards: those of AWS come from its signed operation alone. */
export const idTokenCases: readonly Case[] = [
  flow({
    ...ofGrant(codeGrant),
    dialects,
    needs: [...codeGrant.needs, 'authorization-code/scope'],
    mayLack: ['otherScope', 'codeWithoutOpenid'],
    id: 'authorization-code/id-token-by-scope',
    title: 'a code with openid in its scope, and one without',
    requirement: 'OIDC-3.1.3.2-code-from-oidc-request',
    expect: { 'with openid': granted(), 'without openid': granted() },
    holds: (seen) => {
      const found = (step: string) => (seen[step] ?? []).map(({ reply }) => reply.members);
      return [
        ...found('with openid')
          .filter(({ id_token }) => !isPresent(id_token))
          .map(() => 'with openid: there is no ID token'),
        ...found('without openid')
          // Who gives more than was asked for says so (RFC 6749 §5.1).
          .filter(
            ({ id_token, scope }) =>
              isPresent(id_token) && !(Array.isArray(scope) && scope.includes('openid')),
          )
          .map(() => 'without openid: there is an ID token'),
      ];
    },
    run: async (world) => {
      await world.send('with openid', await openIdCode(codeGrant)(world));
      const scope = world.target.scopes.filter((one) => one !== 'openid');
      if (scope.length === 0) throw notOffered('otherScope');
      await world.send('without openid', await codeForScopes(codeGrant, scope)(world));
    },
  }),
  flow({
    ...ofGrant(codeGrant),
    dialects,
    needs: [...codeGrant.needs, 'feature:openid'],
    id: 'authorization-code/id-token-algorithm',
    title: 'the algorithm of the ID token of a client that registered RS256',
    requirement: 'OIDC-3.1.3.7-alg-registered',
    expect: { 'control: registration': granted(), probe: granted() },
    holds: (seen) => {
      const [registered, answer] = ['control: registration', 'probe'].map((step) => seen[step]?.[0]);
      // A server may register something else, and says so then (RFC 7591 §3.2.1).
      const wanted = registered?.reply.members.id_token_signed_response_alg ?? 'RS256';
      const alg = idTokenOf(answer)?.header?.alg;
      return alg === wanted
        ? []
        : [`alg is ${JSON.stringify(alg)}, and ${JSON.stringify(wanted)} is registered`];
    },
    run: async (world) => {
      const asked = await codeRegistration(world);
      const members = { ...asked.members, id_token_signed_response_alg: 'RS256' };
      const sent = await world.send('control: registration', { ...asked, members });
      const redirect_uri = String([asked.members.redirect_uris].flat()[0]);
      const client = registered(sent, world, { redirect_uri });
      const code = await world.authorizationCode(client, openIdScope(codeGrant, world));
      await world.send('probe', redeeming(client, code));
    },
  }),
  ...[nonce(codeGrant), nonceUnchanged(codeGrant)].map((one): Case => ({ ...one, dialects })),
  ...standardRefreshedIdTokens(refreshGrant, codeGrant),
];
