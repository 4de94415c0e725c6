import type { Case } from '../../../harness/case.ts';
import { granted, rejected } from '../../../harness/expectation.ts';
import { clientGrant } from '../../grants/more-grants.ts';
import { mutated } from '../mutation.ts';
import { noiseFor, withNoise } from '../noise.ts';
import { property, refusals, wrong } from '../property.ts';
import { anyEdit, edited, edits } from '../text.ts';
import { about } from './about.ts';

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
  refusals(
    named('altered-secret', {
      title: 'client secrets with an edit anywhere',
      requirement: 'RFC6749-4.4.2-client-auth-required',
      property: 'refused as invalid_client',
    }),
    given,
    () => anyEdit,
    async (edit, request, world) => {
      const value = edited(String(request.by?.client_secret), edit);
      const sent = await world.send('probe', mutated(request, { member: 'client_secret', value }));
      return wrong(world, rejected('invalid_client'), sent);
    },
  ),
  refusals(
    named('altered-client-id', {
      title: 'client ids with an edit anywhere',
      requirement: clientGrant.unknownClient.requirement,
      property: 'refused like a client that does not exist',
    }),
    given,
    () => edits('replace', 'insert', 'cut', 'extend', 'double'),
    async (edit, request, world) => {
      const value = edited(String(request.by?.client_id), edit);
      const sent = await world.send('probe', mutated(request, { member: 'client_id', value }));
      return wrong(world, clientGrant.unknownClient.expect, sent);
    },
    { weight: 10 },
  ),
];
