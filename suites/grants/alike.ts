import { isDeepStrictEqual } from 'node:util';
import type { Observation } from '../../harness/probe.ts';

/** Headers that say what is wrong; others come from what stands in front of the server, or change with the time. */
const telling = /^(?:content-type|www-authenticate|cache-control|pragma)$|error|reason|message/i;

/** What a client sees of an answer, by name. */
function partsOf({ exchange: { response }, reply }: Observation): ReadonlyMap<string, string> {
  const headers = (response?.headers ?? []).filter(([name]) => telling.test(name));
  return new Map([
    ['the status', String(response?.status)],
    ...headers.map(([name, value]) => [`the header ${name.toLowerCase()}`, value] as const),
    ...Object.entries(reply.json.object ?? {}).map(
      ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
    ),
  ]);
}

/** Its words; one with a digit may be a number, a date, or the name that was asked for. */
const wordsOf = (text: string | undefined): readonly string[] | undefined =>
  text?.split(/\s+/).map((word) => (/\d/.test(word) ? '#' : word));

const matches = (one: readonly string[] | undefined, other: readonly string[] | undefined): boolean =>
  one === undefined || other === undefined
    ? one === other
    : one.length === other.length &&
      one.every((word, at) => word === other[at] || word === '#' || other[at] === '#');

/**
 * What tells two kinds of answers apart. Whatever changes from one answer of a kind to the next (the id of a request, a
 * time, the name that was asked for) tells nothing.
 */
export function toldApart(some: readonly Observation[], others: readonly Observation[]): string[] {
  const [first, second] = [some, others].map((answers) => answers.map(partsOf)) as [
    ReadonlyMap<string, string>[],
    ReadonlyMap<string, string>[],
  ];
  const names = new Set([...first, ...second].flatMap((parts) => [...parts.keys()]));
  return [...names].flatMap((name) => {
    const [one, other] = [first, second].map((kind) => kind.map((parts) => parts.get(name)));
    const [a, b] = [one?.[0], other?.[0]];
    const isSteady = [one, other].every((kind) => kind?.every((value) => value === kind[0]));
    const isSteadyInWords = [one, other].every((kind) =>
      kind?.every((value) => isDeepStrictEqual(wordsOf(value), wordsOf(kind[0]))),
    );
    const differs = isSteady ? a !== b : isSteadyInWords && !matches(wordsOf(a), wordsOf(b));
    return differs
      ? [
          `${name} tells an unknown user from a wrong password: ${JSON.stringify(b)}, and ${JSON.stringify(a)}`,
        ]
      : [];
  });
}
