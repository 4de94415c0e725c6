import type { Attempt, Check } from '../attempt.ts';
import { invalidRequest, type Refusal, refusalFor } from '../refusal.ts';

/** Is everything there that the operation needs? */
export const requestChecks = {
  'client-id-present': ({ members }) => present(members.clientId, 'client ID'),
  'client-secret-present': ({ members }) => present(members.clientSecret, 'client secret'),
  'grant-type-present': ({ members }) => present(members.grantType, 'grant type'),
  'grant-type-known': ({ grant }) => (grant ? undefined : refusalFor('unsupported_grant_type')),
  'code-present': ({ members }) => present(members.code, 'code'),
  'redirect-uri-present': ({ members }) => present(members.redirectUri, 'redirect URI'),
  'device-code-present': ({ members }) => present(members.deviceCode, 'device code'),
  'refresh-token-present': ({ members }) => present(members.refreshToken, 'refresh token'),
  'assertion-present': ({ members }) => present(members.assertion, 'assertion'),
  'subject-token-present': ({ members }) => present(members.subjectToken, 'subject token'),
  'subject-token-type-present': ({ members }) => present(members.subjectTokenType, 'subject token type'),
  'start-url-present': ({ members }) => present(members.startUrl, 'start URL'),
  'client-name-present': ({ members }) => present(members.clientName, 'client name'),
  'client-type-present': ({ members }) => present(members.clientType, 'client type'),

  /** CreateToken: "has no effect", whatever it says. */
  'scope-acceptable': (_: Attempt): Refusal | undefined => undefined,

  'no-fault-armed': ({ state, operation, members }: Attempt) => {
    const fault = [...state.faults].find(
      (armed) =>
        armed.operation === operation &&
        (armed.clientId === undefined || armed.clientId === members.clientId),
    );
    if (!fault) return undefined;
    fault.left -= 1;
    if (fault.left <= 0) state.faults.delete(fault);
    return fault.refusal;
  },
} satisfies Record<string, Check>;

function present(value: string | undefined, thing: string): Refusal | undefined {
  return value === undefined ? invalidRequest(thing) : undefined;
}
