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
import { answerOAuthFixture, answerOAuthForm, serverError } from './fronts/oauth-form/oauth-form.ts';
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
  /** The standard dialect: its endpoints are told by the metadata of its issuer. */
  readonly oauth: Pick<Emulator, 'fixtures' | 'jwks' | 'fixture'> & { readonly issuer: string };
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
  const endpoint = endpointOf(service, middleware, oauthEndpoint(standard, oauth?.middleware));
  const { url, close } = await listen(endpoint, { port, host, bodyLimit });
  oauthOf(standard.state).origin = url;
  const answer: Endpoint = (request) =>
    endpoint((request.body?.length ?? 0) > bodyLimit ? { ...request, body: undefined } : request);
  return {
    url,
    fixtures: url + fixturesPath,
    jwks: url + jwksPath,
    answer,
    fixture: withoutNetwork(fixturesPath, (request) => answerFixture(service, request, awsFixtures)),
    oauth: {
      issuer: url + basePath,
      fixtures: url + paths.fixtures,
      jwks: url + paths.jwks,
      fixture: withoutNetwork(paths.fixtures, (request) => answerOAuthFixture(standard, request)),
    },
    close,
  };
}

/** A fixture service that is asked within this process. */
function withoutNetwork(base: string, endpoint: Endpoint): Emulator['fixture'] {
  return async (verb, input) => {
    const { status, body } = await endpoint({
      method: 'POST',
      path: `${base}/${verb}`,
      query: new URLSearchParams(),
      headers: new Map(),
      body: Buffer.from(JSON.stringify(input)),
      bodyHash: '',
    });
    return { status, body: String(body) };
  };
}

/** What a browser sees; no defect stands in front of it. */
const pages = new Map<string, (service: Service, request: WireRequest) => Promise<WireResponse>>([
  [authorizePath, answerAuthorize],
  [devicePath, answerDevicePage],
]);

/** The standard dialect, which has a state of its own. */
function oauthEndpoint(service: OAuthService, middleware: Middleware | undefined): Endpoint {
  const operations: Endpoint = (request) =>
    answerOAuthForm(service, request).catch(() => serverError(service));
  return (request) => {
    if (request.path.startsWith(`${paths.fixtures}/`))
      return answerOAuthFixture(service, request).catch(() => serverError(service));
    return middleware ? middleware(request, operations) : operations(request);
  };
}

function endpointOf(service: AwsService, middleware: Middleware | undefined, standard: Endpoint): Endpoint {
  const operations: Endpoint = (request) => answerAwsJson(service, request);
  return async (request) => {
    if (isOfOAuth(request.path)) return standard(request);
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
