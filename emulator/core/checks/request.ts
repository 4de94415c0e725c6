import type { Attempt, Check } from '../attempt.ts';
import { invalidRequest, type Refusal, refusalFor } from '../refusal.ts';

/** Is everything there that the operation needs? */
export const requestChecks = {
  'client-id-present': ({ members }) => present(members.client_id, 'client ID'),
  'client-secret-present': ({ members }) => present(members.client_secret, 'client secret'),
  'grant-type-present': ({ members }) => present(members.grant_type, 'grant type'),
  'grant-type-known': ({ grant }) => (grant ? undefined : refusalFor('unsupported_grant_type')),
  'code-present': ({ members }) => present(members.code, 'code'),
  'redirect-uri-present': ({ members }) => present(members.redirect_uri, 'redirect URI'),
  'device-code-present': ({ members }) => present(members.device_code, 'device code'),
  'refresh-token-present': ({ members }) => present(members.refresh_token, 'refresh token'),
  'assertion-present': ({ members }) => present(members.assertion, 'assertion'),
  'subject-token-present': ({ members }) => present(members.subject_token, 'subject token'),
  'subject-token-type-present': ({ members }) => present(members.subject_token_type, 'subject token type'),

  /** Nothing is wrong with any scope: a client gets the one that it was registered with. */
  'scope-acceptable': (_: Attempt): Refusal | undefined => undefined,

  'no-fault-armed': ({ state, operation, members }: Attempt) => {
    const fault = [...state.faults].find(
      (armed) =>
        armed.operation === operation &&
        (armed.clientId === undefined || armed.clientId === members.client_id),
    );
    if (!fault) return undefined;
    fault.left -= 1;
    if (fault.left <= 0) state.faults.delete(fault);
    return fault.refusal;
  },
} satisfies Record<string, Check>;

export function present(value: string | undefined, thing: string): Refusal | undefined {
  return value === undefined ? invalidRequest(thing) : undefined;
}
