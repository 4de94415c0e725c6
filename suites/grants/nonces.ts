import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import { flow } from '../kit/cases.ts';
import { redeeming } from '../kit/given.ts';
import { codeAt, type GrantAt, ofGrant, openIdCode, openIdScope } from '../kit/grant.ts';
import { claimOf } from '../kit/rule.ts';

const nonces = { 'with nonce': 'n-0S6_WzA2Mj', 'with another nonce': 'n-another' };

/** OpenID Connect Core §2: the nonce of the authorization request comes back in the ID token. */
export const nonce = (at: GrantAt): Case =>
  flow({
    ...ofGrant(at),
    needs: ['authorization-code/nonce'],
    id: `${at.folder}/nonce`,
    title: 'the nonce of the authorization request',
    requirement: 'OIDC-2-nonce',
    expect: { 'with nonce': granted(), 'with another nonce': granted(), 'without nonce': granted() },
    holds: (seen) => {
      const nonceOf = (step: string) => claimOf(seen[step]?.[0], 'nonce');
      const problem = Object.entries(nonces).find(([step, nonce]) => nonceOf(step) !== nonce);
      if (problem !== undefined)
        return [`${problem[0]}: nonce is ${JSON.stringify(nonceOf(problem[0]))}, not the one that was sent`];
      return nonceOf('without nonce') === undefined ? [] : ['there is a nonce although none was sent'];
    },
    run: async (world) => {
      const requests = [];
      for (const [step, nonce] of Object.entries(nonces))
        requests.push([step, await codeAt(at, { nonce, ...openIdScope(at, world) })(world)] as const);
      for (const [step, request] of requests) await world.send(step, request);
      await world.send('without nonce', await openIdCode(at)(world));
    },
  });

/** Nonces that an encoder may change: each comes back as it was sent. */
const encoded = {
  'for HTML': `n-<b>&amp;"it's"</b>`,
  'for URLs': 'n+a/b=c%2Bd%20e',
  'a long one': 'nonce-of-64-characters-0123456789-abcdefghijklmnopqrstuvwxyz-end',
  'of digits': '12345678901234567890',
  'beyond ASCII': 'n-ünïcödé-票',
};

export const nonceUnchanged = (at: GrantAt): Case =>
  flow({
    ...ofGrant(at),
    needs: [...at.needs, 'authorization-code/nonce'],
    id: `${at.folder}/nonce-unchanged`,
    title: 'nonces with characters that an encoder may change',
    requirement: 'OIDC-2-nonce',
    expect: Object.fromEntries(Object.keys(encoded).map((step) => [step, granted()])),
    optional: { 'beyond ASCII': 'no code is given for a nonce beyond ASCII' },
    holds: (seen) =>
      Object.entries(encoded)
        .map(([step, nonce]) => [step, nonce, claimOf(seen[step]?.[0], 'nonce')] as const)
        .filter(([step, nonce, found]) => seen[step]?.length && found !== nonce)
        .map(([step, nonce, found]) => `${step}: nonce is ${JSON.stringify(found)}, not "${nonce}"`),
    run: async (world) => {
      const client = await at.client(world);
      for (const [step, nonce] of Object.entries(encoded)) {
        const wishes = { nonce, ...openIdScope(at, world) };
        const given =
          step === 'beyond ASCII'
            ? await world.authorizationCodeIfAllowed(client, wishes)
            : await world.authorizationCode(client, wishes);
        if (given !== undefined) await world.send(step, redeeming(client, given, at.operation));
      }
    },
  });
