import type { Case } from '../../harness/case.ts';
import { granted, rejected } from '../../harness/expectation.ts';
import { flow, grant, refusal } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { wrongSecret } from '../kit/credentials.ts';
import { ofGrant } from '../kit/grant.ts';
import { assertionLookAlikes } from './assertion-look-alikes.ts';
import { clientCredentials } from './client-credentials.ts';
import { consent } from './consent.ts';
import { presentsTwo, wrongRequests } from './every-grant.ts';
import { exchangeDetails } from './exchange-details.ts';
import { grace } from './grace.ts';
import { alikeJtis, presentedAssertions, sameJti } from './jwt-bearer.ts';
import { livingTokens } from './living-tokens.ts';
import { artefactLookAlikes } from './look-alikes.ts';
import { assertionGrant, clientGrant, exchangeGrant, type MoreGrant, moreGrants } from './more-grants.ts';
import { refreshedScopes } from './refresh-scopes.ts';
import { revocation } from './revocation.ts';
import { namedInTokens } from './subjects.ts';
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

const everyOne = (at: MoreGrant): readonly Case[] => [
  ...wrongRequests(at, { except: [...elsewhere, ...(at === assertionGrant ? optional : [])] }),
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
  ...presenting,
  ...livingTokens,
  ...revocation,
  ...grace,
  ...consent,
  ...namedInTokens,
];

/** The grants that only the standard has at this operation: of those that AWS has elsewhere, the ids are the same. */
export const grantsAtToken: readonly Case[] = all.map((one) => ({ ...one, dialects: ['oauth-form'] }));
