import type { Case } from '../../harness/case.ts';
import { documented, granted, refused, rejected } from '../../harness/expectation.ts';
import { flow, type Refusal, refusal } from '../kit/cases.ts';
import { isPlain, shownBy, spelledOut, spelledOutInSmall } from '../kit/credentials.ts';
import type { Given } from '../kit/given.ts';
import { asked, malformed, ways } from './kit.ts';

const given = asked({ method: 'client_secret_basic' });

/** Random credentials may lack a character that a form spells otherwise: those of so many clients hardly do. */
const mostClients = 4;

const spellable: Given = async (world) => {
  const way = world.way(ways);
  const wishes = { method: 'client_secret_basic' } as const;
  let client = await way.client(world, wishes);
  for (let more = 1; isPlain(client) && more < mostClients; more++)
    client = await way.client(world, { ...wishes, fresh: `${more}` });
  return way.request(world, client);
};

const about = {
  dialects: ['oauth-form'],
  ways,
  needs: ['auth:client_secret_basic'],
  given,
} as const;

const nobody = rejected('invalid_client', malformed);

type Basic = Parameters<typeof shownBy>[0]['basic'];
const otherwise = (basic: Basic) => shownBy({ basic });

type Row = Pick<Refusal, 'title' | 'requirement' | 'change'> &
  Partial<Pick<Refusal, 'expect' | 'given'>> & { readonly name: string };

const inAnyCase = (
  [
    ['lower', 'basic'],
    ['upper', 'BASIC'],
    ['mixed', 'bASiC'],
  ] as const
).map(([which, scheme]) => ({
  name: `scheme-in-${which}-case`,
  title: `the scheme written as ${scheme}`,
  requirement: 'RFC9110-11.1-basic-scheme-case',
  change: otherwise({ scheme }),
}));

const otherSchemes = ['Bearer', 'Digest', 'Foo', 'Basics'].map(
  (scheme): Row => ({
    name: `scheme-${scheme.toLowerCase()}-with-credentials`,
    title: `the right credentials behind the scheme ${scheme}`,
    requirement: 'RFC9110-11.6.2-other-scheme',
    change: otherwise({ scheme }),
    expect: refused(),
  }),
);

/** The id and the secret, of a pair that has one colon. */
const parts = (pair: string): readonly [id: string, secret: string] => {
  const at = pair.indexOf(':');
  return [pair.slice(0, at), pair.slice(at + 1)];
};

const malformedOnes = (
  [
    ['no-credentials', 'the scheme alone', { credentials: () => '' }],
    ['empty-pair', 'a colon alone', { pair: () => ':' }],
    ['no-colon', 'the id, and neither colon nor secret', { pair: (right: string) => parts(right)[0] }],
    [
      'colon-missing',
      'the id and the secret without the colon',
      { pair: (right: string) => parts(right).join('') },
    ],
    [
      'colon-spelled-out',
      'the id and the secret with the colon between them as a percent-encoding',
      { pair: (right: string) => right.replace(':', '%3A') },
    ],
    ['empty-id', 'an empty id and the right secret', { pair: (right: string) => `:${parts(right)[1]}` }],
    ['not-base64', 'what is no Base64', { credentials: () => '%%%not*base64%%%' }],
    [
      'plain-text',
      'the id and the secret in plain text',
      { credentials: (right: string) => Buffer.from(right, 'base64').toString() },
    ],
  ] as const satisfies [string, string, Basic][]
).map(
  ([name, title, change]): Row => ({
    name,
    title,
    requirement: 'RFC6749-2.3.1-basic-malformed',
    change: otherwise(change),
  }),
);

/** RFC 7617 §2: a colon in a secret is part of it, so these are other secrets than the right one. */
const otherSecrets: readonly Row[] = [
  {
    name: 'empty-secret',
    title: 'the right id and an empty secret',
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    change: otherwise({ pair: (right) => `${parts(right)[0]}:` }),
  },
  {
    name: 'second-colon-behind-secret',
    title: 'the right secret, and behind it a colon and more',
    requirement: 'RFC7617-2-first-colon',
    change: otherwise({ pair: (right) => `${right}:more` }),
  },
  {
    name: 'second-colon-before-secret',
    title: 'the right secret, and before it more and a colon',
    requirement: 'RFC7617-2-first-colon',
    change: otherwise({ pair: (right) => right.replace(':', ':more:') }),
  },
];

const otherClients: readonly Row[] = [
  {
    name: 'unknown-client-id-in-body',
    title: 'a client_id in the body that no client has',
    requirement: 'RFC6749-2.3.1-basic-body-client_id-mismatch',
    change: (valid, world) => ({
      ...valid,
      as: { also: { method: 'none', client_id: world.garbage(24) } },
    }),
  },
  {
    name: 'other-client-id-in-body',
    title: 'the client_id of another client in the body',
    requirement: 'RFC6749-2.3.1-basic-body-client_id-mismatch',
    change: async (valid, world) => {
      const other = await world.way(ways).client(world, { name: 'other', method: 'client_secret_basic' });
      return { ...valid, as: { also: { method: 'none', client_id: other.client_id } } };
    },
    expect: rejected(
      'invalid_client',
      malformed,
      documented('invalid_grant', 'RFC 6749 §5.2: issued to another client'),
    ),
  },
];

/** What says the same as the right header. */
const alike: readonly Omit<Row, 'expect'>[] = [
  ...inAnyCase,
  {
    name: 'same-client-id-in-body',
    title: 'the same client_id in the body',
    requirement: 'RFC6749-2.3.1-basic-body-client_id-mismatch',
    change: shownBy({ also: { method: 'none' } }),
  },
  {
    name: 'spelled-out',
    title: 'every character of id and secret but letters and digits as a percent-encoding',
    requirement: 'RFC6749-2.3.1-basic-form-encoding',
    given: spellable,
    change: spelledOut,
  },
  {
    name: 'spelled-out-in-small',
    title: 'the same with the digits of the percent-encodings in lower case',
    requirement: 'RFC6749-2.3.1-basic-form-encoding',
    given: spellable,
    change: spelledOutInSmall,
  },
];

/** HTTP Basic (RFC 7617) as RFC 6749 §2.3.1 uses it. */
export const clientBasic: readonly Case[] = [
  ...alike.map(({ name, change, given: request = given, ...row }) =>
    flow({
      ...about,
      ...row,
      id: `client-basic/${name}`,
      expect: { control: granted(), probe: granted() },
      run: async (world) => {
        await world.send('control', await request(world));
        await world.send('probe', await change(await request(world), world));
      },
    }),
  ),
  ...[...otherSchemes, ...malformedOnes, ...otherSecrets, ...otherClients].map(({ name, ...row }) =>
    refusal({ ...about, expect: nobody, ...row, id: `client-basic/${name}` }),
  ),
];
