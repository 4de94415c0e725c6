import type { Need } from '../../harness/case.ts';
import type { Way, Ways } from '../../harness/way.ts';
import type {
  AssertionWishes,
  Client,
  ClientWishes,
  Code,
  CodeWishes,
  SubjectToken,
} from '../../harness/world/artefacts.ts';
import type { Call, World } from '../../harness/world/world.ts';
import type { Given } from '../kit/given.ts';

export const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
export const refreshTokenType = 'urn:ietf:params:oauth:token-type:refresh_token';

const allGrants = ['authorization_code', 'refresh_token', jwtBearerGrant, tokenExchangeGrant];

/** An application that is authenticated by SigV4 and may use every grant. */
export const application = (world: World, wishes: ClientWishes = {}) =>
  world.client({ method: 'sigv4', grants: allGrants, ...wishes });

/** An application that may use every grant but one. */
export const applicationWithout = (world: World, grant: string) =>
  world.client({
    method: 'sigv4',
    name: 'stranger',
    grants: allGrants.filter((one) => one !== grant),
    without: grant,
  });

const request = (by: Client, members: Readonly<Record<string, unknown>>): Call => ({
  operation: 'iam_token',
  by,
  members,
});

export const redeeming = (app: Client, code: Code) =>
  request(app, { grant_type: 'authorization_code', ...code });
export const refreshing = (app: Client, refresh_token: string) =>
  request(app, { grant_type: 'refresh_token', refresh_token });
export const asserting = (app: Client, assertion: string) =>
  request(app, { grant_type: jwtBearerGrant, assertion });
export const exchanging = (app: Client, subject: SubjectToken) =>
  request(app, { grant_type: tokenExchangeGrant, ...subject });

export const codeWith =
  (wishes: CodeWishes = {}): Given =>
  async (world) => {
    const app = await application(world);
    return redeeming(app, await world.authorizationCode(app, wishes));
  };
export const freshCode: Given = (world) => codeWith()(world);

/** What brings a refresh token; token exchange does so only when it is asked for one. */
const refreshTokenFlows: Ways<Way & { readonly request: (world: World, app: Client) => Promise<Call> }> = [
  {
    grant: 'authorization_code',
    needs: ['authorization-code'],
    request: async (world, app) => redeeming(app, await world.authorizationCode(app)),
  },
  {
    grant: jwtBearerGrant,
    needs: ['assertion'],
    request: async (world, app) => asserting(app, await world.assertion(app)),
  },
];

/** Where a first refresh token may come from. */
export const anyRefreshToken = ['refresh-token', 'authorization-code', 'assertion'] as const satisfies Need;

export const refreshTokenFor = (world: World, app: Client) =>
  world.refreshToken(app, { earnedBy: () => world.way(refreshTokenFlows).request(world, app) });

export const freshRefreshToken: Given = async (world) => {
  const app = await application(world);
  return refreshing(app, await refreshTokenFor(world, app));
};

export const assertionWith =
  (wishes: AssertionWishes = {}): Given =>
  async (world) => {
    const app = await application(world);
    return asserting(app, await world.assertion(app, wishes));
  };
export const freshAssertion: Given = (world) => assertionWith()(world);

export const freshSubjectToken: Given = async (world) => {
  const app = await application(world);
  return exchanging(app, await world.subjectToken(app));
};

type GivenWay = Way & { readonly given: Given };

const byCode: GivenWay = { grant: 'authorization_code', needs: ['authorization-code'], given: freshCode };
export const byAssertion: GivenWay = { grant: jwtBearerGrant, needs: ['assertion'], given: freshAssertion };
const byRefresh: GivenWay = { grant: 'refresh_token', needs: ['refresh-token'], given: freshRefreshToken };

/** The grants of the signed operation, for a case that is shown on any of them. */
export const anyWay: Ways<GivenWay> = [
  byCode,
  byAssertion,
  { grant: tokenExchangeGrant, needs: ['subject-token'], given: freshSubjectToken },
  byRefresh,
];

/** Those of them that bring a refresh token to who asks for nothing. */
export const refreshTokenWays: Ways<GivenWay> = [byCode, byAssertion, byRefresh];

/** A request that has to be granted, of whichever grant the target can give. */
export const anyGrant: Given = (world) => world.way(anyWay).given(world);

/** A region that the target does not serve. */
export const otherRegion = (world: World) =>
  world.target.region === 'eu-west-1' ? 'us-west-2' : 'eu-west-1';

/** What the cases of a grant of the signed operation have in common. */
export const iam = { operation: 'iam_token' } as const;
export const code = {
  ...iam,
  grant: 'authorization_code',
  needs: ['authorization-code'],
  given: freshCode,
} as const;
export const refresh = {
  ...iam,
  grant: 'refresh_token',
  needs: [anyRefreshToken],
  given: freshRefreshToken,
} as const;
export const assertion = {
  ...iam,
  grant: jwtBearerGrant,
  needs: ['assertion'],
  given: freshAssertion,
} as const;
export const exchange = {
  ...iam,
  grant: tokenExchangeGrant,
  needs: ['subject-token'],
  given: freshSubjectToken,
} as const;
