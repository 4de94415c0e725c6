import type { Case } from '../../harness/case.ts';
import { rejected } from '../../harness/expectation.ts';
import { exchanges, wrongSubjectTokens } from '../grants/token-exchange.ts';
import { refusal } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { ofGrant } from '../kit/grant.ts';
import { exchanging } from './given.ts';
import { iamExchange } from './grants.ts';
import { ofOtherRegion } from './region.ts';

export const tokenExchange: readonly Case[] = [
  ...exchanges(iamExchange),
  ...[
    {
      name: 'unknown-subject-token-type',
      title: 'a subject token type that AWS does not document',
      requirement: 'RFC8693-2.1-unsupported-token-types',
      change: set('subject_token_type', 'urn:ietf:params:oauth:token-type:saml2'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'unknown-requested-token-type',
      title: 'a requested token type that AWS does not document',
      requirement: 'RFC8693-2.1-unsupported-token-types',
      change: set('requested_token_type', 'urn:ietf:params:oauth:token-type:saml2'),
      expect: rejected('invalid_request'),
    },
  ].map(({ name, ...row }) => refusal({ ...ofGrant(iamExchange), ...row, id: `token-exchange/${name}` })),
  ...wrongSubjectTokens(iamExchange),
  ofOtherRegion(iamExchange, async (app, region, world) =>
    exchanging(app, await world.subjectToken(app, region)),
  ),
];
