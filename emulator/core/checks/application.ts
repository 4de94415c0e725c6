import type { Check } from '../attempt.ts';
import { refusalFor, wrongRegion } from '../refusal.ts';
import { scopeOfArtefact } from '../scope.ts';

/** What CreateTokenWithIAM asks and CreateToken does not. */
export const applicationChecks = {
  'principal-allowed': ({ principal }) =>
    principal?.allowed === false ? refusalFor('access_denied') : undefined,

  'scope-of-application': ({ client, members: { scope } }) =>
    client && scope?.every((one) => client.scopes.includes(one)) === false
      ? refusalFor('invalid_scope')
      : undefined,

  /** RFC 6749 section 6: nothing that was not granted before. */
  'scope-within-grant': (attempt) => {
    const before = scopeOfArtefact(attempt);
    return before && attempt.members.scope?.every((one) => before.includes(one)) === false
      ? refusalFor('invalid_scope')
      : undefined;
  },

  /** Documented, where CreateToken was observed to answer a plain InvalidRequestException. */
  'refresh-token-usable-here': ({ refreshToken, region }) =>
    refreshToken && refreshToken.region !== region ? wrongRegion(refreshToken.region) : undefined,
} satisfies Record<string, Check>;
