import type { Case } from '../../harness/case.ts';
import { granted, rejected } from '../../harness/expectation.ts';
import { flow, grant, refusal } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { wrongSecret } from '../kit/credentials.ts';
import { expiredSubject, invalidGrant, ofAnotherClient, tooOld } from '../kit/evidence.ts';
import { ofGrant } from '../kit/grant.ts';
import { assertionLookAlikes } from './assertion-look-alikes.ts';
import { clientCredentials } from './client-credentials.ts';
import { consent } from './consent.ts';
import { presentsTwo, wrongRequests } from './every-grant.ts';
import { exchangeDetails } from './exchange-details.ts';
import { grace } from './grace.ts';
import { alikeJtis, otherSignature, presentedAssertions, sameJti } from './jwt-bearer.ts';
import { livingTokens } from './living-tokens.ts';
import { artefactLookAlikes } from './look-alikes.ts';
import { assertionGrant, clientGrant, exchangeGrant, type MoreGrant, moreGrants } from './more-grants.ts';
import { passwordGrant, passwords } from './password.ts';
import { refreshedScopes } from './refresh-scopes.ts';
import { expiredFourTimes, fourTimes, unknownAgain } from './repeats.ts';
import { revocation } from './revocation.ts';
import { namedInTokens } from './subjects.ts';
import { codeGrant } from './table.ts';
import {
  exchangedForRefreshToken,
  exchanges,
  expiredAfterExchange,
  typeInUpperCase,
  unsupportedTypes,
  wrongSubjectTokens,
} from './token-exchange.ts';
import { scopeTold, wrongScopes } from './unknown-scopes.ts';

/** A client that was not registered for the grant presents something of its own. */
const notRegistered = (at: MoreGrant): Case =>
  flow({
    ...ofGrant(at),
    id: `${at.folder}/grant-not-registered`,
    title: 'a client that was not registered for the grant',
    requirement: at.unauthorized,
    cell: 'unauthorized_client',
    expect: { control: granted(), probe: rejected('unauthorized_client') },
    run: async (world) => {
      await world.send('control', await at.given(world));
      await world.send('probe', await at.byStranger(world));
    },
  });

/** What says who asks stands in a header here; what the password grant comes to is asked on other grants. */
const elsewhere = ['client-id-twice', 'password-grant'];
/** RFC 7521 §4.1: who brings an assertion as a grant need not be a client at all. */
const optional = ['no-secret', 'no-client-id', 'no-client-id-and-secret'];

/** Where it has no underscore that could be a hyphen, its name is hard to misspell. */
const exceptOf = (at: MoreGrant): readonly string[] => {
  if (at === assertionGrant) return [...elsewhere, ...optional];
  return at === passwordGrant ? [...elsewhere, 'misspelt-grant-type'] : elsewhere;
};

const everyOne = (at: MoreGrant): readonly Case[] => [
  ...wrongRequests(at, { except: exceptOf(at) }),
  notRegistered(at),
  grant({
    ...ofGrant(at),
    id: `${at.folder}/with-unknown-members`,
    title: 'a member that no document knows',
    requirement: 'RFC6749-3.2-unknown-params-ignored',
    change: set('hello', 'world'),
  }),
  ...wrongScopes(at, at.scoped),
];

const presenting: readonly Case[] = [assertionGrant, exchangeGrant].flatMap((at) => [
  presentsTwo(at),
  refusal({
    ...ofGrant(at),
    id: `${at.folder}/empty-artefact`,
    title: 'an empty code or token',
    requirement: 'RFC6749-3.2-empty-required-param',
    change: set(at.artefact, ''),
    expect: rejected('invalid_request'),
  }),
]);

/** Two things are wrong, each of which is refused alike. */
const expiredOfAnother: Case = refusal({
  ...ofGrant(codeGrant),
  needs: [...codeGrant.needs, 'expire/code'],
  id: 'authorization-code/expired-and-of-another-client',
  title: 'an expired code that was issued to another client',
  requirement: 'RFC6749-4.1.3-code-bound-to-confidential-client',
  change: async (_, world) => {
    const other = await codeGrant.client(world, { name: 'other' });
    const { value, request } = await codeGrant.obtain(world, await codeGrant.client(world));
    await world.expire('code', value);
    return request(other);
  },
  expect: ofAnotherClient,
});

/** What is wrong stays wrong, however often it comes. */
const timeAfterTime: readonly Case[] = [
  fourTimes(assertionGrant, {
    name: 'wrong-signature',
    title: 'an assertion with another signature',
    requirement: 'RFC7523-3-signature',
    change: otherSignature,
    expect: invalidGrant,
  }),
  expiredFourTimes(assertionGrant, {
    name: 'expired',
    title: 'an assertion that has expired',
    requirement: 'RFC7523-3-exp',
    expect: tooOld,
  }),
  unknownAgain(exchangeGrant),
  expiredFourTimes(exchangeGrant, {
    name: 'expired',
    title: 'a subject token that has expired',
    requirement: 'RFC8693-2.2.2-invalid-subject_token',
    expect: expiredSubject,
  }),
];

const all: readonly Case[] = [
  ...refreshedScopes,
  ...clientCredentials,
  scopeTold(clientGrant, 'RFC6749-5.1-scope-when-different'),
  ...presentedAssertions(assertionGrant),
  ...assertionLookAlikes(assertionGrant),
  sameJti(assertionGrant),
  ...alikeJtis(assertionGrant),
  refusal({
    ...ofGrant(assertionGrant),
    id: 'jwt-bearer/with-wrong-credentials',
    title: 'a valid assertion together with a wrong client secret',
    requirement: 'RFC7521-4.1-client-auth-optional',
    change: wrongSecret(),
    expect: rejected('invalid_client'),
  }),
  ...exchanges(exchangeGrant),
  ...unsupportedTypes(exchangeGrant, 'urn:token-conformance:no-such-token-type', 'does not exist'),
  ...wrongSubjectTokens(exchangeGrant),
  typeInUpperCase(exchangeGrant),
  ...artefactLookAlikes(exchangeGrant),
  expiredAfterExchange(exchangeGrant),
  exchangedForRefreshToken(exchangeGrant),
  ...exchangeDetails(exchangeGrant),
  scopeTold(exchangeGrant, 'RFC8693-2.2.1-scope'),
  ...moreGrants.flatMap(everyOne),
  ...passwords,
  ...everyOne(passwordGrant),
  scopeTold(passwordGrant, 'RFC6749-5.1-scope-when-different'),
  ...presenting,
  expiredOfAnother,
  ...timeAfterTime,
  ...livingTokens,
  ...revocation,
  ...grace,
  ...consent,
  ...namedInTokens,
];

/** The grants that only the standard has at this operation: of those that AWS has elsewhere, the ids are the same. */
export const grantsAtToken: readonly Case[] = all.map((one) => ({ ...one, dialects: ['oauth-form'] }));
