import { accessTokenType } from './checks/subject-token.ts';
import { checkMetadata, defaultSubject, scopeOf, subjectOf } from './fixture-clients.ts';
import { type Input, wrong } from './fixture-input.ts';
import { signedJwt, unsecuredJwt } from './jws.ts';
import { iamGrantTypes } from './lookup.ts';
import { type Service, userNamed } from './service.ts';
import type { Application } from './state.ts';
import { assertionClaims } from './trusted-issuer.ts';
import type { JsonObject } from './wire.ts';
import { addApplication, addCredentials, addSubjectToken } from './with-iam.ts';

/** `client` with auth `iam`. */
export function application(service: Service, input: Input): JsonObject {
  const wanted = {
    grantTypes: input.list('grantTypes'),
    scopes: input.optionalList('scopes'),
    redirectUris: input.optionalList('redirectUris'),
  };
  if (!wanted.grantTypes.every((one) => iamGrantTypes.some((known) => known === one)))
    throw wrong('grantTypes', 'names an unknown grant');
  checkMetadata(service, wanted);
  return { clientId: addApplication(service, wanted).id };
}

export async function assertion(service: Service, input: Input): Promise<JsonObject> {
  const { audience } = knownApplication(service, input);
  const signer = input.oneOf('signedBy', ['trusted', 'untrusted', 'nobody']);
  const subject = input.optionalText('subject') ?? defaultSubject;
  const changes = input.optionalObject('claims') ?? {};
  userNamed(service, subject);
  const claims = merged(assertionClaims(subject, audience, service.clock.now()), changes);
  const value = await sign[signer](service, claims);
  service.state.assertions.set(value, { expiresAt: Number.POSITIVE_INFINITY });
  return { assertion: value };
}

const sign = {
  trusted: async ({ keys }: Service, claims: JsonObject) => signedJwt(claims, await keys.trustedIssuer()),
  untrusted: async ({ keys }: Service, claims: JsonObject) => signedJwt(claims, await keys.untrustedIssuer()),
  nobody: async (_: Service, claims: JsonObject) => unsecuredJwt(claims),
};

export function subjectToken(service: Service, input: Input): JsonObject {
  const client = knownApplication(service, input);
  const { value } = addSubjectToken(service, {
    clientId: client.id,
    scope: scopeOf(client, input),
    user: subjectOf(service, input),
    region: input.optionalText('region') ?? service.region,
  });
  return { subjectToken: value, subjectTokenType: accessTokenType };
}

export function credentials(service: Service, input: Input): JsonObject {
  const { accessKeyId, secretAccessKey, sessionToken } = addCredentials(service, input.flag('allowed'));
  return { accessKeyId, secretAccessKey, sessionToken };
}

function knownApplication({ state }: Service, input: Input): Application {
  const found = state.applications.get(input.text('clientId'));
  if (!found) throw wrong('clientId', 'is not that of an application');
  return found;
}

function merged(claims: JsonObject, changes: JsonObject): JsonObject {
  const entries = Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== null);
  return Object.fromEntries(entries);
}
