import fc, { type Arbitrary } from 'fast-check';
import type { Case } from '../../../harness/case.ts';
import { documented, granted, refused, rejected } from '../../../harness/expectation.ts';
import { isMarkupIn } from '../../../harness/send/rendered.ts';
import { Stop } from '../../../harness/stop.ts';
import type { Call, Sent, World } from '../../../harness/world/world.ts';
import { ofAws } from '../../aws/evidence.ts';
import { allGrants } from '../../grants/table.ts';
import { ofStandards } from '../../kit/evidence.ts';
import type { GrantAt } from '../../kit/grant.ts';
import { memberOf } from '../../kit/member.ts';
import { bodyOf } from '../bodies/all.ts';
import { mutated, requiredTexts, valuedOrLeftOut } from '../mutation.ts';
import { dressed, noiseFor, withNoise } from '../noise.ts';
import { property, refusals, wrong } from '../property.ts';
import { anyEdit, edited, edits, hostileText } from '../text.ts';
import { about, breakdown, contractFor, expectMissing, withoutMember } from './about.ts';
import { alteredClientId, answerToEdit } from './altered.ts';
import { ofCode } from './code.ts';
import { ofCreateToken } from './create-token.ts';
import { mistyped } from './only-json.ts';

const byAws = ofAws(documented('invalid_grant', 'AWS: InvalidGrantException for an invalid grant type'));
const unsupported = rejected('unsupported_grant_type', byAws);
const malformedGrant = rejected(
  'unsupported_grant_type',
  ofStandards(
    documented(
      'invalid_request',
      'RFC 6749 §4.5, appendix A.10: neither the name of a grant nor an absolute URI',
    ),
  ),
  byAws,
);

/** What a grant type may look like: a name, or the absolute URI of an extension (RFC 3986 §4.3). */
const isGrantType = (text: string): boolean =>
  /^(?:[\w.-]+|[a-z][a-z\d+.-]*:(?:[\w.~:/?[\]@!$&'()*+,;=-]|%[\da-f]{2})*)$/i.test(text);

/** Sends a request twice in different dress and says whether the answers differ. */
async function sameAnswer(world: World, plain: Call, noisy: Call): Promise<string | undefined> {
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

/** A standard server may have these, and says then that the client may not use them. */
const grantsOfOthers = new Set([
  'client_credentials',
  'implicit',
  'password',
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
]);

const knownGrants = new Set(allGrants.map(({ grant }) => grant));

/** Optional members, present or absent, with values that the documents allow. */
function allowedMembers(world: World, { operation, grant }: GrantAt): Arbitrary<Allowed> {
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

/** A code or token of another grant; what only looks like one where the target gives none. */
async function foreignArtefact(row: GrantAt, folder: string, world: World): Promise<unknown> {
  const other = otherGrants(row).find((one) => one.folder === folder);
  try {
    return other ? (await other.given(world)).members[other.artefact] : world.garbage();
  } catch (error) {
    if (error instanceof Stop && (error.kind === 'out-of-scope' || error.kind === 'fixture'))
      return world.garbage();
    throw error;
  }
}

const otherGrants = ({ operation, folder }: GrantAt) =>
  allGrants.filter((one) => one.operation === operation && one.folder !== folder);

export function ofGrant(row: GrantAt): Case[] {
  const named = about(row);
  const { given, artefact } = row;
  return [
    property(
      named('noise', {
        title: 'valid requests with unknown members, in any order and spelling',
        requirement: 'RFC6749-3.2-unknown-params-ignored',
        property: 'granted, whatever unknown or null members, order, white space and escapes there are',
      }),
      (world) => noiseFor(world, row),
      async (noise, world) =>
        wrong(world, granted(), await world.send('probe', withNoise(world, await given(world), noise))),
      { weight: 2 },
    ),
    property(
      named('allowed', {
        title: 'valid requests with optional members',
        requirement: row.granted,
        property: 'granted, whatever optional members there are, with any value that they may have',
      }),
      (world) => fc.record({ members: allowedMembers(world, row), noise: noiseFor(world, row) }),
      async ({ members, noise }, world) => {
        const valid = await given(world);
        const request = { ...valid, members: { ...valid.members, ...members } };
        return wrong(world, granted(), await world.send('probe', withNoise(world, request, noise)));
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
          noise: noiseFor(world, row),
        }),
      async ({ noise, mutation }, request, world) => {
        const quietened = withoutMember(noise, contractFor(world, row), mutation);
        const sent = await world.send('probe', withNoise(world, mutated(request, mutation), quietened));
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
      answerToEdit(artefact, row.unknown.expect),
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
                noise: noiseFor(world, row),
              }),
            async ({ of, noise }, world) => {
              const value = await foreignArtefact(row, of, world);
              const request = await given(world);
              const sent = await world.send(
                'probe',
                withNoise(world, mutated(request, { member: artefact, value }), { ...noise, nulls: [] }),
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
      (world) =>
        near(row.grant).filter(
          (text) =>
            !knownGrants.has(text) &&
            text.trim() !== '' &&
            !(world.bodyType('token') === 'form' && grantsOfOthers.has(text)),
        ),
      async (value, request, world) =>
        wrong(
          world,
          isGrantType(value) ? unsupported : malformedGrant,
          await world.send('probe', mutated(request, { member: 'grant_type', value })),
        ),
      { weight: 10 },
    ),
    alteredClientId(row),
    ...(row.operation === 'token' ? ofCreateToken(row) : []),
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
        const { anyMistake } = bodyOf(world, row);
        return fc.record({
          mistakes: fc.array(
            fc.oneof(
              { weight: 3, arbitrary: anyMistake(requiredTexts(members)) },
              { weight: 1, arbitrary: anyMistake(names) },
            ),
            { minLength: 1, maxLength: 2 },
          ),
          noise: noiseFor(world, row),
        });
      },
      async ({ mistakes, noise }, request, world) => {
        // Noise reads the body: it comes first, since reading what is nested deeply takes long.
        const broken = mistakes.reduce(mutated, withNoise(world, request, { ...noise, nulls: [] }));
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
      (world) => bodyOf(world, row).anyMistake(requiredTexts(contractFor(world, row))),
      async (mutation, valid, world) => {
        const request = mutated(valid, mutation);
        const sent = await world.send('probe', request);
        if (sent.reply.outcome === 'granted') return undefined;
        return ['client_secret', artefact, 'code_verifier']
          .map((name) => memberOf(request, name))
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
          noise: noiseFor(world, row),
        });
      },
      async ({ noise, mutation }, world) => {
        const quietened = withoutMember(noise, contractFor(world, row), mutation);
        // Each with a code or token of its own: the first request may spend it.
        const plain = mutated(await given(world), mutation);
        return sameAnswer(world, plain, withNoise(world, mutated(await given(world), mutation), quietened));
      },
      { weight: 4 },
    ),
    mistyped(row),
    refusals(
      named('unreadable', {
        title: 'bodies that are no JSON, or no UTF-8',
        requirement: 'RFC6749-5.2-malformed-encoding',
        property: 'refused as invalid_request',
      }),
      given,
      (world) => bodyOf(world, row).breakages,
      async (breakage, request, world) => {
        const body = bodyOf(world, row);
        const broken = dressed(body, request, (text) => body.broken(text, breakage));
        return wrong(world, body.unreadable, await world.send('probe', broken));
      },
      { weight: 10 },
    ),
    ...(row.kind === 'code' ? ofCode(row) : []),
  ];
}

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
