import type { Members } from './attempt.ts';
import { registrationChecks } from './checks/registration.ts';
import { type Input, wrong } from './fixture-input.ts';
import { attemptOf, type Service, userNamed } from './service.ts';
import type { Client, User } from './state.ts';

/** Of either operation. */
export function knownClient({ state }: Service, input: Input): Client {
  const clientId = input.text('clientId');
  const found = state.clients.get(clientId) ?? state.applications.get(clientId);
  if (!found) throw wrong('clientId', 'is unknown');
  return found;
}

/** What both kinds of clients may not be made with. */
export function checkMetadata(service: Service, wanted: Pick<Members, 'scopes' | 'redirectUris'>): void {
  const attempt = attemptOf(service, 'RegisterClient', wanted);
  if (registrationChecks['redirect-uris-allowed'](attempt))
    throw wrong('redirectUris', 'holds a refused URI');
  if (registrationChecks['scopes-well-formed'](attempt)) throw wrong('scopes', 'holds a malformed scope');
}

/** An application gets what it asks for, so it can only ask for what it has. CreateToken ignores scopes. */
export function scopeOf(client: Client, input: Input): readonly string[] | undefined {
  const scope = input.scope('scope');
  if (scope === undefined || scope.length === 0 || 'secret' in client) return undefined;
  if (!scope.every((one) => client.scopes.includes(one))) throw wrong('scope', 'is more than the client has');
  return scope;
}

/** Who signs in when nobody is named. */
export const defaultSubject = 'user@example.com';

export function subjectOf(service: Service, input: Input): User {
  return userNamed(service, input.optionalText('subject') ?? defaultSubject);
}
