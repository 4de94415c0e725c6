import { type Accepted, documented, inferred, rejected } from '../../harness/expectation.ts';
import { ofAws } from '../aws/evidence.ts';

/** What several rooms expect, with the evidence for each answer. */

/** An answer that the standards leave room for, and AWS does not give. */
export const ofStandards = (accepted: Accepted): Accepted => ({ ...accepted, dialects: ['oauth-form'] });

export const invalidGrant = rejected('invalid_grant');
export const pendingOrTooFast = rejected('authorization_pending', documented('slow_down', 'RFC 8628 §3.5'));
export const invalidGrantOrTooFast = rejected('invalid_grant', documented('slow_down', 'RFC 8628 §3.5'));

/** No document orders the checks: the client may be what is found wrong, and not the code or token that it brings. */
const wrongClient = ofStandards(inferred('invalid_client', 'the client is not the one of the code or token'));
/** What was issued to another client (RFC 6749 §5.2). */
export const ofAnotherClient = rejected('invalid_grant', wrongClient);
export const ofAnotherClientOrTooFast = rejected(
  'invalid_grant',
  documented('slow_down', 'RFC 8628 §3.5'),
  wrongClient,
);
/** Of a device code that its client has just polled. */
export const ofAnotherClientSoon = rejected(
  'invalid_grant',
  wrongClient,
  ofStandards(documented('slow_down', 'RFC 8628 §3.5')),
);

/** Of codes and assertions; AWS speaks of expired tokens alone. */
export const tooOld = rejected(
  'invalid_grant',
  ofAws(inferred('expired_token', 'AWS documents ExpiredTokenException for an expired token in general')),
);
export const expiredRefreshToken = rejected(
  'invalid_grant',
  ofAws(documented('expired_token', 'AWS: ExpiredTokenException, "issued by the service is expired"')),
);

/** What is no assertion may be refused for that alone. */
export const noAssertion = rejected('invalid_grant', inferred('invalid_request', 'a malformed parameter'));

/** RFC 8693 §2.2.2 says invalid_request of a bad subject token; AWS documents invalid_grant for a bad grant. */
export const badSubject = rejected(
  'invalid_request',
  ofAws(documented('invalid_grant', 'AWS: InvalidGrantException, a request contains an invalid grant')),
);
export const expiredSubject = rejected(
  'invalid_request',
  documented('invalid_grant', 'RFC 6749 §5.2'),
  ofAws(documented('expired_token', 'AWS: ExpiredTokenException')),
);
