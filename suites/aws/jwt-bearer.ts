import type { Case } from '../../harness/case.ts';
import { assertedSubjects, presentedAssertions, sameJti } from '../grants/jwt-bearer.ts';
import { race, replay } from '../kit/cases.ts';
import { invalidGrant } from '../kit/evidence.ts';
import { ofGrant } from '../kit/grant.ts';
import { iamAssertion } from './grants.ts';

export const jwtBearer: readonly Case[] = [
  ...presentedAssertions(iamAssertion),
  assertedSubjects(iamAssertion),
  replay({
    ...ofGrant(iamAssertion),
    id: 'jwt-bearer/replayed-jti',
    title: 'an assertion that was used before',
    requirement: 'AWS-CreateTokenWithIAM-jti-single-use',
    expect: invalidGrant,
  }),
  sameJti(iamAssertion),
  race({
    ...ofGrant(iamAssertion),
    id: 'jwt-bearer/in-parallel',
    title: 'one assertion presented eight times at once',
    requirement: 'AWS-CreateTokenWithIAM-jti-single-use',
    losers: invalidGrant,
  }),
];
