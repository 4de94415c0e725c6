import { awsChecks } from './checks.ts';
import { awsJsonFormat } from './format.ts';
import { identityCenter } from './identity-center.ts';
import { awsIssuance } from './issuance.ts';
import { orderOfChecks } from './order.ts';
import { signatureReading } from './signature.ts';
import { orderOfSignatureChecks, signatureChecks } from './signature-checks.ts';

/** Every single decision of this front by its name: what it reads and writes, and what AWS asks beyond the standards. */
export const awsJsonBehaviours = {
  ...awsJsonFormat,
  ...signatureReading,
  'order-of-signature-checks': orderOfSignatureChecks,
  ...signatureChecks,
  'order-of-checks': orderOfChecks,
  ...awsChecks,
  ...awsIssuance,
  ...identityCenter,
};

export type AwsJsonBehaviours = typeof awsJsonBehaviours;
