import type { Case } from '../../harness/case.ts';
import { documented, granted, rejected } from '../../harness/expectation.ts';
import { Stop } from '../../harness/stop.ts';
import type { Client } from '../../harness/world/artefacts.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { flow, grant, type Refusal, refusal } from '../kit/cases.ts';
import { drawn, garbage, otherAt, otherInside, repeated, set, swappedCase, without } from '../kit/change.ts';
import { askedBy, byMethod } from '../kit/credentials.ts';
import { invalidGrant, ofAnotherClient } from '../kit/evidence.ts';
import { inScope, refreshing, refreshTokenOf, strangerToAll } from '../kit/given.ts';
import { ofGrant } from '../kit/grant.ts';
import { toldApart } from './alike.ts';
import { clientFor, type MoreGrant, ownScope, token } from './more-grants.ts';
import { invalidScopeOrIgnored, unheardOf, withoutScope } from './unknown-scopes.ts';

const grantType = 'password';
const ofUser = clientFor(grantType, 'refresh_token');

/** The request of a client that a user has told name and password. */
function asking(by: Client, world: World): Call {
  const { login } = world.target;
  if (login === undefined) throw new Stop('fixture', 'the target file has no "login"');
  const { username, password } = login;
  const scope = ownScope(world);
  return {
    operation: 'token',
    by,
    members: { grant_type: grantType, username, password, ...(scope !== undefined && { scope: [scope] }) },
  };
}

/** A user's name and password (RFC 6749 §4.3), at a target that declares the grant. */
export const passwordGrant: MoreGrant = {
  ...token,
  folder: 'password',
  grant: grantType,
  needs: [],
  client: ofUser,
  given: async (world) => asking(await ofUser(world), world),
  misspelt: 'pass-word',
  granted: 'RFC6749-4.3.3-success',
  authentication: 'RFC6749-4.3.2-client-auth-required',
  identification: 'RFC6749-4.3.2-client-auth-required',
  byStranger: async (world) => asking(await strangerToAll(grantType, world), world),
  unauthorized: 'RFC6749-5.2-unauthorized_client',
  scoped: 'RFC6749-5.2-invalid_scope',
};

const about = ofGrant(passwordGrant);

/** A server may lock who was tried with several wrong passwords: so they come one by one, each after the right one. */
const guessing = { ...about, alone: true } as const;

/** A name that nobody has, made as that of the user is: an address stays one, since a server may ask for one. */
const nobody = drawn('username', (world, valid) =>
  valid.replace(
    /(?=@)|$/,
    `${world
      .garbage(12)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, 'x')}0`,
  ),
);

/** The last letter that is not the first, in other case: the first one and all of them may be forgiven (NIST SP 800-63B). */
const otherCaseInside = (text: string): string => {
  const at = text.search(/[a-z](?=[^a-z]*$)/i);
  return at < 1 ? text : text.slice(0, at) + swappedCase(text[at] ?? '') + text.slice(at + 1);
};

type Row = Pick<Refusal, 'title' | 'change'> & { readonly name: string };

/** Blanks around a password are left out: a server may forgive them (NIST SP 800-63B). */
const wrongPasswords: readonly Row[] = [
  { name: 'wrong-password', title: 'a wrong password', change: garbage('password') },
  {
    name: 'altered-password',
    title: 'the password with a character in its middle changed',
    change: set('password', otherInside),
  },
  {
    name: 'password-with-other-end',
    title: 'the password with its last character changed',
    change: set('password', (valid: string) => otherAt(valid, valid.length - 1)),
  },
  {
    name: 'password-cut-short',
    title: 'the password without its last two characters',
    change: set('password', (valid: string) => valid.slice(0, -2)),
  },
  {
    name: 'password-with-more',
    title: 'the password with one character more',
    change: set('password', (valid: string) => `${valid}x`),
  },
  {
    name: 'password-in-other-case',
    title: 'the password with one letter in other case',
    change: set('password', otherCaseInside),
  },
  { name: 'unknown-user', title: 'the password, and a user name that nobody has', change: nobody },
];

/** The answers to two wrong passwords and to two unknown users, in an order that nothing else follows. */
const answersAlike = flow({
  ...guessing,
  id: 'password/unknown-user-like-wrong-password',
  title: 'the answers to wrong passwords, and those to unknown users',
  requirement: 'RFC6749-4.3.2-bad-credentials',
  cell: 'invalid_grant',
  expect: { control: granted(), 'wrong password': invalidGrant, 'unknown user': invalidGrant },
  holds: ({ 'wrong password': known = [], 'unknown user': unknown = [] }) => toldApart(known, unknown),
  run: async (world) => {
    const valid = await passwordGrant.given(world);
    await world.send('control', valid);
    const wrong = async () => {
      await world.send('wrong password', await garbage('password')(valid, world));
    };
    const unknown = async () => {
      await world.send('unknown user', await nobody(await garbage('password')(valid, world), world));
    };
    for (const send of [wrong, unknown, unknown, wrong]) await send();
  },
});

/** The request that refreshes what a password brought, after the control. */
async function refreshed(world: World): Promise<Call> {
  if (inScope(['refresh_token'], world).length === 0)
    throw new Stop('out-of-scope', 'the target declares that it has no refresh tokens');
  const sent = await world.send('control', await passwordGrant.given(world));
  return refreshing(await ofUser(world), refreshTokenOf(sent));
}

/** What a password brings (RFC 6749 §4.3.2, §4.3.3, §6). */
export const passwords: readonly Case[] = [
  grant({
    ...about,
    id: 'password/valid',
    title: 'the name and the password of a user',
    requirement: 'RFC6749-4.3.3-success',
  }),
  ...(['username', 'password'] as const).flatMap((member) => [
    refusal({
      ...about,
      id: `password/missing-${member}`,
      title: `no ${member}`,
      requirement: 'RFC6749-4.3.2-missing-params',
      change: without(member),
      expect: rejected('invalid_request'),
    }),
    refusal({
      ...about,
      id: `password/empty-${member}`,
      title: `an empty ${member}`,
      requirement: 'RFC6749-3.2-empty-required-param',
      change: set(member, ''),
      expect: rejected('invalid_request'),
    }),
    refusal({
      ...about,
      id: `password/${member}-twice`,
      title: `the ${member} twice, with different values`,
      requirement: 'RFC6749-3.2-duplicate-grant-params',
      change: repeated(member, (valid, world) => world.garbage(valid.length)),
      expect: rejected('invalid_request'),
    }),
  ]),
  ...wrongPasswords.map(({ name, ...row }) =>
    refusal({
      ...guessing,
      ...row,
      id: `password/${name}`,
      requirement: 'RFC6749-4.3.2-bad-credentials',
      expect: invalidGrant,
    }),
  ),
  answersAlike,
  refusal({
    ...about,
    id: 'password/client-id-alone',
    title: 'the id of a client that has a secret, and nothing to prove it',
    requirement: 'RFC6749-4.3.2-client-auth-required',
    change: byMethod('none'),
    expect: rejected('invalid_client', documented('invalid_request', 'RFC 6749 §5.2: a missing parameter')),
  }),
  flow({
    ...about,
    presupposes: ['refresh_token'],
    id: 'password/refreshed',
    title: 'the refresh token that a password brought',
    requirement: 'RFC6749-6-refresh-success',
    expect: { control: granted(), probe: granted() },
    run: async (world) => {
      await world.send('probe', await refreshed(world));
    },
  }),
  flow({
    ...about,
    presupposes: ['refresh_token'],
    id: 'password/refreshed-by-another-client',
    title: 'the refresh token that a password brought, from another client',
    requirement: 'RFC6749-6-bound-to-client',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: ofAnotherClient },
    run: async (world) => {
      const request = await refreshed(world);
      await world.send('probe', askedBy(request, await ofUser(world, { name: 'other' })));
    },
  }),
  flow({
    ...about,
    presupposes: ['refresh_token'],
    id: 'password/refreshed-for-more',
    title: 'the refresh token that a password brought, with a scope that was never granted',
    requirement: 'RFC6749-6-scope-not-widened',
    expect: { control: granted(), probe: invalidScopeOrIgnored },
    holds: withoutScope(unheardOf),
    run: async (world) => {
      await world.send('probe', await set('scope', [unheardOf])(await refreshed(world), world));
    },
  }),
];
