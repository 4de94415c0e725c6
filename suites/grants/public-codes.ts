import type { Case } from '../../harness/case.ts';
import { documented, rejected } from '../../harness/expectation.ts';
import type { ClientWishes } from '../../harness/world/artefacts.ts';
import type { World } from '../../harness/world/world.ts';
import { refusal } from '../kit/cases.ts';
import { code, codeClient, redeeming } from '../kit/given.ts';

type Wishes = (world: World) => ClientWishes;

const publicly: Wishes = (world) => world.publicly;
const confidentially: Wishes = () => ({});

/** By one client the code, by another the request that redeems it. */
const redeemed = async (world: World, owner: ClientWishes, presenter: ClientWishes) =>
  redeeming(
    await codeClient(world, presenter),
    await world.authorizationCode(await codeClient(world, owner)),
  );

const rows: readonly (Pick<Case, 'title' | 'requirement'> & {
  readonly name: string;
  readonly owner: Wishes;
  readonly presenter: Wishes;
})[] = [
  {
    name: 'other-public-clients-code',
    title: 'a code that was issued to another public client',
    requirement: 'RFC6749-4.1.3-code-bound-to-public-client',
    owner: publicly,
    presenter: publicly,
  },
  {
    name: 'public-clients-code-of-confidential-client',
    title: 'a code that was issued to a public client, from one that authenticates',
    requirement: 'RFC6749-4.1.3-code-bound-to-public-client',
    owner: publicly,
    presenter: confidentially,
  },
  {
    name: 'confidential-clients-code-of-public-client',
    title: 'a code that was issued to a client with a secret, from a public one',
    requirement: 'RFC6749-4.1.3-code-bound-to-confidential-client',
    owner: confidentially,
    presenter: publicly,
  },
];

/** Codes of public clients, which nothing but their id tells apart (RFC 6749 §4.1.3). */
export const publicCodes: readonly Case[] = rows.map(({ name, owner, presenter, ...row }) =>
  refusal({
    ...code,
    ...row,
    dialects: ['oauth-form'],
    needs: [...code.needs, 'auth:none', 'feature:public-clients'],
    id: `authorization-code/${name}`,
    given: (world) => redeemed(world, owner(world), owner(world)),
    change: (_, world) => redeemed(world, owner(world), { ...presenter(world), name: 'other' }),
    expect: rejected(
      'invalid_grant',
      documented('invalid_client', 'tolerated: no document orders the checks'),
    ),
  }),
);
