import type { Case } from '../../harness/case.ts';
import { exchanges, unsupportedTypes, wrongSubjectTokens } from '../grants/token-exchange.ts';
import { exchanging } from './given.ts';
import { iamExchange } from './grants.ts';
import { ofOtherRegion } from './region.ts';

export const tokenExchange: readonly Case[] = [
  ...exchanges(iamExchange),
  ...unsupportedTypes(iamExchange, 'urn:ietf:params:oauth:token-type:saml2', 'AWS does not document'),
  ...wrongSubjectTokens(iamExchange),
  ofOtherRegion(iamExchange, async (app, region, world) =>
    exchanging(app, await world.subjectToken(app, region)),
  ),
];
