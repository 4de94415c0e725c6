import { gzipSync } from 'node:zlib';
import { atToken, type Defect, everywhere, withHeader } from '../defect.ts';
import { answering } from './kit.ts';

export const headers: readonly Defect[] = [
  {
    name: 'date-an-hour-off',
    changes: 'The Date header is an hour late.',
    breaks: ['AWS-response-date'],
    at: everywhere,
    ...answering(({ response }) =>
      withHeader(response, 'Date', new Date(Date.now() - 3_600_000).toUTCString()),
    ),
  },
  {
    name: 'request-id-missing',
    changes: 'No response has a request id.',
    breaks: ['AWS-request-id'],
    at: everywhere,
    ...answering(({ response }) => withHeader(response, 'x-amzn-RequestId', undefined)),
  },
  {
    name: 'request-id-constant',
    changes: 'All responses have the same request id.',
    breaks: ['AWS-request-id'],
    at: everywhere,
    ...answering(({ response }) =>
      withHeader(response, 'x-amzn-RequestId', '00000000-0000-4000-8000-000000000000'),
    ),
  },
  {
    name: 'gzip-named-only',
    changes: 'Content-Encoding says gzip, and no body is compressed.',
    breaks: ['RFC9110-8.4-content-coding'],
    at: everywhere,
    ...answering(({ response }) => withHeader(response, 'Content-Encoding', 'gzip')),
  },
  {
    name: 'brotli-named-for-errors',
    changes: 'Errors are compressed with gzip, and Content-Encoding says br.',
    breaks: ['RFC9110-8.4-content-coding'],
    at: everywhere,
    ...answering(({ response }) =>
      response.status < 400
        ? response
        : withHeader({ ...response, body: gzipSync(response.body) }, 'Content-Encoding', 'br'),
    ),
  },
  {
    name: 'gzip-unasked',
    changes: 'Every body is compressed, also for clients that did not ask for it.',
    breaks: ['RFC9110-12.5.3-unasked-content-coding'],
    at: everywhere,
    ...answering(({ response }) =>
      withHeader({ ...response, body: gzipSync(response.body) }, 'Content-Encoding', 'gzip'),
    ),
  },
  {
    name: 'allow-missing',
    changes: 'Status 405 does not say which methods are allowed.',
    breaks: ['RFC9110-15.5.6-405-allow'],
    at: atToken,
    ...answering(({ response }) => withHeader(response, 'Allow', undefined)),
  },
];
