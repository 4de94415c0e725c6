import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import { interleavedSubjects, otherSignature } from '../grants/jwt-bearer.ts';
import { nonceUnchanged } from '../grants/nonces.ts';
import {
  answered,
  byAnother,
  expiredCodeAgain,
  expiredFourTimes,
  fourTimes,
  otherClientsCodeAgain,
  redeemedCodeAgain,
  redeemedThen,
  refreshedThenByAnother,
  unknownAgain,
  wrongVerifierAgain,
} from '../grants/repeats.ts';
import { exchangedFor, exchangedForRefreshToken, subjectEachTime } from '../grants/token-exchange.ts';
import { flow, replay } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { expiredSubject, invalidGrant, tooOld } from '../kit/evidence.ts';
import { ofGrant } from '../kit/grant.ts';
import { requestOf } from '../kit/rule.ts';
import { freshRefreshToken } from './given.ts';
import { iamAssertion, iamCode, iamExchange, iamRefresh } from './grants.ts';

const timeAfterTime: readonly Case[] = [
  ...[iamCode, iamRefresh, iamExchange].map(unknownAgain),
  fourTimes(iamAssertion, {
    name: 'wrong-signature',
    title: 'an assertion with another signature',
    requirement: 'RFC7523-3-signature',
    change: otherSignature,
    expect: invalidGrant,
  }),
  wrongVerifierAgain(iamCode),
  otherClientsCodeAgain(iamCode),
  expiredCodeAgain(iamCode),
  expiredFourTimes(iamAssertion, {
    name: 'expired',
    title: 'an assertion that has expired',
    requirement: 'RFC7523-3-exp',
    expect: tooOld,
  }),
  expiredFourTimes(iamExchange, {
    name: 'expired',
    title: 'a subject token that has expired',
    requirement: 'RFC8693-2.2.2-invalid-subject_token',
    expect: expiredSubject,
  }),
  redeemedCodeAgain(iamCode),
  replay({
    ...ofGrant(iamAssertion),
    id: 'jwt-bearer/replayed-again',
    title: 'an assertion that was used before, four times',
    requirement: 'AWS-CreateTokenWithIAM-jti-single-use',
    times: 4,
    expect: invalidGrant,
  }),
];

const answeredBefore: readonly Case[] = [
  ...redeemedThen(iamCode),
  refreshedThenByAnother(iamRefresh),
  answered(iamAssertion, {
    name: 'used-then-by-another-client',
    title: 'an assertion that its application has used, from another application',
    requirement: 'AWS-CreateTokenWithIAM-jti-single-use',
    change: byAnother(iamAssertion),
    expect: invalidGrant,
  }),
  exchangedFor(iamExchange, {
    name: 'again-with-one-scope',
    title: 'a subject token that was exchanged before, now with one scope alone',
    requirement: 'AWS-CreateTokenWithIAM-scope-narrowed',
    change: set('scope', ['openid']),
    member: 'scope',
    right: ['openid'],
  }),
  exchangedForRefreshToken(iamExchange),
];

/** What ID tokens and answers say is what was asked for, unchanged, and of the same user each time. */
const unchanged: readonly Case[] = [
  nonceUnchanged(iamCode),
  subjectEachTime(iamExchange),
  interleavedSubjects(iamAssertion),
  flow({
    ...ofGrant(iamRefresh),
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

export const iamRepeats: readonly Case[] = [...timeAfterTime, ...answeredBefore, ...unchanged];
