import fc, { type Arbitrary } from 'fast-check';
import type { Case } from '../../harness/case.ts';
import {
  conforming,
  documented,
  type Expectation,
  granted,
  inferred,
  refused,
  rejected,
} from '../../harness/expectation.ts';
import type { Member } from '../../harness/generate/contract.ts';
import { isMarkupIn } from '../../harness/send/rendered.ts';
import { Stop } from '../../harness/stop.ts';
import type { Sent, TokenRequest, World } from '../../harness/world/world.ts';
import * as iam from '../aws/given.ts';
import {
  anyRefreshToken,
  codeClient,
  codeRegistration,
  codeWith,
  decisionsOf,
  deviceAuthorization,
  deviceClient,
  deviceCodeGrant,
  freshRefreshToken,
  type Given,
  polling,
  redeeming,
  registration,
} from '../kit/given.ts';
import { type GeneratedGrant, generatedGrants } from './grants.ts';
import {
  anyMistake,
  breakages,
  brokenBody,
  type Mutation,
  mutated,
  noText,
  oddMember,
  requiredTexts,
  valuedOrLeftOut,
} from './mutation.ts';
import { type Noise, noiseFor, withNoise } from './noise.ts';
import { type About, property, refusals, wrong } from './property.ts';
import { SideBySide } from './side-by-side.ts';
import { anyEdit, edited, edits, hostileText, unreservedText } from './text.ts';

/** What a missing member may be answered with, where documents leave more than invalid_request. */
const missingMember: Readonly<Record<string, Expectation>> = {
  client_id: rejected('invalid_request', documented('invalid_client', 'RFC 6749 §5.2')),
  client_secret: rejected('invalid_request', documented('invalid_client', 'RFC 6749 §5.2')),
  redirect_uri: rejected('invalid_request', documented('invalid_grant', 'RFC 6749 §5.2')),
  code_verifier: rejected('invalid_grant', documented('invalid_request', 'OAuth 2.1 draft §4.1.3')),
  grant_type: rejected(
    'invalid_request',
    inferred('unsupported_grant_type', 'a server may read the empty string as a grant type'),
  ),
};

const expectMissing = (member: string): Expectation => missingMember[member] ?? rejected('invalid_request');

const unsupported = rejected(
  'unsupported_grant_type',
  documented('invalid_grant', 'AWS: InvalidGrantException for an invalid grant type'),
);

function about({ folder, operation, grant, needs }: GeneratedGrant) {
  return (name: string, rest: Pick<About, 'title' | 'requirement' | 'property'>): About => ({
    id: `generated/${folder}/${name}`,
    operation,
    grant,
    needs,
    ...rest,
  });
}

const contractFor = (world: World, { operation, grant }: GeneratedGrant) => world.contract(operation, grant);

/** Sends a request twice in different dress and says whether the answers differ. */
async function sameAnswer(
  world: World,
  plain: TokenRequest,
  noisy: TokenRequest,
): Promise<string | undefined> {
  const [one, other] = [await world.send('plain', plain), await world.send('noisy', noisy)];
  const name = ({ reply, says }: Sent) =>
    reply.exception ?? (reply.outcome === 'granted' ? 'granted' : says());
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

/** Optional members, present or absent, with values that the documents allow. */
function allowedMembers(world: World, { operation, grant }: GeneratedGrant): Arbitrary<Allowed> {
  const members = world
    .contract(operation, grant)
    .filter(({ required, values }) => !required && values !== undefined)
    .map(({ name, values = [] }) => [name, fc.constantFrom(...values)]);
  // An application may have fewer scopes than the documented ones, but has this.
  const scopes = operation === 'token' ? world.target.scopes : ['openid'];
  const scope = fc.shuffledSubarray([...scopes], { minLength: operation === 'token' ? 0 : 1 });
  return fc.record({ ...Object.fromEntries(members), scope }, { requiredKeys: [] });
}

type Allowed = Readonly<Record<string, unknown>>;

/** The name of a member with one letter in the other case. */
function inOtherCase(name: string, at: number): string {
  const place = at % name.length;
  const letter = name.charAt(place);
  const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
  return name.slice(0, place) + other + name.slice(place + 1);
}

/** A code or token of another grant; what only looks like one where the target gives none. */
async function foreignArtefact(row: GeneratedGrant, folder: string, world: World): Promise<unknown> {
  const other = otherGrants(row).find((one) => one.folder === folder);
  try {
    return other ? (await other.given(world)).members[other.artefact] : world.garbage();
  } catch (error) {
    if (error instanceof Stop && (error.kind === 'out-of-scope' || error.kind === 'fixture'))
      return world.garbage();
    throw error;
  }
}

const otherGrants = ({ operation, folder }: GeneratedGrant) =>
  generatedGrants.filter((one) => one.operation === operation && one.folder !== folder);

function ofGrant(row: GeneratedGrant): Case[] {
  const named = about(row);
  const { given, artefact } = row;
  return [
    property(
      named('noise', {
        title: 'valid requests with unknown members, in any order and spelling',
        requirement: 'RFC6749-3.2-unknown-params-ignored',
        property: 'granted, whatever unknown or null members, order, white space and escapes there are',
      }),
      (world) => noiseFor(contractFor(world, row)),
      async (noise, world) =>
        wrong(world, granted(), await world.send('probe', withNoise(await given(world), noise))),
      { weight: 2 },
    ),
    property(
      named('allowed', {
        title: 'valid requests with optional members',
        requirement: row.granted,
        property: 'granted, whatever optional members there are, with any value that they may have',
      }),
      (world) => fc.record({ members: allowedMembers(world, row), noise: noiseFor(contractFor(world, row)) }),
      async ({ members, noise }, world) => {
        const valid = await given(world);
        const request = { ...valid, members: { ...valid.members, ...members } };
        return wrong(world, granted(), await world.send('probe', withNoise(request, noise)));
      },
      { weight: 3 },
    ),
    refusals(
      named('missing', {
        title: 'requests without a member that they need, or with an empty one',
        requirement: row.required,
        property: 'refused: with what the documents say of a missing member, where it is not an empty one',
      }),
      given,
      (world) =>
        fc.record({
          mutation: valuedOrLeftOut(
            fc.constantFrom(...requiredTexts(world.contract(row.operation))),
            fc.constant(''),
          ),
          noise: noiseFor(contractFor(world, row)),
        }),
      async ({ noise, mutation }, request, world) => {
        const quietened = withoutMember(noise, contractFor(world, row), mutation);
        const sent = await world.send('probe', withNoise(mutated(request, mutation), quietened));
        // That an empty member is a missing one is a reading: for forms RFC 6749 §3.2 says so.
        const expected = mutation.value === '' ? refused() : expectMissing(mutation.member);
        return wrong(world, expected, sent);
      },
      { weight: 10 },
    ),
    refusals(
      named('altered-artefact', {
        title: 'codes and tokens with an edit anywhere',
        requirement: row.unknown.requirement,
        property: 'refused like one that was never issued',
      }),
      given,
      () => anyEdit,
      async (edit, request, world) => {
        const value = edited(String(request.members[artefact]), edit);
        const sent = await world.send('probe', mutated(request, { member: artefact, value }));
        return wrong(world, row.unknown.expect, sent);
      },
      { weight: 10 },
    ),
    // A text that is no JWT is no assertion: jwt-bearer/not-a-jwt.
    ...(artefact === 'assertion'
      ? []
      : [
          property(
            {
              ...named('other-artefact', {
                title: 'codes and tokens of another kind',
                requirement: row.unknown.requirement,
                property: 'refused like one that was never issued',
              }),
              control: given,
            },
            (world) =>
              fc.record({
                of: fc.constantFrom('nobody', ...otherGrants(row).map(({ folder }) => folder)),
                noise: noiseFor(contractFor(world, row)),
              }),
            async ({ of, noise }, world) => {
              const value = await foreignArtefact(row, of, world);
              const request = await given(world);
              const sent = await world.send(
                'probe',
                withNoise(mutated(request, { member: artefact, value }), { ...noise, nulls: [] }),
              );
              return wrong(world, row.unknown.expect, sent);
            },
            { weight: 3 },
          ),
        ]),
    refusals(
      named('unknown-grant-type', {
        title: 'grant types that nearly exist, or do not',
        requirement: row.unknownGrant,
        property: 'refused as unsupported',
      }),
      given,
      () => near(row.grant).filter((text) => !knownGrants.has(text) && text.trim() !== ''),
      async (value, request, world) =>
        wrong(
          world,
          unsupported,
          await world.send('probe', mutated(request, { member: 'grant_type', value })),
        ),
      { weight: 10 },
    ),
    refusals(
      named('altered-client-id', {
        title: 'client ids with an edit anywhere',
        requirement: row.unknownClient.requirement,
        property: 'refused like a client that does not exist',
      }),
      given,
      () => edits('replace', 'insert', 'cut', 'extend', 'double'),
      async (edit, request, world) => {
        const value = edited(String(request.members.client_id), edit);
        const sent = await world.send('probe', mutated(request, { member: 'client_id', value }));
        return wrong(world, row.unknownClient.expect, sent);
      },
      { weight: 10 },
    ),
    ...(row.hasSecret ? ofCreateToken(row) : []),
    refusals(
      named('hostile-text', {
        title: 'hostile text in each member that the request needs',
        requirement: 'RFC6749-10.14-input-sanitised',
        property:
          'refused with a documented error, and the text comes back neither as a header nor as markup',
      }),
      given,
      () => hostileText,
      async (value, request, world) => {
        const inMember = async (member: string) => {
          const sent = await world.send(`in ${member}`, mutated(request, { member, value }));
          const problem = wrong(world, refused(), sent) ?? acts(sent, value);
          return problem === undefined ? undefined : `${member}: ${problem}`;
        };
        const problems = await Promise.all(requiredTexts(contractFor(world, row)).map(inMember));
        return problems.find((problem) => problem !== undefined);
      },
      { weight: 20, anyRefusal: true },
    ),
    refusals(
      named('no-server-error', {
        title: 'mistakes of every kind, two at a time',
        requirement: 'RFC6749-5.2-no-5xx-for-client-errors',
        property: 'no server error, no HTML, and no token where a member counts',
      }),
      given,
      (world) => {
        const members = contractFor(world, row);
        const names = members.map(({ name }) => name);
        return fc.record({
          mistakes: fc.array(
            fc.oneof(
              { weight: 3, arbitrary: anyMistake(requiredTexts(members)) },
              { weight: 1, arbitrary: anyMistake(names) },
            ),
            { minLength: 1, maxLength: 2 },
          ),
          noise: noiseFor(members),
        });
      },
      async ({ mistakes, noise }, request, world) => {
        // Noise reads the body: it comes first, since reading what is nested deeply takes long.
        const broken = mistakes.reduce(mutated, withNoise(request, { ...noise, nulls: [] }));
        const sent = await world.send('probe', broken);
        const counts = requiredTexts(contractFor(world, row));
        const mayBeGranted = mistakes.every(({ member }) => !counts.includes(member));
        if (mayBeGranted || sent.reply.outcome !== 'granted') return breakdown(sent);
        world.givenAway();
        return 'it is granted';
      },
      { anyRefusal: true },
    ),
    refusals(
      named('nothing-echoed', {
        title: 'mistakes of every kind in a request full of secrets',
        requirement: 'RFC6749-5.2-error-no-credential-echo',
        property: 'no secret, code or token of the request comes back in an error',
      }),
      given,
      (world) => anyMistake(requiredTexts(contractFor(world, row))),
      async (mutation, valid, world) => {
        const request = mutated(valid, mutation);
        const sent = await world.send('probe', request);
        if (sent.reply.outcome === 'granted') return undefined;
        return ['client_secret', artefact, 'code_verifier']
          .map((name) => request.members[name])
          .filter((value): value is string => typeof value === 'string' && value.length >= 16)
          .map((value) => comesBack(sent, value))
          .find((problem) => problem !== undefined);
      },
      { weight: 10, anyRefusal: true },
    ),
    property(
      {
        ...named('same-mistake', {
          title: 'one mistake, once alone and once among things that must not matter',
          requirement: 'RFC6749-3.2-unknown-params-ignored',
          property: 'the same mistake is answered with the same exception',
        }),
        control: given,
      },
      (world) => {
        const members = contractFor(world, row);
        return fc.record({
          mutation: valuedOrLeftOut(
            fc.constantFrom(...requiredTexts(members)),
            fc.constant('token-conformance-was-here'),
          ),
          noise: noiseFor(members),
        });
      },
      async ({ noise, mutation }, world) => {
        const quietened = withoutMember(noise, contractFor(world, row), mutation);
        // Each with a code or token of its own: the first request may spend it.
        const plain = mutated(await given(world), mutation);
        return sameAnswer(world, plain, withNoise(mutated(await given(world), mutation), quietened));
      },
      { weight: 4 },
    ),
    refusals(
      named('mistyped', {
        title: 'members of a wrong JSON type',
        requirement: 'RFC6749-5.2-malformed-encoding',
        property: 'refused with a documented error',
      }),
      given,
      (world) =>
        fc.record({
          member: fc.constantFrom(...requiredTexts(contractFor(world, row))),
          value: noText(2),
        }),
      async (mutation, request, world) =>
        wrong(world, refused(), await world.send('probe', mutated(request, mutation))),
      { weight: 10, anyRefusal: true },
    ),
    refusals(
      named('unreadable', {
        title: 'bodies that are no JSON, or no UTF-8',
        requirement: 'RFC6749-5.2-malformed-encoding',
        property: 'refused as invalid_request',
      }),
      given,
      () => breakages,
      async (breakage, request, world) => {
        const wire = { body: (json: string) => brokenBody(json, breakage) };
        return wrong(world, rejected('invalid_request'), await world.send('probe', { ...request, wire }));
      },
      { weight: 10 },
    ),
    ...(row.hasCode ? ofCode(row) : []),
  ];
}

const everyGrantHas = new Set(['client_id', 'client_secret', 'grant_type']);

const contentTypes = [
  'application/json; charset=UTF-8',
  'application/json;charset=utf-8',
  'Application/JSON',
  'application/x-amz-json-1.1',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'text/plain',
  'text/plain; charset=us-ascii',
];

/** What only the unsigned operation has rules for: a secret, repeated members, spelling, content types. */
function ofCreateToken(row: GeneratedGrant): Case[] {
  const named = about(row);
  const { given } = row;
  return [
    refusals(
      named('altered-secret', {
        title: 'client secrets with an edit anywhere',
        requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
        property: 'refused as invalid_client',
      }),
      given,
      () => anyEdit,
      async (edit, request, world) => {
        const value = edited(String(request.members.client_secret), edit);
        const sent = await world.send('probe', mutated(request, { member: 'client_secret', value }));
        return wrong(world, rejected('invalid_client'), sent);
      },
    ),
    refusals(
      named('other-case', {
        title: 'names of members that are needed, with one letter in the other case',
        requirement: 'RFC6749-1.8-names-case-sensitive',
        property: 'refused like a request without that member',
      }),
      given,
      (world) =>
        fc.record({
          member: fc.constantFrom(...requiredTexts(contractFor(world, row))),
          at: fc.nat(20),
        }),
      async ({ member, at }, request, world) => {
        const { wire: name = '' } = contractFor(world, row).find((one) => one.name === member) ?? {};
        const body = (json: string) => json.replace(`"${name}":`, `"${inOtherCase(name, at)}":`);
        return wrong(world, expectMissing(member), await world.send('probe', { ...request, wire: { body } }));
      },
    ),
    refusals(
      named('repeated', {
        title: 'members of the grant twice',
        requirement: 'RFC6749-3.2-duplicate-grant-params',
        property: 'refused as invalid_request',
      }),
      given,
      (world) =>
        fc.record({
          member: fc.constantFrom(
            ...requiredTexts(contractFor(world, row)).filter((name) => !everyGrantHas.has(name)),
          ),
          edit: anyEdit,
        }),
      async ({ member, edit }, request, world) => {
        const repeat = { [member]: edited(String(request.members[member]), edit) };
        const sent = await world.send('probe', { ...request, wire: { repeat } });
        return wrong(world, rejected('invalid_request'), sent);
      },
    ),
    property(
      named('content-types', {
        title: 'JSON that is labelled as something else, or not at all',
        requirement: 'AWS-content-type-not-enforced',
        property: 'granted, whatever the Content-Type says',
      }),
      // Null leaves the header out: a value has to survive JSON.
      () => fc.constantFrom(null, ...contentTypes),
      async (type, world) => {
        const wire = { headers: { 'Content-Type': type ?? undefined } };
        return wrong(world, granted(), await world.send('probe', { ...(await given(world)), wire }));
      },
      { weight: 4 },
    ),
  ];
}

/** A member that was taken away must not come back as null. */
const withoutMember = (noise: Noise, members: readonly Member[], { member }: Mutation): Noise => {
  const wire = members.find(({ name }) => name === member)?.wire;
  return { ...noise, nulls: noise.nulls.filter((name) => name !== wire) };
};

/** Whether a text does something in an answer. Harmless characters may come back: a description may quote them. */
function acts({ reply }: Sent, value: string): string | undefined {
  if (value.includes('X-Injected') && reply.hasHeader('x-injected')) return 'a header was injected';
  const isMarkup = isMarkupIn(value) && reply.isRendered && reply.contains(value);
  return isMarkup ? 'markup that was sent comes back in a page' : undefined;
}

/** Whether a text comes back in an answer, as it is or in a text of its JSON. */
function comesBack({ reply }: Sent, value: string): string | undefined {
  if (value.length < 4) return undefined;
  return reply.contains(value.slice(0, 200)) ? 'what was sent comes back in the response' : undefined;
}

/** What no mistake of a client may cause. */
function breakdown({ reply }: Sent): string | undefined {
  if (reply.status >= 500) return `a client's mistake is answered with status ${reply.status}`;
  return reply.isMarkup ? `status ${reply.status} with HTML` : undefined;
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
      named('verifiers', {
        title: 'codes that are bound to any verifier that is allowed',
        requirement: row.operation === 'token' ? 'RFC7636-4.1-verifier-bounds-accepted' : row.granted,
        property: 'granted for 43 to 128 unreserved characters',
      }),
      () => unreservedText(43, 128),
      async (verifier, world) =>
        wrong(world, granted(), await world.send('probe', await issued(world, { verifier }))),
    ),
    refusals(
      named('altered-verifier', {
        title: 'verifiers with another character anywhere',
        requirement: 'RFC7636-4.6-wrong-verifier',
        property: 'refused as invalid_grant',
      }),
      (world) => issued(world, { verifier: world.verifier(64) }),
      () => edits('replace', 'swap-case'),
      async (edit, request, world) => {
        const value = edited(String(request.members.code_verifier), edit);
        const sent = await world.send('probe', mutated(request, { member: 'code_verifier', value }));
        return wrong(world, invalidGrant, sent);
      },
    ),
    refusals(
      named('altered-redirect-uri', {
        title: 'redirect URIs with an edit anywhere',
        requirement: 'RFC6749-4.1.3-redirect_uri-identical',
        property: 'refused as invalid_grant',
      }),
      given,
      () =>
        fc.oneof(
          anyEdit.filter(({ kind }) => kind !== 'cut'),
          fc.constantFrom(...Object.keys(otherUris)),
        ),
      async (change, request, world) => {
        const before = String(request.members.redirect_uri);
        const value = typeof change === 'string' ? otherUris[change]?.(before) : edited(before, change);
        if (value === before) return undefined;
        const sent = await world.send('probe', mutated(request, { member: 'redirect_uri', value }));
        return wrong(world, invalidGrant, sent);
      },
    ),
    ...(row.operation === 'token'
      ? [
          property(
            {
              ...named('survives', {
                title: 'a code after a refused request',
                requirement: 'OAUTH21-7.5.2-failed-request-keeps-code',
                property: 'after a request that failed authentication or PKCE, the code is still granted',
              }),
              control: given,
            },
            () =>
              fc.record({
                member: fc.constantFrom('client_secret', 'code_verifier'),
                edit: edits('replace'),
              }),
            async ({ member, edit }, world) => {
              const request = await given(world);
              const value = edited(String(request.members[member]), edit);
              const refusal = await world.send('refused', mutated(request, { member, value }));
              if (refusal.reply.outcome === 'granted') {
                world.givenAway();
                return `a wrong ${member} is granted`;
              }
              return wrong(world, granted(), await world.send('probe', request));
            },
            { weight: 3 },
          ),
          property(
            named('loopback-ports', {
              title: 'loopback redirect URIs with any port, registered without one',
              requirement: 'AWS-loopback-port',
              property: 'granted for every port',
            }),
            () => fc.integer({ min: 1, max: 65_535 }),
            async (port, world) => {
              const redirectUris = ['http://127.0.0.1/oauth/callback'];
              const client = await codeClient(world, { name: 'loopback', redirectUris });
              const redirectUri = `http://127.0.0.1:${port}/oauth/callback`;
              const code = await world.authorizationCode(client, { redirectUri });
              return wrong(world, granted(), await world.send('probe', redeeming(client, code)));
            },
            { weight: 4 },
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
      needs: [anyRefreshToken],
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
    { weight: 2 },
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
    (world) =>
      fc.record({
        polls: fc.integer({ min: 0, max: 6 }),
        decision: fc.constantFrom(...decisionsOf(world)),
      }),
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
    { weight: 2 },
  ),
];

const grantOf = { code: 'authorization_code', device: deviceCodeGrant } as const;

/** Ports of redirect URIs; 0 stands for none. */
const ports = () => fc.uniqueArray(fc.nat(65_535), { minLength: 1, maxLength: 3 });
const loopbackUri = (port: number) => `http://127.0.0.1${port === 0 ? '' : `:${port}`}/oauth/callback`;

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
          (world) => {
            const contract = world.contract(operation);
            const mutations = contract.map(oddMember);
            return fc.record({ mutations: new SideBySide(mutations), noise: noiseFor(contract) });
          },
          async ({ mutations, noise }, world) => {
            const base = operation === 'register' ? await codeRegistration(world) : await given(world);
            const contract = world.contract(operation);
            const answerTo = async (mutation: Mutation) => {
              const request = withNoise(mutated(base, mutation), withoutMember(noise, contract, mutation));
              const problem = breakdown(await world.send(`in ${mutation.member}`, request));
              return problem && `${mutation.member}: ${problem}`;
            };
            const problems = await Promise.all(mutations.map(answerTo));
            return problems.find((problem) => problem !== undefined);
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
        property:
          'granted, as the contract of the response says, for printable names of up to 64 characters, and without optional members',
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
        return wrong(world, conforming(), await world.send('probe', { ...request, members }));
      },
    ),
    property(
      {
        operation: 'register',
        needs: [],
        id: 'generated/register-client/allowed',
        title: 'clients of each flow, with redirect URIs of any port, with and without optional members',
        requirement: 'RFC7591-3.2.1-registration-response',
        property: 'granted for every combination that the documents allow',
      },
      ({ target: { limits } }) =>
        fc.oneof(
          // Observed without scopes too: a client of the oldest kind, which names no grants.
          fc.record({
            flow: fc.constant('unsaid' as const),
            ports: fc.constant<number[]>([]),
            scopes: fc.boolean(),
          }),
          ...(['device', 'code'] as const)
            .filter((flow) => !limits.some(({ grant }) => grant === grantOf[flow]))
            .map((flow) =>
              fc.record({
                flow: fc.constant(flow),
                ports: flow === 'code' ? ports() : fc.constant<number[]>([]),
                scopes: fc.constant(true),
              }),
            ),
        ),
      async ({ flow, ports: some, scopes }, world) => {
        const { members } = await (flow === 'code' ? codeRegistration : registration)(world);
        const { grant_types, scope, redirect_uris, ...others } = members;
        const sent = await world.send('probe', {
          operation: 'register',
          members: {
            ...others,
            ...(flow !== 'unsaid' && { grant_types }),
            ...(scopes && { scope }),
            ...(flow === 'code' && { redirect_uris: some.map(loopbackUri) }),
          },
        });
        return wrong(world, granted(), sent);
      },
      { weight: 2 },
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
