import fc from 'fast-check';
import type { Case } from '../../../harness/case.ts';
import { documented, granted, rejected } from '../../../harness/expectation.ts';
import {
  anyRefreshToken,
  decisionsOf,
  deviceClient,
  deviceCodeGrant,
  freshRefreshToken,
  polling,
} from '../../kit/given.ts';
import { property, wrong } from '../property.ts';

/** What takes several requests of one grant. */
export const sequences: readonly Case[] = [
  property(
    {
      id: 'generated/refresh-token/chain',
      title: 'refreshes in a row, each with the newest refresh token',
      requirement: 'RFC6749-6-refresh-success',
      operation: 'token',
      grant: 'refresh_token',
      needs: [anyRefreshToken],
      property: 'each of two to seven refreshes is granted',
    },
    () => fc.integer({ min: 2, max: 7 }),
    async (length, world) => {
      let request = await freshRefreshToken(world);
      for (let turn = 1; turn <= length; turn++) {
        const sent = await world.send(`refresh ${turn}`, request);
        const problem = wrong(world, granted(), sent);
        if (problem !== undefined) return `refresh ${turn}: ${problem}`;
        const next = sent.reply.members.refresh_token;
        if (typeof next === 'string' && next !== '')
          request = { ...request, members: { ...request.members, refresh_token: next } };
      }
      return undefined;
    },
    { weight: 2 },
  ),
  property(
    {
      id: 'generated/device-code/polling',
      title: 'polls in a row before and after a decision',
      requirement: 'RFC8628-3.5-authorization_pending',
      operation: 'token',
      grant: deviceCodeGrant,
      needs: ['device-decision'],
      property: 'pending or too fast until somebody decides, then as decided',
    },
    (world) =>
      fc.record({
        polls: fc.integer({ min: 0, max: 6 }),
        decision: fc.constantFrom(...decisionsOf(world)),
      }),
    async ({ polls, decision }, world) => {
      const client = await deviceClient(world);
      const device = await world.device(client);
      const tooFast = documented('slow_down', 'RFC 8628 §3.5');
      for (let poll = 1; poll <= polls; poll++) {
        const sent = await world.send(`poll ${poll}`, polling(client, device));
        const problem = wrong(world, rejected('authorization_pending', tooFast), sent);
        if (problem !== undefined) return `poll ${poll}: ${problem}`;
      }
      await world.decide(device, decision);
      const sent = await world.send('decided', polling(client, device));
      if (sent.reply.error === 'slow_down' && polls > 0) return undefined;
      return wrong(world, decision === 'approve' ? granted() : rejected('access_denied'), sent);
    },
    { weight: 2 },
  ),
];
