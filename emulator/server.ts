import { type Behaviours, defaultBehaviours } from './behaviours.ts';
import { answerAuthorize, authorizePath } from './browser/authorize.ts';
import { answerDevicePage, devicePath } from './browser/device-page.ts';
import { answerJwks, jwksPath } from './browser/jwks.ts';
import { virtualClock } from './clock.ts';
import type { Service } from './core/service.ts';
import { emptyState } from './core/state.ts';
import { answerFixture, fixturesPath } from './fixtures/fixtures.ts';
import { answerAwsJson, internalServerError } from './fronts/aws-json/aws-json.ts';
import { awsFixtures } from './fronts/aws-json/fixtures.ts';
import type { AwsService } from './fronts/aws-json/service.ts';
import { newAwsState } from './fronts/aws-json/state.ts';
import { answerOAuthForm, serverError } from './fronts/oauth-form/oauth-form.ts';
import { basePath, isOfOAuth, paths } from './fronts/oauth-form/paths.ts';
import type { OAuthService } from './fronts/oauth-form/service.ts';
import { type OAuthFormOptions, oauthService } from './fronts/oauth-form/start.ts';
import { oauthOf } from './fronts/oauth-form/state.ts';
import { type Listener, listen } from './http.ts';
import { type Keys, lazyKeys } from './keys.ts';
import type { Endpoint, Middleware, WireRequest, WireResponse } from './wire.ts';

export interface Emulator extends Listener {
  /** Of the fixture service. */
  readonly fixtures: string;
  /** Of the JWK Set that verifies ID tokens. */
  readonly jwks: string;
  /** The issuer of the standard dialect, whose endpoints its metadata tells. */
  readonly issuer: string;
  /** Of the fixture service of the standard dialect. */
  readonly oauthFixtures: string;
  /** The endpoint itself, without a network. */
  readonly answer: Endpoint;
  /** The fixture service without a network: the status and the body of one verb. */
  readonly fixture: (
    verb: string,
    input: object,
  ) => Promise<{ readonly status: number; readonly body: string }>;
}

export interface EmulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly region?: string;
  /** What this endpoint does differently. */
  readonly behaviours?: Partial<Behaviours>;
  /** What stands in front of its operations; neither fixtures nor keys pass it. */
  readonly middleware?: Middleware | undefined;
  /** What is different in the standard dialect. */
  readonly oauth?: OAuthFormOptions;
  /** Emulators that come one after another need not each make their own, which takes a while. */
  readonly keys?: Keys;
}

/** Starts the reference endpoint; rejects with the error of `listen` (such as EADDRINUSE). */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port, host, region = 'us-east-1', behaviours = {}, middleware, keys = lazyKeys(), oauth } = options;
  const service: AwsService = {
    clock: virtualClock(),
    state: emptyState(newAwsState(region)),
    keys,
    behaviours: { ...defaultBehaviours, ...behaviours },
  };
  const bodyLimit = service.behaviours['body-limit']();
  const standard = oauthService(keys, behaviours, oauth);
  const endpoint = endpointOf(service, standard, middleware);
  const { url, close } = await listen(endpoint, { port, host, bodyLimit });
  oauthOf(standard.state).origin = url;
  const answer: Endpoint = (request) =>
    endpoint((request.body?.length ?? 0) > bodyLimit ? { ...request, body: undefined } : request);
  const fixture: Emulator['fixture'] = async (verb, input) => {
    const body = Buffer.from(JSON.stringify(input));
    const path = `${fixturesPath}/${verb}`;
    const request = {
      method: 'POST',
      path,
      query: new URLSearchParams(),
      headers: new Map(),
      body,
      bodyHash: '',
    };
    const answer = await answerFixture(service, request, awsFixtures);
    return { status: answer.status, body: String(answer.body) };
  };
  return {
    url,
    fixtures: url + fixturesPath,
    jwks: url + jwksPath,
    issuer: url + basePath,
    oauthFixtures: url + paths.fixtures,
    answer,
    fixture,
    close,
  };
}

/** What a browser sees; no defect stands in front of it. */
const pages = new Map<string, (service: Service, request: WireRequest) => Promise<WireResponse>>([
  [authorizePath, answerAuthorize],
  [devicePath, answerDevicePage],
]);

/** Each front has a state of its own. The middleware stands in front of AWS alone. */
function endpointOf(
  service: AwsService,
  standard: OAuthService,
  middleware: Middleware | undefined,
): Endpoint {
  const operations: Endpoint = (request) => answerAwsJson(service, request);
  return async (request) => {
    if (isOfOAuth(request.path)) return answerOAuthForm(standard, request).catch(() => serverError(standard));
    try {
      const page = pages.get(request.path);
      if (page) return await page(service, request);
      if (request.path === jwksPath) return await answerJwks(service, request);
      if (request.path.startsWith(`${fixturesPath}/`))
        return await answerFixture(service, request, awsFixtures);
      return await (middleware ? middleware(request, operations) : operations(request));
    } catch {
      return internalServerError(service);
    }
  };
}
