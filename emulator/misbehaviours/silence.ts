import { dripping, endless, honestly, inTurn, message } from './message.ts';
import type { Misbehaviour } from './misbehaviour.ts';

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

/** Who does not answer, or not to the end. */
export const silence: readonly Misbehaviour[] = [
  { name: 'never-reads', what: 'Accepts connections and never reads a byte.', greet: () => [] },
  { name: 'says-nothing', what: 'Reads each request and says nothing.', answer: () => [] },
  { name: 'closes-at-once', what: 'Closes each connection as soon as it is there.', greet: () => ['close'] },
  { name: 'resets-at-once', what: 'Resets each connection as soon as it is there.', greet: () => ['reset'] },
  { name: 'reads-then-closes', what: 'Reads each request, then closes.', answer: () => ['close'] },
  { name: 'reads-then-resets', what: 'Reads each request, then resets.', answer: () => ['reset'] },
  { name: 'one-byte-only', what: 'Sends one byte and no more.', answer: () => 'H' },
  { name: 'half-status-line', what: 'Sends half a status line and no more.', answer: () => 'HTTP/1.1 2' },
  {
    name: 'half-status-line-then-close',
    what: 'Sends half a status line, then closes.',
    answer: () => inTurn('HTTP/1.1 2', 'close'),
  },
  { name: 'half-headers', what: 'Sends half the headers and no more.', answer: () => `${head}Cache-Con` },
  {
    name: 'half-headers-then-close',
    what: 'Sends half the headers, then closes.',
    answer: () => inTurn(`${head}Cache-Con`, 'close'),
  },
  {
    name: 'headers-then-silence',
    what: 'Sends all headers and never the body.',
    answer: () => `${head}Content-Length: 20\r\n\r\n`,
  },
  {
    name: 'headers-then-reset',
    what: 'Sends all headers, then resets.',
    answer: () => inTurn(`${head}Content-Length: 20\r\n\r\n`, 'reset'),
  },
  {
    name: 'half-a-body-then-silence',
    what: 'Sends half of the honest body and no more.',
    spoil: (honest) => halfOf(honestly(honest)),
  },
  {
    name: 'half-a-body-then-close',
    what: 'Sends half of the honest body, then closes.',
    spoil: (honest) => inTurn(halfOf(honestly(honest)), 'close'),
  },
  {
    name: 'half-a-body-then-reset',
    what: 'Sends half of the honest body, then resets.',
    spoil: (honest) => inTurn(halfOf(honestly(honest)), 'reset'),
  },
  {
    name: 'drips-the-answer',
    what: 'Sends the honest answer one byte in 50 ms.',
    spoil: (honest) => dripping(honestly(honest), 50),
  },
  {
    name: 'drips-headers-for-ever',
    what: 'Sends one more header every 50 ms, for ever.',
    answer: () => inTurn(head, endless('X-More: 1\r\n', 50)),
  },
  {
    name: 'drips-spaces-for-ever',
    what: 'Sends one more space before the body every 50 ms, for ever.',
    answer: () => inTurn(message({ length: 1_000_000 }), endless(' ', 50)),
  },
];

const halfOf = (bytes: Buffer) => bytes.subarray(0, bytes.length - 20);
