import { limitOn, type Need } from '../../harness/case.ts';
import { rejectedOrIgnored } from '../../harness/expectation.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { Way, Ways } from '../../harness/way.ts';
import type {
  Client,
  ClientWishes,
  Code,
  CodeWishes,
  Device,
  SubjectToken,
} from '../../harness/world/artefacts.ts';
import type { Call, Sent, World } from '../../harness/world/world.ts';
import { pendingOrTooFast } from './evidence.ts';

export const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';
export const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
export const refreshTokenType = 'urn:ietf:params:oauth:token-type:refresh_token';

/** Makes the valid request that a case differs from. Each call has a fresh artefact, the client stays. */
export type Given = (world: World) => Promise<Call>;

/** Clients are registered for the grants of one flow: AWS is observed to refuse both flows in one client. */
const codeFlow = ['authorization_code', 'refresh_token'];
const deviceFlow = [deviceCodeGrant, 'refresh_token'];

export const codeClient = (world: World, wishes: ClientWishes = {}) =>
  world.client({ grants: inScope(codeFlow, world), ...wishes });
export const deviceClient = (world: World, wishes: ClientWishes = {}) =>
  world.client({ grants: inScope(deviceFlow, world), ...wishes });

/** Those of some grants that the target has. */
export const inScope = (grants: readonly string[], { target: { limits } }: World): readonly string[] =>
  grants.filter((grant) => limits.every((limit) => limit.grant !== grant));

/** A client that was registered for other grants than this one. */
export function strangerTo(
  grant: 'authorization_code' | 'refresh_token' | typeof deviceCodeGrant,
  world: World,
  wishes: ClientWishes = {},
): Promise<Client> {
  const others = {
    authorization_code: [deviceFlow],
    [deviceCodeGrant]: [codeFlow],
    refresh_token: [[deviceCodeGrant], ['authorization_code']],
  }[grant].map((some) => inScope(some, world));
  const grants = others.find((some) => some.length > 0) ?? [];
  return world.client({ name: 'stranger', grants, without: grant, ...wishes });
}

/** A client that was registered for codes alone, and not for a grant that both flows lack. */
export const strangerToAll = (grant: string, world: World): Promise<Client> =>
  world.client({ name: 'stranger', grants: inScope(codeFlow, world), without: grant });

type TokenOperation = 'token' | 'iam_token';

/** The request that redeems an authorization code. */
export function redeeming(by: Client, code: Code, operation: TokenOperation = 'token'): Call {
  return { operation, by, members: { grant_type: 'authorization_code', ...code } };
}

/** The request that polls with a device code. */
export function polling(by: Client, { device_code }: { readonly device_code: string }): Call {
  return {
    operation: 'token',
    by,
    members: { grant_type: deviceCodeGrant, device_code },
  };
}

/** The request that presents a refresh token. */
export function refreshing(by: Client, refresh_token: string, operation: TokenOperation = 'token'): Call {
  return { operation, by, members: { grant_type: 'refresh_token', refresh_token } };
}

/** The request that presents an assertion. */
export function asserting(by: Client, assertion: string, operation: TokenOperation): Call {
  return { operation, by, members: { grant_type: jwtBearerGrant, assertion } };
}

/** The request that exchanges a token. */
export function exchanging(by: Client, subject: SubjectToken, operation: TokenOperation): Call {
  return { operation, by, members: { grant_type: tokenExchangeGrant, ...subject } };
}

/** A fresh code, ready to be redeemed. */
export const freshCode: Given = (world) => codeWith()(world);

/** A fresh code issued as wished, ready to be redeemed. */
export function codeWith(wishes: CodeWishes | ((world: World) => CodeWishes) = {}): Given {
  return async (world) => {
    const client = await codeClient(world);
    return redeeming(
      client,
      await world.authorizationCode(client, typeof wishes === 'function' ? wishes(world) : wishes),
    );
  };
}

/** A device code that its user has approved. */
export const approvedDevice: Given = async (world) => {
  const client = await deviceClient(world);
  return polling(client, await world.device(client, 'approve'));
};

/** A device code that nobody has decided about. */
export const pendingDevice: Given = async (world) => {
  const client = await deviceClient(world);
  return polling(client, await world.device(client));
};

/** How users may decide about a device here. */
export const decisionsOf = ({ target }: World): readonly ('approve' | 'deny')[] =>
  limitOn('device-decision/deny', target.limits) === undefined ? ['approve', 'deny'] : ['approve'];

/** The control of what can only be seen while nobody has decided: some emulators approve every device code at once. */
export const undecided = {
  step: 'control: nobody decided',
  expect: pendingOrTooFast,
} as const;

export interface TokenFlow extends Way {
  readonly client: typeof codeClient;
  /** A request of this client that has to be granted. */
  readonly request: (world: World, client: Client) => Promise<Call>;
}

const byCode: TokenFlow = {
  grant: 'authorization_code',
  needs: ['authorization-code'],
  client: codeClient,
  request: async (world, client) => redeeming(client, await world.authorizationCode(client)),
};
const byDevice: TokenFlow = {
  grant: deviceCodeGrant,
  needs: ['device-decision'],
  through: 'device_authorization',
  client: deviceClient,
  request: async (world, client) => polling(client, await world.device(client, 'approve')),
};
/** Where tokens come from. */
export const flows: Ways<TokenFlow> = [byCode, byDevice];

/** A client of the flow that brings refresh tokens here. */
export const refreshClient = (world: World, wishes: ClientWishes = {}) =>
  world.way(flows).client(world, wishes);

/** A refresh token of a client of that flow. */
export const refreshTokenFor = (world: World, client: Client) =>
  world.refreshToken(client, { earnedBy: () => world.way(flows).request(world, client) });
/** Where a first refresh token may come from. */
export const anyRefreshToken = [
  'refresh-token',
  'authorization-code',
  'device-decision',
] as const satisfies Need;

/** A refresh token that was never used. */
export const freshRefreshToken: Given = async (world) => {
  const client = await refreshClient(world);
  return refreshing(client, await refreshTokenFor(world, client));
};

/** The grants of the unsigned operation, for a case that is shown on any of them. */
export const anyWay: Ways<Way & { readonly given: Given }> = [
  { ...byCode, given: freshCode },
  { ...byDevice, given: approvedDevice },
  { grant: 'refresh_token', needs: ['refresh-token'], given: freshRefreshToken },
];

/** A request that has to be granted, of whichever grant the target can give. */
export const anyGrant: Given = (world) => world.way(anyWay).given(world);

/** The refresh token of a response; a case that needs one does not apply where none is issued. */
export function refreshTokenOf({ reply }: Sent): string {
  const value = reply.members.refresh_token;
  if (typeof value === 'string' && value !== '') return value;
  if (reply.outcome === 'granted') throw notOffered('refreshToken');
  throw new Stop('step', 'the request that should bring a refresh token was not granted');
}

/** What a refresh token comes to that another client has presented. */
export const grantedOrRevoked = rejectedOrIgnored(
  'invalid_grant',
  'RFC 9700 §4.14.2: a server may revoke it after a security event, and need not',
);

/** Seconds that clocks may differ by, and that a case takes. */
const slack = 60;

/** Lets time pass; a case does not apply where its client's secret ends in that time. */
export async function passWith(client: Client, seconds: number, world: World): Promise<void> {
  if ((client.secret_expires_at ?? Number.POSITIVE_INFINITY) < world.now() + seconds + slack)
    throw notOffered('secretLife');
  await world.pass(seconds);
}

/** A case that lets time pass does not apply to a device code that ends before. */
export function outlives({ expires_in }: Device, seconds: number): void {
  if (expires_in < seconds + 15) throw notOffered('deviceLife');
}

/** A registration that only asks for what every client may have. */
export const registration: Given = (world) => {
  if (inScope([deviceCodeGrant], world).length > 0) return registrationFor(deviceFlow)(world);
  return inScope(codeFlow, world).length > 0
    ? codeRegistration(world)
    : registrationFor(['client_credentials'])(world);
};

const registrationFor =
  (grants: readonly string[]): Given =>
  async (world) => ({
    operation: 'register',
    members: world.registration({
      name: `token-conformance ${world.garbage(8)}`,
      grants: inScope(grants, world),
    }),
  });

/** A registration for the code flow. */
export const codeRegistration: Given = async (world) => ({
  operation: 'register',
  members: world.registration({
    name: `token-conformance ${world.garbage(8)}`,
    grants: inScope(codeFlow, world),
    redirectUris: ['http://127.0.0.1:8400/oauth/callback'],
  }),
});

/** A device authorization of a client that may have one. */
export const deviceAuthorization: Given = async (world) => world.starting(await deviceClient(world));

/** What the cases of authorization codes have in common. */
export const code = { grant: 'authorization_code', needs: ['authorization-code'] } as const;
