import fc from 'fast-check';
import type { Case } from '../../../harness/case.ts';
import { conforming, documented, type Expectation, granted, rejected } from '../../../harness/expectation.ts';
import { Stop } from '../../../harness/stop.ts';
import type { World } from '../../../harness/world/world.ts';
import { codeRegistration, deviceAuthorization, deviceCodeGrant, registration } from '../../kit/given.ts';
import { bodyOf } from '../bodies/all.ts';
import { type Mutation, mutated } from '../mutation.ts';
import { noiseFor, withNoise } from '../noise.ts';
import { property, wrong } from '../property.ts';
import { SideBySide } from '../side-by-side.ts';
import { anyEdit } from '../text.ts';
import { breakdown, withoutMember } from './about.ts';
import { answerToEdit } from './altered.ts';

const grantOf = { code: 'authorization_code', device: deviceCodeGrant } as const;

/** Ports of redirect URIs; 0 stands for none. */
const ports = () => fc.uniqueArray(fc.nat(65_535), { minLength: 1, maxLength: 3 });

const loopbackUri = (port: number) => `http://127.0.0.1${port === 0 ? '' : `:${port}`}/oauth/callback`;

/** The standards have a registration answered with all that was registered (RFC 7591 §3.2.1): no more than is read. */
function tellable(mutation: Mutation, { target }: World): Mutation {
  const { value } = mutation;
  const isLong = typeof value === 'string' && value.length > longestTold;
  return isLong && target.dialect === 'oauth-form'
    ? { ...mutation, value: value.slice(0, longestTold) }
    : mutation;
}

const longestTold = 3_000;

/** RegisterClient and StartDeviceAuthorization. */
export function supporting(): Case[] {
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
          (world) => noiseFor(world, { operation }),
          async (noise, world) =>
            wrong(world, granted(), await world.send('probe', withNoise(world, await given(world), noise))),
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
            const mutations = contract.map(bodyOf(world, { operation }).oddMember);
            return fc.record({ mutations: new SideBySide(mutations), noise: noiseFor(world, { operation }) });
          },
          async ({ mutations, noise }, world) => {
            const base = operation === 'register' ? await codeRegistration(world) : await given(world);
            const contract = world.contract(operation);
            const answerTo = async (mutation: Mutation) => {
              const request = withNoise(
                world,
                mutated(base, operation === 'register' ? tellable(mutation, world) : mutation),
                withoutMember(noise, contract, mutation),
              );
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
        // Who names no grants has that of codes elsewhere, which needs redirect URIs (RFC 7591 §2).
        dialects: ['aws-json'],
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
    ...allowed,
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
      async ({ member, edit }, world) =>
        answerToEdit(member, rejected('invalid_client'))(edit, await deviceAuthorization(world), world),
    ),
  ];
}

/** RFC 7591 §2 lets a server refuse what it does not like; what it may not do is break down, or name another reason. */
const mayRefuse: Expectation = {
  kind: 'rejected',
  accept: [
    documented('invalid_client_metadata', 'RFC 7591 §3.2.2'),
    documented('invalid_redirect_uri', 'RFC 7591 §3.2.2'),
  ],
  orGranted: 'RFC 7591 §2: what a server refuses of valid metadata is its own affair',
};

const allowed = (
  [
    {
      about: {
        dialects: ['aws-json'],
        property: 'granted for every combination that the documents allow',
      },
      expected: granted(),
    },
    {
      about: {
        dialects: ['oauth-form'],
        control: registration,
        property: 'granted, or refused as metadata, for every combination that the documents allow',
      },
      expected: mayRefuse,
    },
  ] as const
).map(({ about, expected }) =>
  property(
    {
      operation: 'register',
      needs: [],
      ...about,
      id: 'generated/register-client/allowed',
      title: 'clients of each flow, with redirect URIs of any port, with and without optional members',
      requirement: 'RFC7591-3.2.1-registration-response',
    },
    ({ target: { limits, dialect } }) => {
      const limitOn = (flow: keyof typeof grantOf) => limits.find(({ grant }) => grant === grantOf[flow]);
      const flows = (['device', 'code'] as const).filter((flow) => limitOn(flow) === undefined);
      // Observed at AWS without scopes too: a client of the oldest kind, which names no grants. Elsewhere it has
      // that of codes then, which needs redirect URIs (RFC 7591 §2).
      const unsaid = fc.record({
        flow: fc.constant('unsaid' as const),
        ports: fc.constant<number[]>([]),
        scopes: fc.boolean(),
      });
      const reason = limitOn('code')?.reason;
      if (dialect !== 'aws-json' && flows.length === 0) throw new Stop('out-of-scope', reason);
      return fc.oneof(
        ...(dialect === 'aws-json' ? [unsaid] : []),
        ...flows.map((flow) =>
          fc.record({
            flow: fc.constant(flow),
            ports: flow === 'code' ? ports() : fc.constant<number[]>([]),
            scopes: fc.constant(true),
          }),
        ),
      );
    },
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
      return wrong(world, expected, sent);
    },
    { weight: 2 },
  ),
);
