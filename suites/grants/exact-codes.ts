import type { Case } from '../../harness/case.ts';
import { documented, granted, rejected } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import type { ExactWishes } from '../../harness/world/artefacts.ts';
import type { World } from '../../harness/world/world.ts';
import { flow, type Refusal, refusal } from '../kit/cases.ts';
import { drawn, set, swappedCase, without } from '../kit/change.ts';
import { invalidGrant } from '../kit/evidence.ts';
import { code, codeClient, freshCode, type Given, redeeming } from '../kit/given.ts';

/** A challenge that is the verifier itself, without a word of that or as plain. */
const plainly = (challengeMethod: NonNullable<ExactWishes['challengeMethod']>): ExactWishes => ({
  challenge: (verifier) => verifier,
  challengeMethod,
});

/** The request that redeems a code of an authorization request as wished. */
const codeOf =
  (wishes: ExactWishes): Given =>
  async (world) => {
    const client = await codeClient(world);
    const issued = await world.authorizationCodeOfExactly(client, wishes);
    if (issued === undefined) throw notOffered('plainChallenge');
    return redeeming(client, issued);
  };

const withoutMethod = codeOf(plainly(false));

const about = { ...code, dialects: ['oauth-form'], mayLack: ['plainChallenge'] } as const;

/** RFC 7636 §4.6, for a challenge that came without a method: the control is the verifier that it is. */
const wrongVerifiers: readonly (Pick<Refusal, 'title' | 'change' | 'expect'> & { readonly name: string })[] =
  [
    {
      name: 'another-verifier',
      title: 'a challenge without a method, and another verifier',
      change: drawn('code_verifier', (world) => world.verifier()),
      expect: invalidGrant,
    },
    {
      name: 'verifier-in-other-case',
      title: 'a challenge without a method, and the verifier with the case of its letters swapped',
      change: set('code_verifier', swappedCase),
      expect: invalidGrant,
    },
    {
      name: 'verifier-with-more',
      title: 'a challenge without a method, and the verifier with one character more',
      change: set('code_verifier', (valid: string) => `${valid}A`),
      expect: invalidGrant,
    },
    {
      name: 'no-verifier',
      title: 'a challenge without a method, and no verifier',
      change: without('code_verifier'),
      expect: rejected(
        'invalid_grant',
        documented('invalid_request', 'OAuth 2.1 draft §4.1.3: a required parameter is missing'),
      ),
    },
    {
      name: 'hashed',
      title: 'an S256 challenge without a method, and its verifier',
      change: (_, world) => codeOf({ challengeMethod: false })(world),
      expect: invalidGrant,
    },
  ];

/** The scopes of a request that is none of OpenID Connect, which demands a redirect URI (Core §3.1.2.1). */
const ofOAuth = ({ target: { scopes } }: World): readonly string[] =>
  scopes.filter((one) => one !== 'openid');

/** Codes of authorization requests that lack what most have: RFC 6749 §4.1.3; RFC 7636 §4.3, §7.2. */
export const exactCodes: readonly Case[] = [
  flow({
    ...about,
    id: 'authorization-code/challenge-without-method',
    title: 'a challenge without a method, and the verifier that it is',
    requirement: 'RFC7636-4.3-default-plain',
    expect: { control: granted(), probe: granted() },
    run: async (world) => {
      await world.send('control', await freshCode(world));
      await world.send('probe', await withoutMethod(world));
    },
  }),
  ...wrongVerifiers.map(({ name, ...row }) =>
    refusal({
      ...about,
      ...row,
      id: `authorization-code/challenge-without-method-${name}`,
      requirement: 'RFC7636-4.3-default-plain',
      given: withoutMethod,
    }),
  ),
  flow({
    ...about,
    id: 'authorization-code/plain-challenge',
    title: 'a challenge by the method plain, and its verifier',
    requirement: 'RFC9700-2.1.1-plain-disabled',
    expect: {
      control: granted(),
      probe: rejected(
        'invalid_grant',
        documented('invalid_request', 'RFC 7636 §4.4.1: a transform algorithm that is not supported'),
      ),
    },
    run: async (world) => {
      await world.send('control', await freshCode(world));
      await world.send('probe', await codeOf(plainly('plain'))(world));
    },
  }),
  flow({
    ...code,
    dialects: ['oauth-form'],
    needs: [...code.needs, 'authorization-code/scope'],
    mayLack: ['codeWithoutRedirectUri'],
    id: 'authorization-code/without-redirect-uri',
    title: 'no redirect URI, as in the authorization request',
    requirement: 'RFC6749-4.1.3-redirect_uri-optional-when-absent',
    expect: { control: granted(), probe: granted() },
    run: async (world) => {
      await world.send('control', await freshCode(world));
      const client = await codeClient(world);
      const issued = await world.authorizationCodeOfExactly(client, {
        redirectUri: false,
        scope: ofOAuth(world),
      });
      if (issued === undefined) throw notOffered('codeWithoutRedirectUri');
      await world.send('probe', redeeming(client, issued));
    },
  }),
];
