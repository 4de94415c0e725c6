import { assertionReading } from './core/assertion.ts';
import { applicationChecks } from './core/checks/application.ts';
import { assertionChecks } from './core/checks/assertion.ts';
import { authorizationCodeChecks } from './core/checks/authorization-code.ts';
import { clientChecks } from './core/checks/client.ts';
import { deviceCodeChecks } from './core/checks/device-code.ts';
import { orderOfChecks } from './core/checks/order.ts';
import { refreshTokenChecks } from './core/checks/refresh-token.ts';
import { registrationChecks } from './core/checks/registration.ts';
import { requestChecks } from './core/checks/request.ts';
import { subjectTokenChecks } from './core/checks/subject-token.ts';
import { effects } from './core/effects.ts';
import { issuance } from './core/issuance.ts';
import { lookup } from './core/lookup.ts';
import { awsJsonFormat } from './fronts/aws-json/format.ts';
import { identity } from './fronts/aws-json/identity-center.ts';
import { signatureReading } from './fronts/aws-json/signature.ts';
import { orderOfSignatureChecks, signatureChecks } from './fronts/aws-json/signature-checks.ts';

/** Every single decision of the endpoint by its name. A defect is one of them replaced. */
export const defaultBehaviours = {
  ...signatureReading,
  'order-of-signature-checks': orderOfSignatureChecks,
  ...signatureChecks,
  ...assertionReading,
  ...lookup,
  'order-of-checks': orderOfChecks,
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
  ...awsJsonFormat,
};

export type Behaviours = typeof defaultBehaviours;
