import { marksIn } from '../../harness/capture/vault.ts';
import type { Case } from '../../harness/case.ts';
import { granted, noToken, refused, rejected, rejectedOrUnserved } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { isMarkupIn, isRendered } from '../../harness/send/rendered.ts';
import { presented } from '../../harness/world/world.ts';
import { flow, type Grant, grant, type Refusal, refusal } from '../kit/cases.ts';
import { garbage, inArtefact, madeUp, onTheWire, set } from '../kit/change.ts';
import { anyGrant, anyWay } from '../kit/given.ts';

/** How a request is framed, shown on whichever grant there is. */
const framed = { ways: anyWay, given: anyGrant } as const;
const formEncoded = 'application/x-www-form-urlencoded';

/** The name on the wire of what a body presents. */
const artefactNamed = (json: string): string => /"(code|deviceCode|refreshToken)":/.exec(json)?.[1] ?? 'code';

/** Bodies that cannot be read, made from the valid one. */
const unreadable: Pick<Refusal, 'id' | 'title' | 'change'>[] = [
  {
    id: 'request/truncated-json',
    title: 'a body that ends in the middle',
    change: onTheWire({ body: (json) => json.slice(0, -10) }),
  },
  {
    id: 'request/trailing-text',
    title: 'a body with text behind the JSON',
    change: onTheWire({ body: (json) => `${json} and more` }),
  },
  {
    id: 'request/json-array',
    title: 'a body that is a JSON array',
    change: onTheWire({ body: (json) => `[${json}]` }),
  },
  {
    id: 'request/json-string',
    title: 'a body that is a JSON string',
    change: onTheWire({ body: (json) => JSON.stringify(json) }),
  },
  { id: 'request/empty-body', title: 'an empty body', change: onTheWire({ body: () => '' }) },
  {
    id: 'request/nul-bytes',
    title: 'a body of NUL bytes',
    change: onTheWire({ body: () => Buffer.alloc(16) }),
  },
  {
    id: 'request/invalid-utf-8',
    title: 'a member whose value is not UTF-8',
    change: onTheWire({
      body: (json) =>
        Buffer.concat([
          Buffer.from(json.slice(0, -1)),
          Buffer.from([0x2c, 0x22, 0x78, 0x22, 0x3a, 0x22, 0xe0, 0xa4, 0x22, 0x7d]),
        ]),
    }),
  },
  {
    id: 'request/deep-nesting',
    title: 'a member nested two thousand levels deep',
    change: onTheWire({
      body: (json) => `${json.slice(0, -1)},"${artefactNamed(json)}":${'['.repeat(2000)}${']'.repeat(2000)}}`,
    }),
  },
  {
    id: 'request/code-as-number',
    title: 'a number in place of the code or token',
    change: inArtefact((member) => set(member, 12345)),
  },
  {
    id: 'request/code-as-object',
    title: 'an object in place of the code or token',
    change: inArtefact((member) => set(member, { value: 1 })),
  },
  {
    id: 'request/client-id-as-list',
    title: 'a list in place of the client id',
    change: set('client_id', (valid: string) => [valid]),
  },
];

/** Hostile values: they must cause no fault, and nothing in the response. */
const hostile: [name: string, title: string, value: string][] = [
  ['quotes', 'quotes and backslashes', `"'\\"></script>{{7*7}}`],
  ['line-breaks', 'line breaks and a header line', 'x\r\nX-Injected: yes\r\n\r\n'],
  ['control-characters', 'control characters', 'x\u0000\u0001\u001b[31m\u007f'],
  ['non-ascii', 'characters outside ASCII', 'çödé-🔑-\u202e\ufeff'],
  ['64-kib', '64 KiB', 'A'.repeat(65_536)],
];

const accepted: Pick<Grant, 'id' | 'title' | 'requirement' | 'change'>[] = [
  { id: 'request/post', title: 'POST', requirement: 'RFC6749-3.2-post-accepted' },
  {
    id: 'request/credentials-in-body',
    title: 'client id and secret in the body',
    requirement: 'RFC6749-2.3.1-post-supported',
  },
  {
    id: 'request/chunked',
    title: 'a chunked body',
    requirement: 'RFC9112-7.1-chunked-request',
    change: onTheWire({ chunked: true }),
  },
  {
    id: 'request/no-content-type',
    title: 'JSON without a Content-Type',
    requirement: 'AWS-content-type-not-enforced',
    change: onTheWire({ headers: { 'Content-Type': undefined } }),
  },
  {
    id: 'request/form-content-type',
    title: 'JSON under the Content-Type of a form',
    requirement: 'AWS-content-type-not-enforced',
    change: onTheWire({ headers: { 'Content-Type': formEncoded } }),
  },
  {
    id: 'request/content-type-with-charset',
    title: 'a Content-Type with a charset',
    requirement: 'AWS-content-type-not-enforced',
    change: onTheWire({ headers: { 'Content-Type': 'application/json; charset=utf-8' } }),
  },
  { id: 'request/unsigned', title: 'no Authorization header', requirement: 'AWS-CreateToken-unsigned' },
];

export const request: readonly Case[] = [
  ...accepted.map((row) => grant({ ...framed, ...row })),
  ...unreadable.map((row) =>
    refusal({
      ...framed,
      requirement: 'RFC6749-5.2-malformed-encoding',
      expect: rejected('invalid_request'),
      ...row,
    }),
  ),
  refusal({
    ...framed,
    id: 'request/form-body',
    title: 'a form in place of JSON',
    requirement: 'RFC6749-4-non-form-body-rejected',
    change: onTheWire({
      headers: { 'Content-Type': formEncoded },
      body: (json) => new URLSearchParams(JSON.parse(json) as Record<string, string>).toString(),
    }),
    expect: rejectedOrUnserved('invalid_request', 'RFC 9110 §15.5.16'),
  }),
  ...hostile.flatMap(([name, title, value]) =>
    (
      [
        ['code', 'code or token', inArtefact],
        ['client-id', 'client id', (change) => change('client_id')],
      ] as const satisfies [string, string, typeof inArtefact][]
    ).map(([place, where, change]) =>
      refusal({
        ...framed,
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
    expect: rejectedOrUnserved('invalid_grant', 'RFC 9110 §15.5.7'),
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
  flow({
    ...framed,
    id: 'request/unsigned-iam',
    title: 'an unsigned request to the IAM variant of the endpoint',
    requirement: 'AWS-CreateToken-unsigned',
    expect: { control: granted(), probe: noToken() },
    run: async (world) => {
      await world.send('control', await anyGrant(world));
      const valid = await anyGrant(world);
      await world.send('probe', { ...valid, raw: { query: { aws_iam: 't' } } });
    },
  }),
  flow({
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
  }),
];

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
