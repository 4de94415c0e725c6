import type { Check } from '../attempt.ts';
import { refusalFor } from '../refusal.ts';
import { scopeOfArtefact } from '../scope.ts';

/** What `iam_token` asks and `token` does not. */
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
} satisfies Record<string, Check>;
