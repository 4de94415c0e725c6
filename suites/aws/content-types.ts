import fc from 'fast-check';
import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import { about } from '../generated/properties/about.ts';
import { property, wrong } from '../generated/property.ts';
import type { GrantAt } from '../kit/grant.ts';

const contentTypes = [
  'application/json; charset=UTF-8',
  'application/json;charset=utf-8',
  'Application/JSON',
  'application/x-amz-json-1.1',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'text/plain',
  'text/plain; charset=us-ascii',
];

/** AWS reads JSON whatever it is called. */
export const anyContentType = (row: GrantAt): Case => {
  const { given } = row;
  return property(
    about(row)('content-types', {
      title: 'JSON that is labelled as something else, or not at all',
      requirement: 'AWS-content-type-not-enforced',
      property: 'granted, whatever the Content-Type says',
    }),
    // Null leaves the header out: a value has to survive JSON.
    () => fc.constantFrom(null, ...contentTypes),
    async (type, world) => {
      const raw = { headers: { 'Content-Type': type ?? undefined } };
      return wrong(world, granted(), await world.send('probe', { ...(await given(world)), raw }));
    },
    { weight: 4 },
  );
};
