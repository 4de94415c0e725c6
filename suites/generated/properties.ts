import fc, { type Arbitrary } from 'fast-check';
import type { Case } from '../../harness/case.ts';
import type { Member } from '../../harness/contract.ts';
import {
  documented,
  type Expectation,
  granted,
  inferred,
  issued,
  refused,
  rejected,
} from '../../harness/expectation.ts';
import { textsIn } from '../../harness/texts.ts';
import type { Sent, TokenRequest, World } from '../../harness/world.ts';
import {
  codeRegistration,
  codeWith,
  deviceAuthorization,
  deviceClient,
  deviceCodeGrant,
  freshRefreshToken,
  type Given,
  polling,
  registration,
} from '../given.ts';
import * as iam from '../iam/given.ts';
import { type GeneratedGrant, generatedGrants } from './grants.ts';
import { type Noise, noiseFor, withNoise } from './noise.ts';
import { anyEdit, edited, edits, hostileText, unreservedText } from './text.ts';

type About = Pick<Case, 'id' | 'title' | 'requirement' | 'operation' | 'needs'> &
  Partial<Pick<Case, 'grant'>> & {
    readonly property: string;
    /** Makes a request that has to be granted first: an endpoint that refuses everything proves nothing. */
    readonly control?: Given;
  };

/** A case that tries a property on generated values. */
export function property<T>(
  { control, ...about }: About,
  arbitrary: (world: World) => Arbitrary<T>,
  check: (value: T, world: World) => Promise<string | undefined>,
  options?: Parameters<World['forAll']>[2],
): Case {
  return {
    ...about,
    expect: control ? { control: issued() } : {},
    run: async (world) => {
      if (control) await world.send('control', await control(world));
      await world.forAll(arbitrary(world), check, options);
    },
  };
}

/** What is wrong with an answer, as one sentence. */
export function wrong(world: World, expectation: Expectation, sent: Sent): string | undefined {
  const problems = world.problems(expectation, sent);
  return problems.length === 0 ? undefined : problems.join('; ');
}

/** Changes one member of a request. */
interface Mutation {
  readonly member: string;
  /** Undefined leaves the member out. */
  readonly value: unknown;
  /** So many lists inside each other, in place of the value. */
  readonly nested?: number | undefined;
}

const mutated = (request: TokenRequest, { member, value, nested }: Mutation): TokenRequest => {
  const { [member]: _, ...others } = request.members;
  if (nested !== undefined) {
    const marker = 'token-conformance-nested';
    const lists = '['.repeat(nested) + ']'.repeat(nested);
    const body = (json: string) => json.replace(JSON.stringify(marker), lists);
    return { ...request, members: { ...others, [member]: marker }, wire: { ...request.wire, body } };
  }
  return { ...request, members: value === undefined ? others : { ...request.members, [member]: value } };
};

/** What a missing member may be answered with, where documents leave more than invalid_request. */
const missingMember: Readonly<Record<string, Expectation>> = {
  client_id: rejected('invalid_request', documented('invalid_client', 'RFC 6749 §5.2')),
  client_secret: rejected('invalid_request', documented('invalid_client', 'RFC 6749 §5.2')),
  redirect_uri: rejected('invalid_request', documented('invalid_grant', 'RFC 6749 §5.2')),
  grant_type: rejected(
    'invalid_request',
    inferred('unsupported_grant_type', 'a server may read the empty string as a grant type'),
  ),
};

const unsupported = rejected(
  'unsupported_grant_type',
  documented('invalid_grant', 'AWS: InvalidGrantException for an invalid grant type'),
);

function about({ folder, operation, grant, needs, given }: GeneratedGrant) {
  return (
    name: string,
    rest: Pick<About, 'title' | 'requirement' | 'property'>,
    control: { control?: Given } = { control: given },
  ): About => ({
    ...control,
    id: `generated/${folder}/${name}`,
    operation,
    grant,
    needs,
    ...rest,
  });
}

const contractFor = (world: World, { operation, grant }: GeneratedGrant) => world.contract(operation, grant);
const requiredTexts = (members: readonly Member[]) =>
  members.filter(({ required, type }) => required && type === 'string').map(({ name }) => name);

/** Sends a request twice in different dress and says whether the answers differ. */
async function sameAnswer(
  world: World,
  plain: TokenRequest,
  noisy: TokenRequest,
): Promise<string | undefined> {
  const [one, other] = [await world.send('plain', plain), await world.send('noisy', noisy)];
  const name = ({ reply }: Sent) => reply.exception ?? reply.error ?? reply.outcome;
  return name(one) === name(other)
    ? undefined
    : `the same mistake is answered with ${name(one)}, and with ${name(other)} when what must not matter differs`;
}

const near = (grant: string): Arbitrary<string> =>
  fc.oneof(
    edits('replace', 'insert', 'cut', 'extend', 'double').map((edit) => edited(grant, edit)),
    fc.constantFrom(
      grant.toUpperCase(),
      ` ${grant}`,
      `${grant} `,
      'implicit',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:saml2-bearer',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  );

const knownGrants = new Set(generatedGrants.map(({ grant }) => grant));

/** Some mistake of any kind, in a member that the request needs. */
function anyMistake(members: readonly Member[]): Arbitrary<Mutation> {
  return fc.record({
    member: fc.constantFrom(...requiredTexts(members)),
    nested: fc.oneof(
      { weight: 11, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(10, 500, 3_000) },
    ),
    value: fc.oneof(
      hostileText,
      fc.constant(undefined),
      fc.constant(''),
      fc.constant(null),
      fc.jsonValue({ maxDepth: 3 }).filter((value) => typeof value !== 'string'),
    ),
  });
}

function ofGrant(row: GeneratedGrant): Case[] {
  const named = about(row);
  const { given, artefact } = row;
  const expectMissing = (member: string) => missingMember[member] ?? rejected('invalid_request');
  return [
    property(
      named(
        'noise',
        {
          title: 'valid requests with unknown members, in any order and spelling',
          requirement: 'RFC6749-3.2-unknown-params-ignored',
          property: 'granted, whatever unknown or null members, order, white space and escapes there are',
        },
        {},
      ),
      (world) => noiseFor(contractFor(world, row)),
      async (noise, world) =>
        wrong(world, granted(), await world.send('probe', withNoise(await given(world), noise))),
    ),
    property(
      named('missing', {
        title: 'requests without a member that they need, or with an empty one',
        requirement: row.required,
        property: 'refused with what the documents say of a missing member',
      }),
      (world) =>
        fc.record({
          member: fc.constantFrom(...requiredTexts(world.contract(row.operation))),
          value: fc.constantFrom(undefined, ''),
          noise: noiseFor(contractFor(world, row)),
        }),
      async ({ noise, ...mutation }, world) =>
        wrong(
          world,
          expectMissing(mutation.member),
          await world.send(
            'probe',
            withNoise(
              mutated(await given(world), mutation),
              withoutMember(noise, contractFor(world, row), mutation),
            ),
          ),
        ),
    ),
    property(
      named('altered-artefact', {
        title: 'codes and tokens with an edit anywhere',
        requirement: row.unknown.requirement,
        property: 'refused like one that was never issued',
      }),
      () => anyEdit,
      async (edit, world) => {
        const request = await given(world);
        const value = edited(String(request.members[artefact]), edit);
        return wrong(
          world,
          row.unknown.expect,
          await world.send('probe', mutated(request, { member: artefact, value })),
        );
      },
    ),
    property(
      named('unknown-grant-type', {
        title: 'grant types that nearly exist, or do not',
        requirement: row.unknownGrant,
        property: 'refused as unsupported',
      }),
      () => near(row.grant).filter((text) => !knownGrants.has(text) && text.trim() !== ''),
      async (value, world) =>
        wrong(
          world,
          unsupported,
          await world.send('probe', mutated(await given(world), { member: 'grant_type', value })),
        ),
    ),
    property(
      named('altered-client-id', {
        title: 'client ids with an edit anywhere',
        requirement: row.unknownClient.requirement,
        property: 'refused like a client that does not exist',
      }),
      () => edits('replace', 'insert', 'cut', 'extend', 'double'),
      async (edit, world) => {
        const request = await given(world);
        const value = edited(String(request.members.client_id), edit);
        return wrong(
          world,
          row.unknownClient.expect,
          await world.send('probe', mutated(request, { member: 'client_id', value })),
        );
      },
    ),
    ...(row.hasSecret
      ? [
          property(
            named('altered-secret', {
              title: 'client secrets with an edit anywhere',
              requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
              property: 'refused as invalid_client',
            }),
            () => anyEdit,
            async (edit, world) => {
              const request = await given(world);
              const value = edited(String(request.members.client_secret), edit);
              return wrong(
                world,
                rejected('invalid_client'),
                await world.send('probe', mutated(request, { member: 'client_secret', value })),
              );
            },
          ),
        ]
      : []),
    property(
      named('hostile-text', {
        title: 'hostile text in each member that the request needs',
        requirement: 'RFC6749-10.14-input-sanitised',
        property: 'refused with a documented error, and the text does not come back',
      }),
      () => hostileText,
      async (value, world) => {
        const request = await given(world);
        for (const member of requiredTexts(contractFor(world, row))) {
          const sent = await world.send(`in ${member}`, mutated(request, { member, value }));
          const problem = wrong(world, refused(), sent);
          if (problem !== undefined) return `${member}: ${problem}`;
          const reflection = comesBack(sent, value);
          if (reflection === undefined) continue;
          // A few letters may stand in any answer: only what is gone with another value was ours.
          const other = await world.send(
            'with another value',
            mutated(request, { member, value: world.garbage() }),
          );
          if (comesBack(other, value) === undefined) return `${member}: ${reflection}`;
        }
        return undefined;
      },
    ),
    property(
      named('no-server-error', {
        title: 'mistakes of every kind, two at a time',
        requirement: 'RFC6749-5.2-no-5xx-for-client-errors',
        property: 'no server error, no HTML, no token',
      }),
      (world) => {
        const members = contractFor(world, row);
        return fc.record({
          mistakes: fc.array(anyMistake(members), { minLength: 1, maxLength: 2 }),
          noise: noiseFor(members),
        });
      },
      async ({ mistakes, noise }, world) => {
        const request = mistakes.reduce(mutated, await given(world));
        const sent = await world.send('probe', withNoise(request, { ...noise, nulls: [] }));
        const isGranted = sent.reply.outcome === 'granted';
        return breakdown(sent) ?? (isGranted ? 'it is granted' : undefined);
      },
    ),
    property(
      named('nothing-echoed', {
        title: 'mistakes of every kind in a request full of secrets',
        requirement: 'RFC6749-5.2-error-no-credential-echo',
        property: 'no secret, code or token of the request comes back in an error',
      }),
      (world) => anyMistake(contractFor(world, row)),
      async (mutation, world) => {
        const request = mutated(await given(world), mutation);
        const sent = await world.send('probe', request);
        if (sent.reply.outcome === 'granted') return undefined;
        return ['client_secret', artefact, 'code_verifier']
          .map((name) => request.members[name])
          .filter((value): value is string => typeof value === 'string' && value.length >= 16)
          .map((value) => comesBack(sent, value))
          .find((problem) => problem !== undefined);
      },
    ),
    property(
      named('same-mistake', {
        title: 'one mistake, once alone and once among things that must not matter',
        requirement: 'RFC6749-3.2-unknown-params-ignored',
        property: 'the same mistake is answered with the same exception',
      }),
      (world) => {
        const members = contractFor(world, row);
        return fc.record({
          member: fc.constantFrom(...requiredTexts(members)),
          value: fc.oneof(fc.constant(undefined), fc.constant('token-conformance-was-here')),
          noise: noiseFor(members),
        });
      },
      async ({ noise, ...mutation }, world) => {
        const request = mutated(await given(world), mutation);
        return sameAnswer(
          world,
          request,
          withNoise(request, withoutMember(noise, contractFor(world, row), mutation)),
        );
      },
    ),
    property(
      named('mistyped', {
        title: 'members of a wrong JSON type',
        requirement: 'RFC6749-5.2-malformed-encoding',
        property: 'refused with a documented error',
      }),
      (world) =>
        fc.record({
          member: fc.constantFrom(...requiredTexts(contractFor(world, row))),
          value: fc.jsonValue({ maxDepth: 2 }).filter((value) => typeof value !== 'string'),
        }),
      async (mutation, world) =>
        wrong(world, refused(), await world.send('probe', mutated(await given(world), mutation))),
    ),
    property(
      named('unreadable', {
        title: 'bodies that are no JSON, or no UTF-8',
        requirement: 'RFC6749-5.2-malformed-encoding',
        property: 'refused as invalid_request',
      }),
      () => breakages,
      async (breakage, world) => {
        const request = await given(world);
        const wire = { body: (json: string) => brokenBody(json, breakage) };
        return wrong(world, rejected('invalid_request'), await world.send('probe', { ...request, wire }));
      },
    ),
    ...(row.hasCode ? ofCode(row) : []),
  ];
}

/** A member that was taken away must not come back as null. */
const withoutMember = (noise: Noise, members: readonly Member[], { member }: Mutation): Noise => {
  const wire = members.find(({ name }) => name === member)?.wire;
  return { ...noise, nulls: noise.nulls.filter((name) => name !== wire) };
};

/** Whether a text comes back in an answer, as it is or in a text of its JSON. */
function comesBack({ outcome: { response }, reply }: Sent, value: string): string | undefined {
  if (response === undefined || value.length < 4) return undefined;
  const texts = [...response.headers.flat(), response.body.toString('utf8'), ...textsIn(reply.json.value)];
  if (value.includes('X-Injected') && response.headers.some(([name]) => /x-injected/i.test(name)))
    return 'a header was injected';
  return texts.some((text) => text.includes(value.slice(0, 200)))
    ? 'what was sent comes back in the response'
    : undefined;
}

/** What no mistake of a client may cause. */
function breakdown({ outcome: { response } }: Sent): string | undefined {
  const status = response?.status ?? 0;
  if (status >= 500) return `a client's mistake is answered with status ${status}`;
  return /^\s*</.test(response?.body.toString('utf8') ?? '') ? `status ${status} with HTML` : undefined;
}

interface Breakage {
  readonly kind: 'cut' | 'stray' | 'behind' | 'other' | 'bytes';
  /** Where, as a part of the length. */
  readonly at: number;
  /** Which one, of those of its kind. */
  readonly what: number;
}

const breakages: Arbitrary<Breakage> = fc.record({
  kind: fc.constantFrom('cut', 'stray', 'behind', 'other', 'bytes'),
  at: fc.integer({ min: 1, max: 97 }).map((part) => part / 100),
  what: fc.nat(5),
});

function brokenBody(json: string, { kind, at: part, what }: Breakage): string | Buffer {
  if (kind === 'cut') return json.slice(0, Math.max(1, Math.floor(json.length * part)));
  if (kind === 'stray') {
    const at = Math.floor(json.length * part);
    return `${json.slice(0, at)}"\u0001${json.slice(at)}`;
  }
  if (kind === 'behind') return json + [',', '}', ' {}', ' null', '\u0000', '//'][what];
  if (kind === 'other')
    return [`[${json}]`, JSON.stringify(json), 'null', '42', 'true', `(${json})`][what] ?? '';
  const bytes = [[0xff], [0xc3, 0x28], [0xe2, 0x82], [0xf0, 0x28, 0x8c, 0xbc], [0xed, 0xa0, 0x80], [0x80]][
    what
  ];
  return Buffer.concat([
    Buffer.from(`${json.slice(0, -1)},"x":"`),
    Buffer.from(bytes ?? []),
    Buffer.from('"}'),
  ]);
}

/** Redirect URIs that somebody might take for the same. */
const otherUris: Readonly<Record<string, (uri: string) => string>> = {
  'empty fragment': (uri) => `${uri}#`,
  'empty query': (uri) => `${uri}?`,
  'dot segments': (uri) => `${uri}/..`,
  localhost: (uri) => uri.replace('127.0.0.1', 'localhost'),
  'short address': (uri) => uri.replace('127.0.0.1', '127.1'),
  user: (uri) => uri.replace('://', '://user@'),
  'no port': (uri) => uri.replace(/:\d+/, ''),
  'next port': (uri) => uri.replace(/:(\d+)/, (_, port) => `:${Number(port) + 1}`),
  'space before': (uri) => ` ${uri}`,
  'space behind': (uri) => `${uri} `,
};

/** What only the authorization code grants have: a redirect URI and a verifier. */
function ofCode(row: GeneratedGrant): Case[] {
  const named = about(row);
  const { given } = row;
  const invalidGrant = rejected('invalid_grant');
  const issued = (world: World, wishes: Parameters<typeof iam.codeWith>[0] & object): ReturnType<Given> =>
    row.operation === 'token' ? codeWith(wishes)(world) : iam.codeWith(wishes)(world);
  return [
    property(
      named(
        'verifiers',
        {
          title: 'codes that are bound to any verifier that is allowed',
          requirement: row.operation === 'token' ? 'RFC7636-4.1-verifier-bounds-accepted' : row.granted,
          property: 'granted for 43 to 128 unreserved characters',
        },
        {},
      ),
      () => unreservedText(43, 128),
      async (verifier, world) =>
        wrong(world, granted(), await world.send('probe', await issued(world, { verifier }))),
    ),
    property(
      named('altered-verifier', {
        title: 'verifiers with another character anywhere',
        requirement: 'RFC7636-4.6-wrong-verifier',
        property: 'refused as invalid_grant',
      }),
      () => edits('replace', 'swap-case'),
      async (edit, world) => {
        const request = await issued(world, { verifier: world.verifier(64) });
        const value = edited(String(request.members.code_verifier), edit);
        return wrong(
          world,
          invalidGrant,
          await world.send('probe', mutated(request, { member: 'code_verifier', value })),
        );
      },
    ),
    property(
      named('altered-redirect-uri', {
        title: 'redirect URIs with an edit anywhere',
        requirement: 'RFC6749-4.1.3-redirect_uri-identical',
        property: 'refused as invalid_grant',
      }),
      () =>
        fc.oneof(
          anyEdit.filter(({ kind }) => kind !== 'cut'),
          fc.constantFrom(...Object.keys(otherUris)),
        ),
      async (change, world) => {
        const request = await given(world);
        const before = String(request.members.redirect_uri);
        const value = typeof change === 'string' ? otherUris[change]?.(before) : edited(before, change);
        if (value === before) return undefined;
        return wrong(
          world,
          invalidGrant,
          await world.send('probe', mutated(request, { member: 'redirect_uri', value })),
        );
      },
    ),
    ...(row.operation === 'token'
      ? [
          property(
            named('survives', {
              title: 'a code after a refused request',
              requirement: 'OAUTH21-7.5.2-failed-request-keeps-code',
              property: 'after a request that failed authentication or PKCE, the code is still granted',
            }),
            () =>
              fc.record({
                member: fc.constantFrom('client_secret', 'code_verifier'),
                edit: edits('replace'),
              }),
            async ({ member, edit }, world) => {
              const request = await given(world);
              const value = edited(String(request.members[member]), edit);
              const refusal = await world.send('refused', mutated(request, { member, value }));
              if (refusal.reply.outcome === 'granted') return `a wrong ${member} is granted`;
              return wrong(world, granted(), await world.send('probe', request));
            },
          ),
        ]
      : []),
  ];
}

/** What takes several requests of one grant. */
const sequences: readonly Case[] = [
  property(
    {
      id: 'generated/refresh-token/chain',
      title: 'refreshes in a row, each with the newest refresh token',
      requirement: 'RFC6749-6-refresh-success',
      operation: 'token',
      grant: 'refresh_token',
      needs: [],
      property: 'each of two to seven refreshes is granted',
    },
    () => fc.integer({ min: 2, max: 7 }),
    async (length, world) => {
      let request = await freshRefreshToken(world);
      for (let turn = 1; turn <= length; turn++) {
        const sent = await world.send(`refresh ${turn}`, request);
        const problem = wrong(world, granted(), sent);
        if (problem !== undefined) return `refresh ${turn}: ${problem}`;
        const next = sent.reply.members.refresh_token;
        if (typeof next === 'string' && next !== '')
          request = { ...request, members: { ...request.members, refresh_token: next } };
      }
      return undefined;
    },
  ),
  property(
    {
      id: 'generated/device-code/polling',
      title: 'polls in a row before and after a decision',
      requirement: 'RFC8628-3.5-authorization_pending',
      operation: 'token',
      grant: deviceCodeGrant,
      needs: ['device-decision'],
      property: 'pending or too fast until somebody decides, then as decided',
    },
    () => fc.record({ polls: fc.integer({ min: 0, max: 6 }), decision: fc.constantFrom('approve', 'deny') }),
    async ({ polls, decision }, world) => {
      const client = await deviceClient(world);
      const device = await world.device(client);
      const tooFast = documented('slow_down', 'RFC 8628 §3.5');
      for (let poll = 1; poll <= polls; poll++) {
        const sent = await world.send(`poll ${poll}`, polling(client, device));
        const problem = wrong(world, rejected('authorization_pending', tooFast), sent);
        if (problem !== undefined) return `poll ${poll}: ${problem}`;
      }
      await world.decide(device, decision);
      const sent = await world.send('decided', polling(client, device));
      if (sent.reply.error === 'slow_down' && polls > 0) return undefined;
      return wrong(world, decision === 'approve' ? granted() : rejected('access_denied'), sent);
    },
  ),
];

/** Values of any type, and lists that are long, mixed or repeat themselves. */
const oddValue: Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(undefined, null, 0, -1, 1.5, true, '', [], {}, [null], [1, 2], [['a']], ['']),
  fc
    .constantFrom(120, 500)
    .map((length) => Array.from({ length }, (_, at) => `https://client.example/${at}`)),
  fc.constantFrom('openid', 'refresh_token', 'https://client.example/').map((text) => [text, text]),
  fc.constantFrom(130, 300, 3_000).map((length) => 'n'.repeat(length)),
  fc.array(hostileText, { maxLength: 30 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** RegisterClient and StartDeviceAuthorization. */
function supporting(): Case[] {
  const operations = [
    {
      folder: 'register-client',
      operation: 'register',
      given: registration,
      unknown: 'RFC6749-3.2-unknown-params-ignored',
    },
    {
      folder: 'start-device-authorization',
      operation: 'device_authorization',
      given: deviceAuthorization,
      unknown: 'RFC8628-3.1-parameter-rules',
    },
  ] as const;
  return [
    ...operations.flatMap(({ folder, operation, given, unknown }) => {
      const common = { operation, needs: [] };
      return [
        property(
          {
            ...common,
            id: `generated/${folder}/noise`,
            title: 'valid requests with unknown members, in any order and spelling',
            requirement: unknown,
            property: 'granted, whatever unknown or null members, order, white space and escapes there are',
          },
          (world) => noiseFor(world.contract(operation)),
          async (noise, world) =>
            wrong(world, granted(), await world.send('probe', withNoise(await given(world), noise))),
        ),
        property(
          {
            ...common,
            control: given,
            id: `generated/${folder}/no-server-error`,
            title: 'mistakes of every kind in every member',
            requirement: 'RFC6749-5.2-no-5xx-for-client-errors',
            property: 'no server error, no HTML',
          },
          (world) => fc.record({ value: oddValue, noise: noiseFor(world.contract(operation)) }),
          async ({ value, noise }, world) => {
            const base = operation === 'register' ? await codeRegistration(world) : await given(world);
            const contract = world.contract(operation);
            for (const { name: member } of contract) {
              const mutation = { member, value };
              const request = withNoise(mutated(base, mutation), withoutMember(noise, contract, mutation));
              const problem = breakdown(await world.send(`in ${member}`, request));
              if (problem !== undefined) return `${member}: ${problem}`;
            }
            return undefined;
          },
        ),
      ];
    }),
    property(
      {
        operation: 'register',
        needs: [],
        id: 'generated/register-client/names',
        title: 'clients with names of many kinds, with and without grant types',
        requirement: 'RFC7591-3.2.1-registration-response',
        property: 'granted for printable names of up to 64 characters, and without optional members',
      },
      () =>
        fc.record({
          client_name: fc
            .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 64 })
            .filter((name) => name.trim() !== ''),
          leaves: fc.subarray(['grant_types']),
        }),
      async ({ client_name, leaves }, world) => {
        const request = await registration(world);
        const members = Object.fromEntries(
          Object.entries({ ...request.members, client_name }).filter(([name]) => !leaves.includes(name)),
        );
        return wrong(world, granted(), await world.send('probe', { ...request, members }));
      },
    ),
    property(
      {
        operation: 'device_authorization',
        needs: [],
        control: deviceAuthorization,
        id: 'generated/start-device-authorization/altered-client',
        title: 'client ids and secrets with an edit anywhere',
        requirement: 'RFC8628-3.1-client-auth',
        property: 'refused as invalid_client',
      },
      () => fc.record({ member: fc.constantFrom('client_id', 'client_secret'), edit: anyEdit }),
      async ({ member, edit }, world) => {
        const request = await deviceAuthorization(world);
        const value = edited(String(request.members[member]), edit);
        return wrong(
          world,
          rejected('invalid_client'),
          await world.send('probe', mutated(request, { member, value })),
        );
      },
    ),
  ];
}

export const properties: readonly Case[] = [
  ...generatedGrants.flatMap(ofGrant),
  ...sequences,
  ...supporting(),
];
