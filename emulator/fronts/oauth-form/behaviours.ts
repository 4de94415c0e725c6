import { oauthAnswers } from './answers.ts';
import { authorizing } from './authorizing.ts';
import { clientAssertionReading } from './client-assertion.ts';
import { clientAssertionChecks } from './client-assertion-checks.ts';
import { oauthClientChecks } from './client-checks.ts';
import { clientDocuments } from './client-documents.ts';
import { oauthCoreChecks } from './core-checks.ts';
import { credentialReading } from './credentials.ts';
import { oauthDecisions } from './decisions.ts';
import { formReading } from './form.ts';
import { oauthGrantChecks } from './grant-checks.ts';
import { metadata } from './metadata.ts';
import { authenticationOf, orderOfOAuthChecks } from './order.ts';
import { naming } from './paths.ts';
import { registrationMetadataChecks } from './registration-checks.ts';
import { tokenDecisions } from './token-decisions.ts';

/** Every single decision of this front by its name: what it reads and writes, and where it asks otherwise than AWS. */
export const oauthFormBehaviours = {
  ...naming,
  ...formReading,
  ...credentialReading,
  ...clientAssertionReading,
  ...clientDocuments,
  'order-of-checks': orderOfOAuthChecks,
  'order-of-authentication': authenticationOf,
  ...oauthClientChecks,
  ...clientAssertionChecks,
  ...oauthCoreChecks,
  ...oauthGrantChecks,
  ...registrationMetadataChecks,
  ...oauthDecisions,
  ...oauthAnswers,
  ...metadata,
  ...authorizing,
  ...tokenDecisions,
};

export type OAuthFormBehaviours = typeof oauthFormBehaviours;
