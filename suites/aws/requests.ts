import type { Case } from '../../harness/case.ts';
import { granted, noToken } from '../../harness/expectation.ts';
import { framed } from '../framing/request.ts';
import { flow, grant } from '../kit/cases.ts';
import { onTheWire } from '../kit/change.ts';
import { anyGrant } from '../kit/given.ts';

const contentType = (value: string | undefined) => onTheWire({ headers: { 'Content-Type': value } });

/** What AWS takes for a request of its own: JSON under any label, without a signature. */
export const takenByAws: readonly Case[] = (
  [
    {
      id: 'request/no-content-type',
      title: 'JSON without a Content-Type',
      requirement: 'AWS-content-type-not-enforced',
      change: contentType(undefined),
    },
    {
      id: 'request/form-content-type',
      title: 'JSON under the Content-Type of a form',
      requirement: 'AWS-content-type-not-enforced',
      change: contentType('application/x-www-form-urlencoded'),
    },
    {
      id: 'request/content-type-with-charset',
      title: 'a Content-Type with a charset',
      requirement: 'AWS-content-type-not-enforced',
      change: contentType('application/json; charset=utf-8'),
    },
    { id: 'request/unsigned', title: 'no Authorization header', requirement: 'AWS-CreateToken-unsigned' },
  ] as const
).map((row) => grant({ ...framed, ...row }));

export const unsignedIam = flow({
  ...framed,
  id: 'request/unsigned-iam',
  title: 'an unsigned request to the IAM variant of the endpoint',
  requirement: 'AWS-CreateToken-unsigned',
  expect: { control: granted(), probe: noToken() },
  run: async (world) => {
    await world.send('control', await anyGrant(world));
    const valid = await anyGrant(world);
    await world.send('probe', { ...valid, raw: { query: { aws_iam: 't' } } });
  },
});
