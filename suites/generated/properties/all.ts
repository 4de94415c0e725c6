import type { Case } from '../../../harness/case.ts';
import { generatedGrants } from '../grants.ts';
import { ofGrant } from './every-grant.ts';
import { sequences } from './sequences.ts';
import { supporting } from './supporting.ts';

export const properties: readonly Case[] = [
  ...generatedGrants.flatMap(ofGrant),
  ...sequences,
  ...supporting(),
];
