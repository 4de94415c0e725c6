import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import {
  anyBeginning,
  begunBy,
  besideEachOther,
  descentCases,
  redeemedAndRefreshed,
  replayEndsAll,
  spentAndRefreshed,
  twoFamilies,
} from '../grants/descent.ts';
import { refreshedIdTokens } from '../grants/refreshed-id-tokens.ts';
import { listOf, oneOf, otherScopes, refreshInTurn, scopeOmitted } from '../grants/refreshed-scopes.ts';
import { flow } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { invalidGrant } from '../kit/evidence.ts';
import { refreshTokenType } from '../kit/given.ts';
import { ofGrant } from '../kit/grant.ts';
import { iamAssertion, iamCode, iamExchange, iamRefresh } from './grants.ts';

const descents = {
  operation: 'iam_token',
  folder: 'iam-refresh-token',
  beginnings: [
    anyBeginning(iamRefresh),
    begunBy(iamCode, 'a-code', 'a code'),
    begunBy(iamAssertion, 'an-assertion', 'an assertion'),
    begunBy(iamExchange, 'an-exchange', 'a token exchange', set('requested_token_type', refreshTokenType)),
  ],
} as const;

/** Families of refresh tokens at CreateTokenWithIAM, from the first generation to the last. */
export const iamGenerations: readonly Case[] = [
  ...descentCases(descents),
  ...twoFamilies(descents),
  ...besideEachOther(descents),
  redeemedAndRefreshed(iamCode),
  spentAndRefreshed(iamAssertion, {
    name: 'used',
    title: 'an assertion that was used',
    requirement: 'AWS-CreateTokenWithIAM-jti-single-use',
    expect: invalidGrant,
  }),
  replayEndsAll(iamCode),
  ...scopeOmitted(iamRefresh, iamCode),
  flow({
    ...ofGrant(iamRefresh),
    needs: [],
    id: 'iam-refresh-token/generations/narrowed',
    title: 'four refreshes in a row that ask for one scope alone',
    requirement: 'AWS-CreateTokenWithIAM-scope-narrowed',
    expect: { whole: granted(), narrowed: granted() },
    holds: ({ whole = [], narrowed = [] }) =>
      whole.flatMap(({ reply }) => {
        const asked = JSON.stringify([oneOf(listOf(reply.members.scope))]);
        return otherScopes(narrowed, asked, 'no more was asked for');
      }),
    run: (world) => refreshInTurn(iamRefresh, world, ['narrowed', 'narrowed', 'narrowed', 'narrowed']),
  }),
  ...refreshedIdTokens(iamRefresh, { code: iamCode, assertion: iamAssertion }),
];
