import type { DialectName } from '../../specs/read.ts';
import { coreBehaviours } from '../core/behaviours.ts';
import { oauthFormBehaviours } from '../fronts/oauth-form/behaviours.ts';
import { answeredAgain } from './aws-json/answered-again.ts';
import { bodies } from './aws-json/bodies.ts';
import { breakdowns } from './aws-json/breakdowns.ts';
import {
  awsDeviceAuthorizations,
  keptDevices,
  statedDevicePromises,
} from './aws-json/device-authorization.ts';
import { encoders } from './aws-json/encoders.ts';
import { errors } from './aws-json/errors.ts';
import { exceptions } from './aws-json/exceptions.ts';
import { headers } from './aws-json/headers.ts';
import { identities } from './aws-json/identity.ts';
import { keptSignatures } from './aws-json/kept-signatures.ts';
import { givenAgain, laterAnswers } from './aws-json/later-answers.ts';
import { members } from './aws-json/members.ts';
import { misplaced } from './aws-json/misplaced.ts';
import { foreignSubjectTokens, regions } from './aws-json/regions.ts';
import { awsRegistrations, keptRegistrations, statedSecretLives } from './aws-json/registration.ts';
import { requests } from './aws-json/requests.ts';
import { signatures } from './aws-json/signatures.ts';
import { successes } from './aws-json/successes.ts';
import { applications } from './core/application.ts';
import { assertions } from './core/assertions.ts';
import { authorizationCodes } from './core/authorization-code.ts';
import { clients } from './core/client.ts';
import { comparisons } from './core/comparisons.ts';
import { deviceAuthorizations } from './core/device-authorization.ts';
import { deviceCodes } from './core/device-code.ts';
import { devicePolling } from './core/device-polling.ts';
import { devicePromises } from './core/device-promises.ts';
import { families } from './core/families.ts';
import { counted, forgetting } from './core/forgetting.ts';
import { generations } from './core/generations.ts';
import { grantTypes } from './core/grant-type.ts';
import { guessable } from './core/guessable.ts';
import { idTokens } from './core/id-tokens.ts';
import { interplay } from './core/interplay.ts';
import { kept } from './core/kept.ts';
import { lifetimes } from './core/lifetimes.ts';
import { nonces } from './core/nonces.ts';
import { pkce } from './core/pkce.ts';
import { race } from './core/race.ts';
import { refreshTokens } from './core/refresh-token.ts';
import { refreshedIdTokens } from './core/refreshed-id-tokens.ts';
import { registrations } from './core/registration.ts';
import { replicas } from './core/replicas.ts';
import { retries } from './core/retries.ts';
import { subjectTokens } from './core/subject-tokens.ts';
import { tenants } from './core/tenants.ts';
import { values } from './core/values.ts';
import type { Change, Defect } from './defect.ts';

/**
 * Every seeded defect by its class. Those in `core/` replace decisions of the service, whatever the dialect; those in
 * the folder of a front stand on its wire, or in what it asks beyond the standards.
 */
const classes = {
  /** Between a right decision and the response that says it, or in how a request is read. */
  wire: [
    ...exceptions,
    ...errors,
    ...successes,
    ...members,
    ...bodies,
    ...headers,
    ...requests,
    ...encoders,
    ...nonces,
  ],
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
    ...regions,
    ...misplaced,
    ...awsRegistrations,
    ...awsDeviceAuthorizations,
    ...laterAnswers,
    ...answeredAgain,
    ...interplay,
    ...generations,
    ...families,
    ...retries,
    ...replicas,
    ...tenants,
  ],
  /** Signatures, assertions, subject tokens and ID tokens. */
  crypto: [
    ...signatures,
    ...assertions,
    ...subjectTokens,
    ...foreignSubjectTokens,
    ...idTokens,
    ...refreshedIdTokens,
    ...identities,
  ],
  /** What an answer promises and nobody keeps: lifetimes, intervals, moments of expiry. */
  promises: [...devicePromises, ...statedDevicePromises, ...lifetimes, ...statedSecretLives],
  /** What a cache, a truncated key, a normalised comparison or an encoder hides. */
  memory: [...kept, ...keptDevices, ...keptRegistrations, ...keptSignatures, ...comparisons, ...values],
  /** Two requests at the same time. */
  race,
  /** Few requests only, or visible in many responses only. */
  rare: [...breakdowns, ...counted, ...guessable, ...givenAgain, ...forgetting],
} satisfies Record<string, readonly Defect[]>;

export type DefectClass = keyof typeof classes;

/** Where the emulator can be wrong so. */
export interface Seeded extends Defect {
  readonly class: DefectClass;
  readonly dialects: readonly DialectName[];
}

export const defects: readonly Seeded[] = Object.entries(classes).flatMap(([name, rows]) =>
  rows.map((defect) => ({
    ...defect,
    class: name as DefectClass,
    dialects: dialectsOf(defect).filter((one) => livesIn(one, defect)),
  })),
);

/** Where a change can be made: what both fronts leave to the core changes both. */
export function dialectsOf({ behaviours, oauth }: Change): readonly DialectName[] {
  if (oauth) return ['oauth-form'];
  const replaced = Object.keys(behaviours?.() ?? {});
  return replaced.length > 0 && replaced.every(isShared) ? ['aws-json', 'oauth-form'] : ['aws-json'];
}

/** Whether both fronts leave a decision to the core. What a refresh token looks like is nobody's affair. */
/** The standards have no signed operation. */
function livesIn(dialect: DialectName, { at, only }: Defect): boolean {
  if (only !== undefined) return only === dialect;
  return dialect === 'aws-json' || at.some((one) => one !== 'iam_token');
}

function isShared(name: string): boolean {
  const isOpaque = name === 'new-refresh-token';
  return Object.hasOwn(coreBehaviours, name) && (isOpaque || !Object.hasOwn(oauthFormBehaviours, name));
}
