import type { Case } from '../../../harness/case.ts';
import { assertionGrant, exchangeGrant } from '../../grants/more-grants.ts';
import { allGrants } from '../../grants/table.ts';
import { ofClientCredentials } from './client-credentials.ts';
import { ofGrant } from './every-grant.ts';
import { sequences } from './sequences.ts';
import { supporting } from './supporting.ts';

/**
 * What a standard server may answer otherwise: it need not give every scope for an assertion or a subject token, and
 * need not mind the bits of base64 that mean nothing.
 */
const leftOpen = /\/allowed$|jwt-bearer\/altered-artefact$/;

/** Grants that the standard alone has at the operation where clients have secrets. */
const standard: readonly Case[] = [
  ...[assertionGrant, exchangeGrant].flatMap(ofGrant),
  ...ofClientCredentials,
]
  .filter(({ id, dialects }) => dialects === undefined && !leftOpen.test(id))
  .map((one) => ({ ...one, dialects: ['oauth-form'] }));

export const properties: readonly Case[] = [
  ...allGrants.flatMap(ofGrant),
  ...sequences,
  ...supporting(),
  ...standard,
];
