import type { Variant } from '../variant.ts';
import { answerVariants } from './answers.ts';
import { authenticationVariants, registrationVariants } from './authentication.ts';
import { clientVariants } from './clients.ts';
import { deviceVariants } from './device.ts';
import { errorVariants } from './errors.ts';
import { grantVariants } from './grants.ts';
import { idTokenVariants } from './id-tokens.ts';
import { identityVariants } from './identity.ts';
import { mcpVariants } from './mcp.ts';
import { metadataVariants } from './metadata.ts';
import { passwordVariants } from './passwords.ts';
import { policyVariants } from './policies.ts';
import { reading } from './reading.ts';
import { refreshVariants } from './refresh.ts';
import { requestVariants } from './requests.ts';
import { tokenVariants } from './tokens.ts';
import { wireVariants } from './wire.ts';

/** Conformant ways to be different at the standard endpoint. */
export const oauthVariants: readonly Variant[] = [
  ...answerVariants,
  ...errorVariants,
  ...requestVariants,
  ...clientVariants,
  ...authenticationVariants,
  ...registrationVariants,
  ...tokenVariants,
  ...grantVariants,
  ...refreshVariants,
  ...deviceVariants,
  ...identityVariants,
  ...metadataVariants,
  ...wireVariants,
  ...policyVariants,
  ...idTokenVariants,
  ...passwordVariants,
  ...reading,
  ...mcpVariants,
];
