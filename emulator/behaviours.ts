import { awsJsonFormat } from './aws-json-format.ts';
import { authorizationCodeChecks } from './checks/authorization-code.ts';
import { clientChecks } from './checks/client.ts';
import { deviceCodeChecks } from './checks/device-code.ts';
import { orderOfChecks } from './checks/order.ts';
import { refreshTokenChecks } from './checks/refresh-token.ts';
import { registrationChecks } from './checks/registration.ts';
import { requestChecks } from './checks/request.ts';
import { effects } from './effects.ts';
import { issuance } from './issuance.ts';
import { lookup } from './lookup.ts';

/** Every single decision of the endpoint by its name. A defect is one of them replaced. */
export const defaultBehaviours = {
  ...lookup,
  'order-of-checks': orderOfChecks,
  ...requestChecks,
  ...clientChecks,
  ...authorizationCodeChecks,
  ...deviceCodeChecks,
  ...refreshTokenChecks,
  ...registrationChecks,
  ...effects,
  ...issuance,
  ...awsJsonFormat,
};

export type Behaviours = typeof defaultBehaviours;
