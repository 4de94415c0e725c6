import { marksIn } from '../../harness/capture/vault.ts';
import type { Case } from '../../harness/case.ts';
import { granted, noToken, refused, rejected } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { isMarkupIn, isRendered } from '../../harness/send/rendered.ts';
import { presented } from '../../harness/world/world.ts';
import { flow, grant, refusal } from '../kit/cases.ts';
import { garbage, inArtefact, madeUp, onTheWire } from '../kit/change.ts';
import { anyGrant, anyWay } from '../kit/given.ts';

/** How a request is framed, shown on whichever grant there is. */
export const framed = { ways: anyWay, given: anyGrant } as const;

/** Hostile values: they must cause no fault, and nothing in the response. */
const hostile: [name: string, title: string, value: string][] = [
  ['quotes', 'quotes and backslashes', `"'\\"></script>{{7*7}}`],
  ['line-breaks', 'line breaks and a header line', 'x\r\nX-Injected: yes\r\n\r\n'],
  ['control-characters', 'control characters', 'x\u0000\u0001\u001b[31m\u007f'],
  ['non-ascii', 'characters outside ASCII', 'çödé-🔑-\u202e\ufeff'],
  ['64-kib', '64 KiB', 'A'.repeat(65_536)],
];

export const accepted: readonly Case[] = (
  [
    { id: 'request/post', title: 'POST', requirement: 'RFC6749-3.2-post-accepted' },
    {
      id: 'request/credentials-in-body',
      dialects: ['aws-json'],
      title: 'client id and secret in the body',
      requirement: 'RFC6749-2.3.1-post-supported',
    },
    {
      id: 'request/chunked',
      title: 'a chunked body',
      requirement: 'RFC9112-7.1-chunked-request',
      change: onTheWire({ chunked: true }),
    },
  ] as const
).map((row) => grant({ ...framed, ...row }));

/** What is wrong with a request whatever its body is written in: values, headers and methods. */
export const others: readonly Case[] = [
  ...hostile.flatMap(([name, title, value]) =>
    (
      [
        ['code', 'code or token', inArtefact],
        ['client-id', 'client id', (change) => change('client_id')],
      ] as const satisfies [string, string, typeof inArtefact][]
    ).map(([place, where, change]) =>
      refusal({
        ...framed,
        // A header has less room than a body: what is too long for it is not looked at.
        ...(name === '64-kib' && place === 'client-id' && { dialects: ['aws-json'] as const }),
        id: `request/${name}-in-${place}`,
        title: `${title} in the ${where}`,
        requirement: 'RFC6749-10.14-input-sanitised',
        change: change((member) => madeUp(member, `${member}${value}`)),
        expect: refused(),
        holds: ({ probe = [] }) => probe.flatMap((seen) => acts(seen, value)),
      }),
    ),
  ),
  refusal({
    ...framed,
    id: 'request/accept-html',
    title: 'an unknown code or token from a client that prefers HTML',
    requirement: 'RFC6749-5.2-json-regardless-of-accept',
    change: async (valid, world) => ({
      ...(await inArtefact(garbage)(valid, world)),
      raw: { headers: { Accept: 'text/html,application/xhtml+xml;q=0.9' } },
    }),
    // Which error it is has cases of its own.
    cell: 'invalid_grant',
    expect: refused(),
    holds: ({ probe = [] }) =>
      probe.flatMap(({ reply, unserved }) =>
        unserved || reply.json.object !== undefined ? [] : ['the body is no JSON object'],
      ),
  }),
  flow({
    ...framed,
    id: 'request/get',
    title: 'GET with everything in the query',
    requirement: 'RFC6749-3.2-get-not-accepted',
    expect: { control: granted(), probe: noToken() },
    run: async (world) => {
      await world.send('control', await anyGrant(world));
      const valid = await anyGrant(world);
      const query = presented(valid.members, valid.by) as Record<string, string>;
      await world.send('probe', {
        operation: valid.operation,
        members: {},
        // Who authenticates by a header goes on to do so.
        ...(valid.by && { by: valid.by }),
        raw: { method: 'GET', query, body: () => undefined },
      });
    },
  }),
  flow({
    ...framed,
    id: 'request/other-methods',
    title: 'GET, PUT, PATCH and DELETE',
    requirement: 'RFC9110-15.5.6-405-allow',
    expect: { control: granted(), probe: noToken() },
    holds: ({ probe = [] }) =>
      probe.flatMap(({ exchange: { request, response } }) => {
        if (response?.status !== 405) return [];
        const allow = response.headers
          .filter(([name]) => name.toLowerCase() === 'allow')
          .map(([, value]) => value);
        return /\bPOST\b/.test(allow.join())
          ? []
          : [`${request.method}: status 405 without POST in the Allow header`];
      }),
    run: async (world) => {
      await world.send('control', await anyGrant(world));
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
        const valid = await anyGrant(world);
        await world.send('probe', {
          ...valid,
          raw: { method, ...(method === 'GET' && { body: () => undefined }) },
        });
      }
    },
  }),
];

/** A browser on another origin. */
export const cors: Case = flow({
  ...framed,
  id: 'request/cors',
  title: 'a browser on another origin',
  requirement: 'RFC9700-2.6-cors-allowed',
  expect: { preflight: noToken(), success: granted(), error: rejected('invalid_grant') },
  holds: ({ preflight = [], success = [], error = [] }) => {
    const allows = [...preflight, ...success, ...error].map(({ exchange: { response } }) =>
      response?.headers.some(([name]) => name.toLowerCase() === 'access-control-allow-origin'),
    );
    if (allows.every((allowed) => !allowed)) return ['no response carries Access-Control-Allow-Origin'];
    return allows.every((allowed) => allowed)
      ? []
      : ['only some of the preflight, the success and the error carry Access-Control-Allow-Origin'];
  },
  run: async (world) => {
    const origin = { Origin: 'https://app.example' };
    const valid = await anyGrant(world);
    await world.send('preflight', {
      operation: valid.operation,
      members: {},
      raw: {
        method: 'OPTIONS',
        body: () => undefined,
        headers: {
          ...origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'content-type',
        },
      },
    });
    await world.send('success', { ...valid, raw: { headers: origin } });
    const wrong = await inArtefact(garbage)(await anyGrant(world), world);
    await world.send('error', { ...wrong, raw: { headers: origin } });
  },
});

/**
 * What a value does in a response: a header of its own, markup in a page, or a secret beside it. Harmless characters
 * may come back; those that no description may have are a problem of its shape.
 */
function acts({ exchange: { request, response } }: Observation, value: string): string[] {
  if (response === undefined) return [];
  const { headers, body } = response;
  const sent = new Set(marksIn(request.body ?? '').map(({ fingerprint }) => fingerprint));
  return [
    ...(headers.some(([name]) => name.toLowerCase() === 'x-injected') ? ['a header was injected'] : []),
    ...(isMarkupIn(value) && isRendered(headers) && body.includes(value)
      ? ['markup that was sent comes back in a page']
      : []),
    ...(marksIn(body).some(({ fingerprint }) => sent.has(fingerprint))
      ? ['a secret of the request comes back']
      : []),
  ];
}
