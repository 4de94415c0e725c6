import type { Case } from '../../harness/case.ts';
import { observed, rejected } from '../../harness/expectation.ts';
import type { Client } from '../../harness/world/artefacts.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { refusal } from '../kit/cases.ts';
import { ofGrant } from '../kit/grant.ts';
import { ofAws } from './evidence.ts';
import { application } from './given.ts';
import type { IamGrant } from './grants.ts';

/** A region that the target does not serve. */
const otherRegion = ({ target }: World) => (target.region === 'eu-west-1' ? 'us-west-2' : 'eu-west-1');

/** A token of another region; InvalidRequestRegionException says where it is usable. */
export const ofOtherRegion = (
  at: IamGrant,
  of: (app: Client, region: string, world: World) => Promise<Call>,
): Case =>
  refusal({
    ...ofGrant(at),
    needs: [at.kind === 'refresh token' ? 'refresh-token/region' : 'subject-token/region'],
    id: `${at.folder}/other-region`,
    title: `a ${at.kind} of another region`,
    requirement: 'AWS-CreateTokenWithIAM-region',
    change: async (_, world) => of(await application(world), otherRegion(world), world),
    expect: rejected(
      'invalid_request_region',
      ofAws(
        observed(
          'invalid_request',
          'live service, CreateToken: "Invalid token provided" in the wrong region',
        ),
      ),
    ),
    holds: ({ probe = [] }) =>
      probe
        .filter(({ reply }) => reply.error === 'invalid_request_region')
        .flatMap(({ reply }) =>
          ['endpoint', 'region'].filter((name) => typeof reply.members[name] !== 'string'),
        )
        .map((name) => `${name} is missing`),
  });
