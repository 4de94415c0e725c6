import fc from 'fast-check';
import type { Case } from '../../harness/case.ts';
import { raceStep } from '../../harness/exchange.ts';
import { granted } from '../../harness/expectation.ts';
import type { Sent } from '../../harness/world/world.ts';
import * as withIam from '../aws/given.ts';
import { allGrants } from '../grants/table.ts';
import * as createToken from '../kit/given.ts';
import type { GrantAt } from '../kit/grant.ts';
import { weakness } from '../unpredictability.ts';
import { property, wrong } from './property.ts';

const isGranted = ({ reply }: Sent) => reply.outcome === 'granted';

/** Refresh tokens that do not rotate are not used up, so any number of refreshes may win. */
const rotates = (presented: unknown) => (sent: Sent) => {
  const next = sent.reply.members.refresh_token;
  return typeof next === 'string' && next !== '' && next !== presented;
};

function race(
  { folder, operation, grant, needs, given, artefact }: GrantAt,
  { requirement, losers }: NonNullable<GrantAt['race']>,
): Case {
  return property(
    {
      id: `generated/${folder}/race`,
      title: 'one code or token presented several times at once',
      requirement,
      operation,
      grant,
      needs,
      control: given,
      property: 'one is granted at most, the others are refused, and the service goes on',
    },
    () => fc.integer({ min: 2, max: 10 }),
    async (parallel, world) => {
      const request = await given(world);
      const answers = await Promise.all(
        Array.from({ length: parallel }, () => world.send(raceStep, request)),
      );
      const winners = answers.filter(isGranted);
      if (artefact === 'refresh_token' && !winners.some(rotates(request.members[artefact]))) return undefined;
      if (winners.length > 1) {
        world.givenAway();
        return `${winners.length} of ${parallel} parallel requests were granted`;
      }
      const problem = answers
        .filter((sent) => !isGranted(sent))
        .map((sent) => wrong(world, losers, sent))
        .find((one) => one !== undefined);
      return problem ?? wrong(world, granted(), await world.send('afterwards', await given(world)));
    },
    { weight: 4 },
  );
}

/** Tokens of many grants, and of all that the run was granted before: this case comes last. */
function tokens(
  folder: string,
  operation: 'token' | 'iam_token',
  { anyWay, anyGrant }: Pick<typeof withIam, 'anyWay' | 'anyGrant'>,
): Case {
  return {
    id: `generated/${folder}/tokens`,
    title: 'the access tokens of the whole run',
    requirement: 'RFC6749-10.10-access-token-entropy-128',
    operation,
    ways: anyWay,
    needs: [],
    alone: true,
    property: 'no two grants get the same access token, and 128 bits or more of each cannot be predicted',
    expect: {},
    holds: (_, [sample]) => weakness(sample, 128),
    run: async (world) => {
      await world.forAll(fc.nat(), async (_, inner) =>
        wrong(inner, granted(), await inner.send('probe', await anyGrant(inner))),
      );
      world.sampleIssued('probe', operation, 'access_token');
    },
  };
}

export const races: readonly Case[] = [
  ...allGrants.flatMap((one) => (one.race === undefined ? [] : [race(one, one.race)])),
  tokens('authorization-code', 'token', createToken),
  tokens('iam-authorization-code', 'iam_token', withIam),
];
