import type { Case } from '../../harness/case.ts';
import { granted, noToken } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import type { AuthChange, Call, Credentials, World } from '../../harness/world/world.ts';
import { alikeJtis } from '../grants/jwt-bearer.ts';
import { exchangedBefore } from '../grants/token-exchange.ts';
import { flow } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { ofGrant } from '../kit/grant.ts';
import { anyGrant, anyWay, freshSubjectToken } from './given.ts';
import { iamAssertion, iamExchange, iamGrants } from './grants.ts';

/** Right after a valid signed request: what a cache that is asked with too little would take for the same. */
type Signing = NonNullable<AuthChange['signing']>;
type Signed = Parameters<NonNullable<Signing['tamper']>>[0];

const about = {
  operation: 'iam_token',
  ways: anyWay,
  requirement: 'AWS-CreateTokenWithIAM-signature-required',
} as const;

/** The request, and what was signed of it once it was sent. */
function watched(request: Call): { readonly request: Call; readonly signed: () => Signed } {
  let seen: Signed | undefined;
  const tamper = (signed: Signed) => {
    seen = signed;
    return signed;
  };
  return {
    request: { ...request, as: { signing: { tamper } } },
    signed: () => {
      if (seen === undefined) throw new Error('the request was not sent yet');
      return seen;
    },
  };
}

/** Headers of a request that was signed before, in place of those of this one. */
const headersOf = (before: Signed, ...names: readonly string[]): NonNullable<Signing['tamper']> => {
  const isOne = ([name]: readonly [string, unknown]) => names.includes(name.toLowerCase());
  return (signed) => ({
    ...signed,
    headers: [...signed.headers.filter((one) => !isOne(one)), ...before.headers.filter(isOne)],
  });
};

/** Seconds; longer than a signature is good for anywhere. */
const afterTheSignature = 1_200;

const signedWith = (request: Call, credentials: Credentials): Call => ({
  ...request,
  as: { signing: { credentials } },
});

const signatures: readonly Case[] = [
  flow({
    ...about,
    id: 'iam-signature/of-the-request-before',
    title: 'the signature and date of the request before, with another body',
    expect: { control: granted(), probe: noToken() },
    run: async (world) => {
      const before = watched(await anyGrant(world));
      await world.send('control', before.request);
      const tamper = headersOf(before.signed(), 'authorization', 'x-amz-date');
      await world.send('probe', { ...(await anyGrant(world)), as: { signing: { tamper } } });
    },
  }),
  flow({
    ...about,
    id: 'iam-signature/with-the-hash-of-the-request-before',
    title: 'the signature, date and payload hash of the request before, with another body',
    expect: { control: granted(), probe: noToken() },
    run: async (world) => {
      const before = watched(await anyGrant(world));
      await world.send('control', before.request);
      const tamper = headersOf(before.signed(), 'authorization', 'x-amz-date', 'x-amz-content-sha256');
      await world.send('probe', { ...(await anyGrant(world)), as: { signing: { tamper } } });
    },
  }),
  flow({
    ...ofGrant(iamExchange),
    needs: ['subject-token', 'clock'],
    overTime: true,
    id: 'iam-signature/sent-again-later',
    title: 'a request that was granted, sent again with its signature after twenty minutes',
    requirement: 'AWS-CreateTokenWithIAM-signature-required',
    expect: { control: granted(), probe: noToken() },
    run: async (world) => {
      const before = watched(await freshSubjectToken(world));
      await world.send('control', before.request);
      const signed = before.signed();
      await world.pass(afterTheSignature);
      const { reply } = await world.send('signed anew', { ...before.request, raw: {} });
      if (reply.outcome === 'rejected') throw notOffered('reuse');
      await world.send('probe', { ...before.request, as: { signing: { tamper: () => signed } } });
    },
  }),
  flow({
    ...about,
    needs: ['authorization-code', 'credentials'],
    mayLack: ['sessionExpiry'],
    id: 'iam-signature/expired-session-token-after-use',
    title: 'credentials that signed a granted request, and whose session has expired since',
    expect: { control: granted(), probe: noToken() },
    run: async (world) => {
      const credentials = await world.credentials(true);
      await world.send('control', signedWith(await anyGrant(world), credentials));
      const { sessionToken } = credentials;
      if (sessionToken === undefined || !(await world.expireIfOffered('sessionToken', sessionToken)))
        throw notOffered('sessionExpiry');
      await world.send('probe', signedWith(await anyGrant(world), credentials));
    },
  }),
  ...(
    [
      [
        'wrong-session-token',
        'another session token',
        (valid: Credentials, world: World) => ({ ...valid, sessionToken: world.garbage(64) }),
      ],
      [
        'wrong-secret-key',
        'a signature made with another secret key',
        (valid: Credentials) => ({ ...valid, secretAccessKey: `${valid.secretAccessKey}x` }),
      ],
    ] as const
  ).map(([name, title, change]) =>
    flow({
      ...about,
      needs: ['authorization-code', 'credentials'],
      id: `iam-signature/${name}-after-a-right-one`,
      title: `${title}, right after a right one of the same access key`,
      expect: { control: granted(), probe: noToken() },
      run: async (world) => {
        const credentials = await world.credentials(true);
        await world.send('control', signedWith(await anyGrant(world), credentials));
        await world.send('probe', signedWith(await anyGrant(world), change(credentials, world)));
      },
    }),
  ),
];

const grants: readonly Case[] = [
  ...exchangedBefore(iamExchange),
  ...iamGrants.map((at) =>
    flow({
      ...ofGrant(at),
      id: `${at.folder}/with-one-scope-after-all`,
      title: 'one of the scopes of the application, right after all of them were granted',
      requirement: 'AWS-CreateTokenWithIAM-scope-narrowed',
      expect: { control: granted(), probe: granted() },
      holds: ({ probe = [] }) =>
        probe
          .filter(({ reply }) => JSON.stringify(reply.members.scope) !== '["openid"]')
          .map(({ reply }) => `scope is ${JSON.stringify(reply.members.scope)}, not ["openid"]`),
      run: async (world) => {
        await world.send('control', await at.given(world));
        await world.send('probe', await set('scope', ['openid'])(await at.given(world), world));
      },
    }),
  ),
  ...alikeJtis(iamAssertion),
];

export const iamRightAfter: readonly Case[] = [...signatures, ...grants];
