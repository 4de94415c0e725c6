import type { Case } from '../../../harness/case.ts';
import { granted } from '../../../harness/expectation.ts';
import { clientGrant } from '../../grants/more-grants.ts';
import { noiseFor, withNoise } from '../noise.ts';
import { property, wrong } from '../property.ts';
import { about } from './about.ts';
import { alteredClientId, alteredSecret } from './altered.ts';

const named = about(clientGrant);
const { given } = clientGrant;

/** A request that presents nothing but its client. */
export const ofClientCredentials: readonly Case[] = [
  property(
    named('noise', {
      title: 'valid requests with unknown members, in any order and spelling',
      requirement: 'RFC6749-3.2-unknown-params-ignored',
      property: 'granted, whatever unknown or empty members, order and escapes there are',
    }),
    (world) => noiseFor(world, clientGrant),
    async (noise, world) =>
      wrong(world, granted(), await world.send('probe', withNoise(world, await given(world), noise))),
    { weight: 2 },
  ),
  alteredSecret(clientGrant, 'RFC6749-4.4.2-client-auth-required'),
  alteredClientId(clientGrant),
];
