import { assertionReading } from './assertion.ts';
import { awsJsonFormat } from './aws-json-format.ts';
import { applicationChecks } from './checks/application.ts';
import { assertionChecks } from './checks/assertion.ts';
import { authorizationCodeChecks } from './checks/authorization-code.ts';
import { clientChecks } from './checks/client.ts';
import { deviceCodeChecks } from './checks/device-code.ts';
import { orderOfChecks } from './checks/order.ts';
import { refreshTokenChecks } from './checks/refresh-token.ts';
import { registrationChecks } from './checks/registration.ts';
import { requestChecks } from './checks/request.ts';
import { orderOfSignatureChecks, signatureChecks } from './checks/signature.ts';
import { subjectTokenChecks } from './checks/subject-token.ts';
import { effects } from './effects.ts';
import { identity } from './identity-center.ts';
import { issuance } from './issuance.ts';
import { lookup } from './lookup.ts';
import { signatureReading } from './signature.ts';

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
