import { assertionGrants } from './assertion-grants.ts';
import { basics } from './basic.ts';
import { clientClaims } from './client-claims.ts';
import { clientCredentials } from './client-credentials.ts';
import { clientSignatures } from './client-signatures.ts';
import { codes } from './codes.ts';
import { consents } from './consents.ts';
import { credentials } from './credentials.ts';
import { standardDeviceAuthorizations } from './device-authorization.ts';
import { devices } from './devices.ts';
import { deviceAnswers, documents, registrationAnswers } from './documents.ts';
import { exactCodes } from './exact-codes.ts';
import { exchanges } from './exchanges.ts';
import { forms } from './forms.ts';
import { frames } from './frames.ts';
import { graces } from './grace.ts';
import { guessableAtOAuth } from './guessable.ts';
import { hostileValues } from './hostile-values.ts';
import { livingTokens } from './living-tokens.ts';
import { publicRefreshes, registeredForMcp, resourcesOfMcp, toldToMcp } from './mcp.ts';
import { namedInTokens } from './named-in-tokens.ts';
import { nobody } from './nobody.ts';
import { passwords } from './passwords.ts';
import { refreshes } from './refreshes.ts';
import { refusals } from './refusals.ts';
import { oauthRegistrations } from './registrations.ts';
import { revocations } from './revocations.ts';
import { secretEnds } from './secret-ends.ts';
import { sharedAnswers, steadily } from './shared-answers.ts';
import { standardIdTokens } from './standard-id-tokens.ts';
import { tokenAnswers } from './successes.ts';
import { toldMetadata } from './told-metadata.ts';

/** What the front of the standards gets wrong, by the classes of all defects. */
export const ofStandards = {
  wire: [
    ...forms,
    ...frames,
    ...hostileValues,
    ...tokenAnswers,
    ...refusals,
    ...documents,
    ...deviceAnswers,
    ...registrationAnswers,
    ...basics,
    ...credentials,
    ...toldMetadata,
    ...toldToMcp,
  ],
  state: [
    ...standardDeviceAuthorizations,
    ...passwords,
    ...exactCodes,
    ...codes,
    ...clientCredentials,
    ...devices,
    ...exchanges,
    ...refreshes,
    ...nobody,
    ...revocations,
    ...consents,
    ...namedInTokens,
    ...oauthRegistrations,
    ...registeredForMcp,
    ...resourcesOfMcp,
    ...publicRefreshes,
  ],
  crypto: [...assertionGrants, ...standardIdTokens, ...clientClaims, ...clientSignatures],
  promises: [...livingTokens, ...graces, ...secretEnds],
  memory: [...sharedAnswers],
  rare: [...guessableAtOAuth, ...steadily],
} as const;
