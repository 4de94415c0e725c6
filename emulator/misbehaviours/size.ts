import { adding, always, endless, honestly, inTurn, refusals, text, textOf } from './message.ts';
import type { Misbehaviour } from './misbehaviour.ts';

const added = (name: string, what: string, member: string): Misbehaviour => ({
  name,
  what,
  spoil: adding(member),
});

const lists = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const nested = [3_000, 10_000, 100_000].flatMap((depth): Misbehaviour[] => [
  added(
    `lists-${depth}-deep`,
    `Adds a member of ${depth} lists within each other.`,
    `"more":${lists(depth)}`,
  ),
  {
    name: `objects-${depth}-deep-in-errors`,
    what: `Adds a member of ${depth} objects within each other to errors.`,
    spoil: refusals((honest) =>
      honestly(honest, { body: `{"more":${objects(depth)},${textOf(honest).slice(1)}` }),
    ),
  },
]);

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `"member${at}":"${at}"`).join();

/** Answers that are deep, long, or without an end; honest otherwise where nothing else is said. */
export const size: readonly Misbehaviour[] = [
  ...nested,
  added('members-900-kb', 'Adds 900 KB of members.', numbered(42_000)),
  added('string-900-kb', 'Adds a string of 900 KB.', `"more":"${'a b '.repeat(225_000)}"`),
  added('string-60-kb', 'Adds a string of 60 KB.', `"more":"${'a b '.repeat(15_000)}"`),
  added('name-900-kb', 'Adds a member with a name of 900 KB.', `"${'more '.repeat(180_000)}":1`),
  added('list-900-kb', 'Adds a list of 450,000 numbers.', `"more":[${'1,'.repeat(450_000)}1]`),
  added('number-60-kb', 'Adds a number of 60,000 digits.', `"more":${'1'.repeat(60_000)}`),
  added(
    'empty-name-1000-times',
    'Adds 1,000 members, all without a name.',
    '"":1,'.repeat(1_000).slice(0, -1),
  ),
  {
    name: 'spaces-900-kb',
    what: 'Adds 900 KB of spaces behind each body.',
    spoil: text((body) => body + ' '.repeat(900_000)),
  },
  {
    name: 'description-900-kb',
    what: 'Describes each error in 900 KB.',
    spoil: refusals((honest) =>
      honestly(honest, {
        body: JSON.stringify({ ...JSON.parse(textOf(honest)), error_description: 'word '.repeat(180_000) }),
      }),
    ),
  },
  {
    name: 'body-5-mb',
    what: 'Answers every request with 5 MB.',
    answer: always({ body: `"${'a'.repeat(5_000_000)}"` }),
  },
  {
    name: 'body-endless',
    what: 'Answers with a body without an end, as fast as it is read.',
    answer: () =>
      inTurn(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
        endless(`1000\r\n${'a'.repeat(4_096)}\r\n`),
      ),
  },
  {
    name: 'body-without-length-endless',
    what: 'Answers with a body without length and end, as fast as it is read.',
    answer: () => inTurn('HTTP/1.1 200 OK\r\n\r\n', endless(' '.repeat(65_536))),
  },
];
