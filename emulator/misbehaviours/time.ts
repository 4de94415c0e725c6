import { honestly, inTurn, refusals } from './message.ts';
import type { Misbehaviour } from './misbehaviour.ts';

/** Who answers honestly, but not always, or not at once. */
export const time: readonly Misbehaviour[] = [
  {
    name: 'stalls-once',
    what: 'Takes 3 seconds for the third answer and is honest otherwise.',
    spoil: (honest, { nth }) => (nth === 3 ? inTurn({ waitMs: 3_000 }, honestly(honest)) : honestly(honest)),
  },
  {
    name: 'pauses-within-answers',
    what: 'Pauses for 20 ms between the headers and the body of each honest answer.',
    spoil: (honest) => {
      const bytes = honestly(honest);
      const body = bytes.indexOf('\r\n\r\n') + 4;
      return inTurn(bytes.subarray(0, body), { waitMs: 20 }, bytes.subarray(body));
    },
  },
  {
    name: 'loses-every-tenth-answer',
    what: 'Processes every tenth request and closes without an answer.',
    spoil: (honest, { nth }) => (nth % 10 === 0 ? ['close'] : honestly(honest)),
  },
  {
    name: 'loses-refreshes',
    what: 'Processes each refresh and closes without an answer when it was the third, sixth … request.',
    spoil: (honest, { nth, body }) =>
      nth % 3 === 0 && Buffer.from(body ?? '').includes('"refreshToken":') ? ['close'] : honestly(honest),
  },
  {
    name: 'resets-every-tenth-answer',
    what: 'Processes every tenth request and resets in the middle of the answer.',
    spoil: (honest, { nth }) =>
      nth % 10 === 0 ? inTurn(honestly(honest).subarray(0, -10), 'reset') : honestly(honest),
  },
  {
    name: 'loses-every-tenth-request',
    what: 'Closes instead of processing every tenth request.',
    answer: ({ nth }) => (nth % 10 === 0 ? ['close'] : undefined),
  },
  {
    name: 'loses-the-first-request',
    what: 'Closes instead of processing the first request, as after a start.',
    answer: ({ nth }) => (nth === 1 ? ['close'] : undefined),
  },
  {
    name: 'ignores-every-tenth-request',
    what: 'Says nothing to every tenth request.',
    answer: ({ nth }) => (nth % 10 === 0 ? [] : undefined),
  },
  {
    name: 'dies-after-20',
    what: 'Is honest for 20 requests, then closes all connections.',
    answer: ({ nth }) => (nth > 20 ? ['close'] : undefined),
  },
  {
    name: 'loses-refusals',
    what: 'Closes instead of refusing, and grants honestly.',
    spoil: refusals(() => ['close']),
  },
  {
    name: 'closes-after-each-answer',
    what: 'Closes after each honest answer without having said so.',
    spoil: (honest) => inTurn(honestly(honest), 'close'),
  },
  {
    name: 'closes-soon-after-each-answer',
    what: 'Closes 5 ms after each honest answer, when the next request may be under way.',
    spoil: (honest) => inTurn(honestly(honest), { waitMs: 5 }, 'close'),
  },
  {
    name: 'resets-after-each-answer',
    what: 'Resets after each honest answer.',
    spoil: (honest) => inTurn(honestly(honest), { waitMs: 5 }, 'reset'),
  },
  {
    name: 'announces-its-close',
    what: 'Closes after each honest answer and says so with Connection: close.',
    spoil: (honest) =>
      inTurn(honestly(honest, { headers: [...honest.headers, ['Connection', 'close']] }), 'close'),
  },
];
