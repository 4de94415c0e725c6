import { limitOn, type Need } from '../../../harness/case.ts';
import { Stop } from '../../../harness/stop.ts';
import type { ExpirableKind } from '../../../harness/world/artefacts.ts';
import type { World } from '../../../harness/world/world.ts';
import * as withIam from '../../aws/given.ts';
import * as createToken from '../../kit/given.ts';
import type { Flavour, Kind } from './model.ts';

const named = (which: 0 | 1) => (which === 0 ? {} : { name: 'other' });

/** Clients of one value alone: while time passes, secrets grow old, and a reuse may end all tokens of a client. */
export const withFreshClients = (flavour: Flavour, { target, garbage }: World): Flavour => {
  const suffix = garbage(12);
  return target.clients === undefined
    ? { ...flavour, named: (which) => ({ ...named(which), fresh: suffix }) }
    : flavour;
};

export const flavours: Record<'token' | 'iam_token', Flavour> = {
  token: {
    operation: 'token',
    kinds: ['code', 'device', 'refresh token'],
    decisions: ['approve', 'deny'],
    refreshToken: createToken.anyRefreshToken,
    named,
    client: (world, kind, wishes) => {
      if (kind === 'device') return createToken.deviceClient(world, wishes);
      return (kind === 'code' ? createToken.codeClient : createToken.refreshClient)(world, wishes);
    },
    obtain: async (world, kind, client) => {
      if (kind === 'device') {
        const device = await world.device(client);
        return {
          value: device.device_code,
          device,
          request: (presenter) => createToken.polling(presenter, device),
        };
      }
      if (kind === 'refresh token') {
        const value = await createToken.refreshTokenFor(world, client);
        return { value, request: (presenter) => createToken.refreshing(presenter, value) };
      }
      const code = await world.authorizationCode(client);
      return { value: code.code, request: (presenter) => createToken.redeeming(presenter, code) };
    },
    refreshing: createToken.refreshing,
  },
  iam_token: {
    operation: 'iam_token',
    kinds: ['code', 'refresh token', 'assertion', 'subject token'],
    decisions: [],
    refreshToken: withIam.anyRefreshToken,
    named,
    client: (world, _, wishes) => withIam.application(world, wishes),
    obtain: async (world, kind, client) => {
      if (kind === 'assertion') {
        const value = await world.assertion(client);
        return { value, request: (presenter) => withIam.asserting(presenter, value) };
      }
      if (kind === 'subject token') {
        const subject = await world.subjectToken(client);
        return {
          value: subject.subject_token,
          request: (presenter) => withIam.exchanging(presenter, subject),
        };
      }
      if (kind === 'refresh token') {
        const value = await withIam.refreshTokenFor(world, client);
        return { value, request: (presenter) => withIam.refreshing(presenter, value) };
      }
      const code = await world.authorizationCode(client);
      return { value: code.code, request: (presenter) => withIam.redeeming(presenter, code) };
    },
    refreshing: withIam.refreshing,
  },
};

export const expirable: Readonly<Record<Kind, ExpirableKind>> = {
  code: 'code',
  device: 'deviceCode',
  'refresh token': 'refreshToken',
  assertion: 'assertion',
  'subject token': 'subjectToken',
};

/** What a target has to offer for a kind: a grant or an operation, and a fixture. */
const presupposed: Readonly<Record<Kind, { readonly names: readonly string[]; readonly need?: Need }>> = {
  code: { names: ['authorization_code'], need: 'authorization-code' },
  device: {
    names: [createToken.deviceCodeGrant, 'StartDeviceAuthorization'],
    need: 'device-decision',
  },
  'refresh token': { names: ['refresh_token'] },
  assertion: { names: [withIam.jwtBearerGrant], need: 'assertion' },
  'subject token': { names: [withIam.tokenExchangeGrant], need: 'subject-token' },
};

const needOf = (kind: Kind, { refreshToken }: Flavour): Need => presupposed[kind].need ?? refreshToken;

/** One of the fixtures that its kinds presuppose. */
export const anyNeedOf = (flavour: Flavour): Need => flavour.kinds.flatMap((kind) => needOf(kind, flavour));

/** The flavour with the kinds that are in the target's scope. */
export function inScope(flavour: Flavour, world: World): Flavour {
  const { limits } = world.target;
  const limitOf = (kind: Kind) =>
    limits.find(({ grant, operation }) =>
      presupposed[kind].names.some((name) => name === grant || name === operation),
    ) ?? limitOn(needOf(kind, flavour), limits);
  const kinds = flavour.kinds.filter((kind) => limitOf(kind) === undefined);
  const [first] = flavour.kinds;
  if (kinds.length === 0 && first !== undefined) throw new Stop('out-of-scope', limitOf(first)?.reason ?? '');
  return { ...flavour, kinds, decisions: createToken.decisionsOf(world) };
}
