import { invalidRequest, refusalFor } from '../../core/refusal.ts';
import { answerFixture } from '../../fixtures/fixtures.ts';
import { publicJwk } from '../../keys.ts';
import type { WireRequest, WireResponse } from '../../wire.ts';
import { answerAuthorization } from './authorize.ts';
import { refused, respond } from './call.ts';
import { answerDevice, answerDeviceAuthorization } from './device.ts';
import { oauthFixtures } from './fixtures.ts';
import { metadataPaths, paths } from './paths.ts';
import { answerClientConfiguration, answerRegistration } from './registration.ts';
import type { OAuthService } from './service.ts';
import { answerToken } from './token.ts';
import { answerIntrospection, answerRevocation, answerUserInfo } from './tokens.ts';

type Answer = (service: OAuthService, request: WireRequest) => Promise<WireResponse>;

interface Route {
  readonly methods: readonly string[];
  readonly answer: Answer;
  /** Whether a browser shows it. */
  readonly forPersons?: boolean;
}

/** The standard dialect: OAuth 2.0 and OpenID Connect. One request, one response. */
export async function answerOAuthForm(service: OAuthService, request: WireRequest): Promise<WireResponse> {
  const route = routeOf(request.path);
  if (!route) return { ...refused(service, invalidRequest('path')), status: 404 };
  const answer = await answerBy(route, service, request);
  if (route.forPersons || !request.headers.has('origin')) return answer;
  return { ...answer, headers: [...answer.headers, ...service.behaviours['cors-headers']()] };
}

async function answerBy(
  { methods, answer, forPersons }: Route,
  service: OAuthService,
  request: WireRequest,
): Promise<WireResponse> {
  if (methods.includes(request.method)) return answer(service, request);
  if (request.method === 'OPTIONS' && !forPersons && request.headers.has('access-control-request-method'))
    return respond(service, 204, undefined, service.behaviours['preflight-headers'](methods));
  const refusal = refused(service, invalidRequest('method'), [['Allow', methods.join(', ')]]);
  return { ...refusal, status: 405 };
}

/** Its fixture service. */
export const answerOAuthFixture = (service: OAuthService, request: WireRequest): Promise<WireResponse> =>
  answerFixture(service, request, oauthFixtures, paths.fixtures);

/** The answer to a request that met a mistake of our own. */
export const serverError = (service: OAuthService): WireResponse =>
  refused(service, refusalFor('server_error'));

const answerMetadata: Answer = async (service, request) => {
  const { behaviours: b, state } = service;
  return respond(service, 200, b['server-metadata'](state, b.issuer(state, request), b['scopes-offered']()));
};

const answerJwks: Answer = async (service) =>
  respond(service, 200, { keys: [await publicJwk(await service.keys.idTokens())] });

const byForm = (answer: Answer): Route => ({ methods: ['POST'], answer });
const read = (answer: Answer): Route => ({ methods: ['GET', 'HEAD'], answer });
const byBrowser = (answer: Answer): Route => ({ methods: ['GET', 'POST'], answer, forPersons: true });

const routes: ReadonlyMap<string, Route> = new Map([
  [paths.token, byForm(answerToken)],
  [paths.device_authorization, byForm(answerDeviceAuthorization)],
  [paths.register, byForm(answerRegistration)],
  [paths.introspection, byForm(answerIntrospection)],
  [paths.revocation, byForm(answerRevocation)],
  [paths.authorization, byBrowser(answerAuthorization)],
  [paths.device, byBrowser(answerDevice)],
  [paths.userinfo, { methods: ['GET', 'POST'], answer: answerUserInfo }],
  [paths.jwks, read(answerJwks)],
]);

function routeOf(path: string): Route | undefined {
  if (metadataPaths.has(path)) return read(answerMetadata);
  if (path.startsWith(`${paths.register}/`))
    return { methods: ['GET', 'DELETE'], answer: answerClientConfiguration };
  return routes.get(path);
}
