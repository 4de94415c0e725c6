import type { Need } from '../../harness/case.ts';
import type { Way, Ways } from '../../harness/way.ts';
import type { Client, ClientWishes, Code, CodeWishes, SubjectToken } from '../../harness/world/artefacts.ts';
import type { Call, World } from '../../harness/world/world.ts';
import * as kit from '../kit/given.ts';
import { type Given, jwtBearerGrant, tokenExchangeGrant } from '../kit/given.ts';

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

export const redeeming = (app: Client, code: Code) => kit.redeeming(app, code, 'iam_token');
export const refreshing = (app: Client, token: string) => kit.refreshing(app, token, 'iam_token');
export const asserting = (app: Client, assertion: string) => kit.asserting(app, assertion, 'iam_token');
export const exchanging = (app: Client, subject: SubjectToken) => kit.exchanging(app, subject, 'iam_token');

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

export const freshAssertion: Given = async (world) => {
  const app = await application(world);
  return asserting(app, await world.assertion(app));
};

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
