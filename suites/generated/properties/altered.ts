import type { Case } from '../../../harness/case.ts';
import { type Expectation, rejected } from '../../../harness/expectation.ts';
import type { Call, World } from '../../../harness/world/world.ts';
import type { AnyGrantAt } from '../../kit/grant.ts';
import { memberOf } from '../../kit/member.ts';
import { mutated } from '../mutation.ts';
import { refusals, wrong } from '../property.ts';
import { anyEdit, type Edit, edited, edits } from '../text.ts';
import { about } from './about.ts';

/** What is wrong with the answer to a request with an edit in one member. */
export const answerToEdit =
  (member: string, expectation: Expectation) =>
  async (edit: Edit, request: Call, world: World): Promise<string | undefined> => {
    const value = edited(String(memberOf(request, member)), edit);
    return wrong(world, expectation, await world.send('probe', mutated(request, { member, value })));
  };

/** A secret that is nearly the right one. */
export const alteredSecret = (row: AnyGrantAt, requirement: string): Case =>
  refusals(
    about(row)('altered-secret', {
      title: 'client secrets with an edit anywhere',
      requirement,
      property: 'refused as invalid_client',
    }),
    row.given,
    () => anyEdit,
    answerToEdit('client_secret', rejected('invalid_client')),
  );

/** A client id that is nearly a right one. */
export const alteredClientId = (row: AnyGrantAt): Case =>
  refusals(
    about(row)('altered-client-id', {
      title: 'client ids with an edit anywhere',
      requirement: row.unknownClient.requirement,
      property: 'refused like a client that does not exist',
    }),
    row.given,
    () => edits('replace', 'insert', 'cut', 'extend', 'double'),
    answerToEdit('client_id', row.unknownClient.expect),
    { weight: 10 },
  );
