import { assertions } from './crypto/assertions.ts';
import { idTokens } from './crypto/id-tokens.ts';
import { refreshedIdTokens } from './crypto/refreshed-id-tokens.ts';
import { signatures } from './crypto/signatures.ts';
import { subjectTokens } from './crypto/subject-tokens.ts';
import type { Defect } from './defect.ts';
import { comparisons } from './memory/comparisons.ts';
import { kept } from './memory/kept.ts';
import { keptSignatures } from './memory/signatures.ts';
import { values } from './memory/values.ts';
import { devicePromises } from './promises/device-codes.ts';
import { lifetimes } from './promises/lifetimes.ts';
import { race } from './race.ts';
import { rare } from './rare.ts';
import { applications } from './state/application.ts';
import { authorizationCodes } from './state/authorization-code.ts';
import { clients } from './state/client.ts';
import { deviceAuthorizations } from './state/device-authorization.ts';
import { deviceCodes } from './state/device-code.ts';
import { devicePolling } from './state/device-polling.ts';
import { families } from './state/families.ts';
import { generations } from './state/generations.ts';
import { grantTypes } from './state/grant-type.ts';
import { interplay } from './state/interplay.ts';
import { pkce } from './state/pkce.ts';
import { refreshTokens } from './state/refresh-token.ts';
import { registrations } from './state/registration.ts';
import { replicas } from './state/replicas.ts';
import { retries } from './state/retries.ts';
import { tenants } from './state/tenants.ts';
import { bodies } from './wire/bodies.ts';
import { encoders } from './wire/encoders.ts';
import { errors } from './wire/errors.ts';
import { exceptions } from './wire/exceptions.ts';
import { headers } from './wire/headers.ts';
import { members } from './wire/members.ts';
import { requests } from './wire/requests.ts';
import { successes } from './wire/successes.ts';

/** Every seeded defect by its class. */
const classes = {
  /** Between a right decision and the response that says it, or in how a request is read. */
  wire: [...exceptions, ...errors, ...successes, ...members, ...bodies, ...headers, ...requests, ...encoders],
  /** What is forgotten, mixed up or never checked. */
  state: [
    ...authorizationCodes,
    ...pkce,
    ...clients,
    ...grantTypes,
    ...deviceCodes,
    ...devicePolling,
    ...refreshTokens,
    ...registrations,
    ...deviceAuthorizations,
    ...applications,
    ...interplay,
    ...generations,
    ...families,
    ...retries,
    ...replicas,
    ...tenants,
  ],
  /** Signatures, assertions, subject tokens and ID tokens. */
  crypto: [...signatures, ...assertions, ...subjectTokens, ...idTokens, ...refreshedIdTokens],
  /** What an answer promises and nobody keeps: lifetimes, intervals, moments of expiry. */
  promises: [...devicePromises, ...lifetimes],
  /** What a cache, a truncated key, a normalised comparison or an encoder hides. */
  memory: [...kept, ...keptSignatures, ...comparisons, ...values],
  /** Two requests at the same time. */
  race,
  /** Few requests only, or visible in many responses only. */
  rare,
} satisfies Record<string, readonly Defect[]>;

export type DefectClass = keyof typeof classes;

export const defects: readonly (Defect & { readonly class: DefectClass })[] = Object.entries(classes).flatMap(
  ([name, rows]) => rows.map((defect) => ({ ...defect, class: name as DefectClass })),
);
