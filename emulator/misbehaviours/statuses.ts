import type { Header } from '../wire.ts';
import { always, endless, honestly, inTurn, message } from './message.ts';
import type { Misbehaviour } from './misbehaviour.ts';

const interim = (status: number, ...fields: string[]) =>
  `${[`HTTP/1.1 ${status} Interim`, ...fields].join('\r\n')}\r\n\r\n`;

/** The honest answer under another status. */
const withStatus = (status: string, what: string): Misbehaviour => ({
  name: `status-${status}`,
  what,
  spoil: (honest) => honestly(honest, { status }),
});

const redirecting = (status: number): Misbehaviour => ({
  name: `redirects-to-itself-with-${status}`,
  what: `Answers every request with ${status} and its own URL.`,
  answer: ({ target }) => message({ status, headers: [['Location', target]] }),
});

/** 429 to everybody, with this Retry-After. */
const tooMany = (name: string, retryAfter: string | undefined): Misbehaviour => ({
  name,
  what: `Answers every request with 429 and ${retryAfter === undefined ? 'no Retry-After' : `Retry-After: ${retryAfter}`}.`,
  answer: always({
    status: 429,
    headers: [
      ['Content-Type', 'text/plain'],
      ...(retryAfter === undefined ? [] : [['Retry-After', retryAfter] as const]),
    ],
    body: 'too many requests',
  }),
});

const plainText: Header = ['Content-Type', 'text/plain'];

/** Statuses that are none, or that a token endpoint has no use for. */
export const statuses: readonly Misbehaviour[] = [
  withStatus('000', 'Answers with status 000.'),
  withStatus('099', 'Answers with status 099.'),
  withStatus('600', 'Answers with status 600.'),
  withStatus('999', 'Answers with status 999.'),
  withStatus('1000', 'Answers with a status of four digits.'),
  withStatus('20', 'Answers with a status of two digits.'),
  withStatus('abc', 'Answers with a status of letters.'),
  withStatus('-200', 'Answers with a negative status.'),
  withStatus('226', 'Answers with 226 whatever it is.'),
  {
    name: 'continue-for-ever',
    what: 'Sends 100 Continue for ever and never an answer.',
    answer: () => endless(interim(100), 10),
  },
  {
    name: 'continue-first',
    what: 'Sends a 100 Continue that nobody asked for before each honest answer.',
    spoil: (honest) => inTurn(interim(100), honestly(honest)),
  },
  {
    name: 'hints-first',
    what: 'Sends 103 Early Hints before each honest answer.',
    spoil: (honest) => inTurn(interim(103, 'Link: </style.css>; rel=preload'), honestly(honest)),
  },
  {
    name: 'hundred-hints-first',
    what: 'Sends 103 Early Hints a hundred times before each honest answer.',
    spoil: (honest) => inTurn(interim(103).repeat(100), honestly(honest)),
  },
  {
    name: 'hints-for-ever',
    what: 'Sends 103 Early Hints for ever and never an answer.',
    answer: () => endless(interim(103), 10),
  },
  {
    name: 'switches-protocols',
    what: 'Answers with 101 Switching Protocols.',
    answer: () => interim(101, 'Connection: Upgrade', 'Upgrade: websocket'),
  },
  {
    name: 'no-content-with-content',
    what: 'Answers with 204 and the honest body.',
    spoil: (honest) => honestly(honest, { status: 204 }),
  },
  {
    name: 'no-content',
    what: 'Answers every request with 204.',
    answer: always({ status: 204, length: null }),
  },
  { name: 'reset-content', what: 'Answers every request with 205.', answer: always({ status: 205 }) },
  {
    name: 'partial-content',
    what: 'Answers with 206 and the honest body.',
    spoil: (honest) => honestly(honest, { status: 206 }),
  },
  {
    name: 'not-modified',
    what: 'Answers every request with 304.',
    answer: always({ status: 304, length: null }),
  },
  ...[301, 302, 303, 307, 308].map(redirecting),
  {
    name: 'redirects-elsewhere',
    what: 'Answers every request with 307 and another port of this machine.',
    answer: always({ status: 307, headers: [['Location', 'http://127.0.0.1:9/token']] }),
  },
  {
    name: 'redirects-in-a-circle',
    what: 'Answers every request with 307 and a longer path.',
    answer: ({ target }) => message({ status: 307, headers: [['Location', `${target}/more`]] }),
  },
  {
    name: 'redirects-nowhere',
    what: 'Answers every request with 302 and a Location that is no URL.',
    answer: always({ status: 302, headers: [['Location', 'http://[::1']] }),
  },
  {
    name: 'wants-a-login',
    what: 'Answers every request with 401 and WWW-Authenticate: Basic.',
    answer: always({ status: 401, headers: [['WWW-Authenticate', 'Basic realm="private"']] }),
  },
  {
    name: 'wants-a-proxy-login',
    what: 'Answers every request with 407, as a proxy in between does.',
    answer: always({ status: 407, headers: [['Proxy-Authenticate', 'Basic realm="proxy"']] }),
  },
  { name: 'is-a-teapot', what: 'Answers every request with 418.', answer: always({ status: 418 }) },
  tooMany('too-many-requests', undefined),
  tooMany('retry-after-0', '0'),
  tooMany('retry-after-1', '1'),
  tooMany('retry-after-three-years', '99999999'),
  tooMany('retry-after-hexadecimal', '0x7fffffff'),
  tooMany('retry-after-negative', '-1'),
  tooMany('retry-after-infinite', 'Infinity'),
  tooMany('retry-after-a-date', 'Fri, 31 Dec 2999 23:59:59 GMT'),
  tooMany('retry-after-garbage', 'soon; maybe'),
  {
    name: 'too-many-requests-sometimes',
    what: 'Answers every seventh request with 429 and Retry-After: 0, and is honest otherwise.',
    answer: ({ nth }) =>
      nth % 7 === 0 ? message({ status: 429, headers: [plainText, ['Retry-After', '0']] }) : undefined,
  },
  { name: 'empty-500', what: 'Answers every request with an empty 500.', answer: always({ status: 500 }) },
  {
    name: 'bad-gateway',
    what: 'Answers every request with 502 and HTML, as a gateway does.',
    answer: always({ status: 502, headers: [['Content-Type', 'text/html']], body: '<h1>Bad Gateway</h1>' }),
  },
  {
    name: 'unavailable',
    what: 'Answers every request with an empty 503.',
    answer: always({ status: 503, headers: [plainText] }),
  },
  {
    name: 'unavailable-after-20',
    what: 'Is honest for 20 requests, then answers with 503.',
    answer: ({ nth }) => (nth > 20 ? message({ status: 503, headers: [plainText] }) : undefined),
  },
];
