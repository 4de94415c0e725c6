import type { Members } from '../../core/attempt.ts';
import { iamGrantTypes } from '../../core/lookup.ts';
import type { Application } from '../../core/state.ts';
import { checkMetadata } from '../../fixtures/clients.ts';
import type { Verb, Verbs } from '../../fixtures/fixtures.ts';
import { type Input, wrong } from '../../fixtures/input.ts';
import { assertion, subjectToken } from '../../fixtures/presented.ts';
import {
  authorizationCode,
  client,
  clock,
  deviceDecision,
  expiring,
  refreshToken,
} from '../../fixtures/verbs.ts';
import type { JsonObject } from '../../wire.ts';
import { fault } from './fault.ts';
import type { AwsService } from './service.ts';
import { awsOf, type Credentials } from './state.ts';

/** What the fixture service makes for this front. */
export const awsFixtures: Verbs<AwsService> = new Map<string, Verb<AwsService>>([
  [
    'client',
    (service, input) => (input.optionalText('auth') === 'iam' ? application : client)(service, input),
  ],
  ['authorization-code', authorizationCode],
  ['device-decision', deviceDecision],
  ['refresh-token', ofRegion('refreshToken', refreshToken)],
  [
    'expire',
    expiring({
      sessionToken: (state, value) =>
        [...awsOf(state).credentials.values()].find(({ sessionToken }) => sessionToken === value),
    }),
  ],
  ['fault', fault],
  ['clock', clock],
  ['assertion', assertion],
  ['subject-token', ofRegion('subjectToken', subjectToken)],
  ['credentials', credentials],
]);

/** A token may be that of another region, which alone can use it. */
function ofRegion(member: string, verb: (service: AwsService, input: Input) => JsonObject): Verb<AwsService> {
  return (service, input) => {
    const region = input.optionalText('region');
    const made = verb(service, input);
    if (region !== undefined) awsOf(service.state).regions.set(String(made[member]), region);
    return made;
  };
}

/** `client` with auth `iam`. */
function application(service: AwsService, input: Input): JsonObject {
  const wanted = {
    grant_types: input.list('grantTypes'),
    scope: input.optionalList('scopes'),
    redirect_uris: input.optionalList('redirectUris'),
  };
  if (!wanted.grant_types.every((one) => iamGrantTypes.some((known) => known === one)))
    throw wrong('grantTypes', 'names an unknown grant');
  checkMetadata(service, wanted);
  return { clientId: addApplication(service, wanted).id };
}

function addApplication(
  { behaviours: b, state }: AwsService,
  wanted: Pick<Members, 'grant_types' | 'scope' | 'redirect_uris'>,
): Application {
  const id = b['new-application-id'](state);
  const application: Application = {
    id,
    audience: `audience-of-${id.slice(id.lastIndexOf('/') + 1)}`,
    grantTypes: wanted.grant_types ?? [],
    scopes: wanted.scope ?? b['default-application-scopes'](),
    redirectUris: wanted.redirect_uris ?? [],
  };
  state.applications.set(id, application);
  return application;
}

function credentials(service: AwsService, input: Input): JsonObject {
  const { accessKeyId, secretAccessKey, sessionToken } = addCredentials(service, input.flag('allowed'));
  return { accessKeyId, secretAccessKey, sessionToken };
}

function addCredentials({ behaviours: b, state, clock }: AwsService, allowed: boolean): Credentials {
  const credentials: Credentials = {
    accessKeyId: b['new-access-key-id'](),
    secretAccessKey: b['new-secret-access-key'](),
    sessionToken: b['new-session-token'](),
    allowed,
    expiresAt: clock.now() + b['session-token-lifetime']() * 1000,
  };
  awsOf(state).credentials.set(credentials.accessKeyId, credentials);
  return credentials;
}
