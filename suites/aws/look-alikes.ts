import type { Case } from '../../harness/case.ts';
import { inferred, rejected, rejectedOrIgnored } from '../../harness/expectation.ts';
import { assertionLookAlikes } from '../grants/assertion-look-alikes.ts';
import { artefactLookAlikes, blankBefore, blankBehind, lookAlikes } from '../grants/look-alikes.ts';
import { typeInUpperCase } from '../grants/token-exchange.ts';
import { refusal } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { ofGrant } from '../kit/grant.ts';
import { ofAws } from './evidence.ts';
import { iamAssertion, iamExchange, iamGrants } from './grants.ts';

const scopes: readonly Case[] = iamGrants.map((at) =>
  refusal({
    ...ofGrant(at),
    id: `${at.folder}/scope-in-other-case`,
    title: 'a scope of the application in upper case',
    requirement: 'RFC8693-2.1-scope-not-widened',
    change: set('scope', ['OPENID']),
    expect: rejectedOrIgnored('invalid_scope', 'RFC 6749 §3.3: a server may ignore a scope and say so'),
    holds: ({ probe = [] }) =>
      probe
        .filter(({ reply }) => JSON.stringify(reply.members.scope ?? '').includes('OPENID'))
        .map(() => 'the response says that a scope was granted that the application does not have'),
  }),
);

/** Forms of what is presented and of the client id, where an application has no secret. */
export const iamMemberLookAlikes: readonly Case[] = iamGrants.flatMap((at) => [
  ...(at.kind === 'assertion' ? [] : artefactLookAlikes(at)),
  ...lookAlikes(
    { ...ofGrant(at), requirement: 'AWS-CreateTokenWithIAM-InvalidClient' },
    { folder: at.folder, thing: 'client id', member: 'client_id' },
    [blankBefore, blankBehind],
    {
      given: at.given,
      expect: rejected(
        'invalid_client',
        ofAws(inferred('access_denied', 'AWS authorizes a principal for an application first')),
        ofAws(inferred('unauthorized_client', 'no answer of the live service is known')),
      ),
    },
  ),
]);

export const iamLookAlikes: readonly Case[] = [
  ...assertionLookAlikes(iamAssertion),
  ...scopes,
  typeInUpperCase(iamExchange),
];
