import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../harness/report/report.ts';
import { certifyHere, few } from '../support/certify.ts';
import { isTried } from '../support/whole.ts';

/** Endpoints that are no token endpoints: none may look green, none may crash the suite or hold it up. */
const answer =
  (status: number, type: string, body: string): RequestListener =>
  (request, response) => {
    request.resume();
    // Whoever is told to come again waits for nothing.
    response.writeHead(status, { 'Content-Type': type, 'Retry-After': '0' }).end(body);
  };

const invalidRequest: RequestListener = (request, response) => {
  request.resume();
  const body = '{"error":"invalid_request","error_description":"Invalid request provided"}';
  response.writeHead(400, {
    'Content-Type': 'application/json',
    'x-amzn-ErrorType': 'InvalidRequestException:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/',
    'x-amzn-RequestId': 'a',
  });
  response.end(body);
};

interface BadServer {
  readonly name: string;
  readonly listener?: RequestListener;
  readonly timeoutSeconds?: number;
  readonly exitCode: 1 | 2;
  /** Verdicts that may occur at all. */
  readonly verdicts: readonly string[];
}

const servers: readonly BadServer[] = [
  {
    name: '200 with an empty object to everything',
    listener: answer(200, 'application/json', '{}'),
    exitCode: 1,
    verdicts: ['fail', 'warn', 'not-tested', 'pass', 'not-applicable', 'inconclusive'],
  },
  {
    name: 'HTML to everything',
    listener: answer(200, 'text/html', '<!doctype html><title>Welcome</title>'),
    exitCode: 1,
    verdicts: ['fail', 'warn', 'not-tested', 'pass', 'not-applicable', 'inconclusive'],
  },
  {
    name: '400 invalid_request in a perfect shape to everything',
    listener: invalidRequest,
    exitCode: 1,
    verdicts: ['fail', 'warn', 'not-tested', 'inconclusive', 'pass', 'not-applicable'],
  },
  {
    name: 'a closed connection to everything',
    listener: (request) => request.socket.destroy(),
    exitCode: 2,
    verdicts: ['inconclusive', 'not-tested'],
  },
  {
    name: 'nothing at all, ever',
    listener: (request) => request.resume(),
    timeoutSeconds: 0.1,
    exitCode: 2,
    verdicts: ['inconclusive', 'not-tested'],
  },
  { name: 'nobody listening', exitCode: 2, verdicts: ['inconclusive', 'not-tested'] },
  {
    name: '503 to everything',
    listener: answer(503, 'application/json', '{}'),
    exitCode: 2,
    verdicts: ['inconclusive', 'not-tested'],
  },
];

const reports = new Map<string, Report>();

/** All at once: most of the time goes in waiting for what does not come. */
beforeAll(async () => {
  await Promise.all(servers.filter(isTried).map(async (one) => reports.set(one.name, await certified(one))));
});

async function certified({ listener, timeoutSeconds = 10 }: BadServer): Promise<Report> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  if (listener === undefined) await new Promise((resolve) => server.close(resolve));
  try {
    return await certifyHere({ endpoint: `http://127.0.0.1:${port}`, timeoutSeconds }, { budget: few });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe.each(servers.filter(isTried))('an endpoint that answers $name', ({ name, exitCode, verdicts }) => {
  let report: Report;
  beforeAll(() => {
    report = reports.get(name) as Report;
  });

  test('has its exit code', () => expect(report.exitCode).toBe(exitCode));

  test('has only these verdicts', () => {
    expect(
      report.verdicts
        .filter(({ verdict }) => !verdicts.includes(verdict))
        .map((one) => [one.case, one.verdict]),
    ).toEqual([]);
  });

  test('has no green cell', () => {
    expect(
      report.cells.filter(({ verdict }) => verdict === 'pass').map(({ exception }) => exception),
    ).toEqual([]);
  });

  test('earns no pass in any case that sends requests of its own', () => {
    const passed = report.verdicts.filter((one) => one.verdict === 'pass' && !one.case.startsWith('wire/'));
    expect(passed.map((one) => one.case)).toEqual([]);
  });

  test('is never blamed for a fault of the harness', () => {
    expect(
      report.verdicts.filter(({ verdict }) => verdict === 'harness-error').map(({ reason }) => reason),
    ).toEqual([]);
  });
});
