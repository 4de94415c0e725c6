import { assertionReading } from './assertion.ts';
import { applicationChecks } from './checks/application.ts';
import { assertionChecks } from './checks/assertion.ts';
import { authorizationCodeChecks } from './checks/authorization-code.ts';
import { clientChecks } from './checks/client.ts';
import { deviceCodeChecks } from './checks/device-code.ts';
import { refreshTokenChecks } from './checks/refresh-token.ts';
import { registrationChecks } from './checks/registration.ts';
import { requestChecks } from './checks/request.ts';
import { subjectTokenChecks } from './checks/subject-token.ts';
import { effects } from './effects.ts';
import { identity } from './identity.ts';
import { issuance } from './issuance.ts';
import { lookup } from './lookup.ts';

/** Every single decision of the service by its name, whatever the dialect. */
export const coreBehaviours = {
  ...assertionReading,
  ...lookup,
  ...requestChecks,
  ...clientChecks,
  ...authorizationCodeChecks,
  ...deviceCodeChecks,
  ...refreshTokenChecks,
  ...registrationChecks,
  ...applicationChecks,
  ...assertionChecks,
  ...subjectTokenChecks,
  ...effects,
  ...issuance,
  ...identity,
};

export type CoreBehaviours = typeof coreBehaviours;
