import fc from 'fast-check';
import type { Case } from '../../../harness/case.ts';
import { refused } from '../../../harness/expectation.ts';
import type { GrantAt } from '../../kit/grant.ts';
import { noText } from '../bodies/json.ts';
import { mutated, requiredTexts } from '../mutation.ts';
import { refusals, wrong } from '../property.ts';
import { about, contractFor } from './about.ts';

/** What only JSON can say: a form has texts alone. */
export const mistyped = (row: GrantAt): Case => ({
  dialects: ['aws-json'],
  ...refusals(
    about(row)('mistyped', {
      title: 'members of a wrong JSON type',
      requirement: 'RFC6749-5.2-malformed-encoding',
      property: 'refused with a documented error',
    }),
    row.given,
    (world) =>
      fc.record({
        member: fc.constantFrom(...requiredTexts(contractFor(world, row))),
        value: noText(2),
      }),
    async (mutation, request, world) =>
      wrong(world, refused(), await world.send('probe', mutated(request, mutation))),
    { weight: 10, anyRefusal: true },
  ),
});
