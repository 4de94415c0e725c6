import type { Case } from '../../../harness/case.ts';
import { allGrants } from '../../grants.ts';
import { ofGrant } from './every-grant.ts';
import { sequences } from './sequences.ts';
import { supporting } from './supporting.ts';

export const properties: readonly Case[] = [...allGrants.flatMap(ofGrant), ...sequences, ...supporting()];
