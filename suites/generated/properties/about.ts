import { documented, type Expectation, inferred, rejected } from '../../../harness/expectation.ts';
import type { Member } from '../../../harness/generate/contract.ts';
import type { Sent, World } from '../../../harness/world/world.ts';
import type { AnyGrantAt } from '../../kit/grant.ts';
import type { Mutation } from '../mutation.ts';
import type { Noise } from '../noise.ts';
import type { About } from '../property.ts';

/** What a missing member may be answered with, where documents leave more than invalid_request. */
const missingMember: Readonly<Record<string, Expectation>> = {
  client_id: rejected('invalid_request', documented('invalid_client', 'RFC 6749 §5.2')),
  client_secret: rejected('invalid_request', documented('invalid_client', 'RFC 6749 §5.2')),
  redirect_uri: rejected('invalid_request', documented('invalid_grant', 'RFC 6749 §5.2')),
  code_verifier: rejected('invalid_grant', documented('invalid_request', 'OAuth 2.1 draft §4.1.3')),
  grant_type: rejected(
    'invalid_request',
    inferred('unsupported_grant_type', 'a server may read the empty string as a grant type'),
  ),
};

export const expectMissing = (member: string): Expectation =>
  missingMember[member] ?? rejected('invalid_request');

export function about({ folder, operation, grant, needs }: AnyGrantAt) {
  return (name: string, rest: Pick<About, 'title' | 'requirement' | 'property'>): About => ({
    id: `generated/${folder}/${name}`,
    operation,
    grant,
    needs,
    ...rest,
  });
}

export const contractFor = (world: World, { operation, grant }: AnyGrantAt) =>
  world.contract(operation, grant);

/** A member that was taken away must not come back as null. */
export const withoutMember = (noise: Noise, members: readonly Member[], { member }: Mutation): Noise => {
  const wire = members.find(({ name }) => name === member)?.wire;
  return { ...noise, nulls: noise.nulls.filter((name) => name !== wire) };
};

/** What no mistake of a client may cause. */
export function breakdown({ reply }: Sent): string | undefined {
  if (reply.status >= 500) return `a client's mistake is answered with status ${reply.status}`;
  return reply.isMarkup ? `status ${reply.status} with HTML` : undefined;
}
