import { sameSecret } from '../../secrets.ts';
import type { SignatureAttempt, SignatureCheck } from './signature.ts';
import {
  expiredToken,
  incompleteSignature,
  invalidSignature,
  missingToken,
  type Unmodelled,
  unrecognizedClient,
} from './unmodelled.ts';

/** Is the request signed by somebody we know? Signature Version 4, header variant. */
export const signatureChecks = {
  'authorization-present': ({ authorization }) => (authorization.length > 0 ? undefined : missingToken),

  'authorization-once': ({ authorization }) =>
    authorization.length > 1 ? incompleteSignature('Authorization header must be sent once') : undefined,

  'authorization-well-formed': ({ authorization, claim }) =>
    authorization.length > 0 && !claim
      ? incompleteSignature('Authorization header requires Credential, SignedHeaders and Signature')
      : undefined,

  'access-key-known': ({ claim, credentials }) => (claim && !credentials ? unrecognizedClient : undefined),

  'scope-date-right': ({ claim, amzDate }) =>
    claim && amzDate !== undefined && !amzDate.startsWith(claim.date)
      ? invalidSignature('Credential should be scoped to the date of X-Amz-Date')
      : undefined,

  'scope-region-right': ({ claim, region }) =>
    claim && claim.region !== region
      ? invalidSignature('Credential should be scoped to a valid region')
      : undefined,

  'scope-service-right': ({ claim }) =>
    claim && claim.service !== 'sso-oauth'
      ? invalidSignature('Credential should be scoped to correct service')
      : undefined,

  'scope-terminator-right': ({ claim }) =>
    claim && claim.terminator !== 'aws4_request'
      ? invalidSignature('Credential should be scoped with a valid terminator')
      : undefined,

  'amz-date-present': ({ amzDate }) =>
    amzDate === undefined ? incompleteSignature('Request requires an X-Amz-Date header') : undefined,

  'amz-date-well-formed': ({ amzDate }) =>
    amzDate !== undefined && Number.isNaN(timeOf(amzDate))
      ? incompleteSignature('X-Amz-Date must be in ISO-8601 basic format')
      : undefined,

  'amz-date-not-too-early': ({ amzDate, now }) =>
    amzDate !== undefined && now - timeOf(amzDate) > tolerance
      ? invalidSignature('Signature expired')
      : undefined,

  'amz-date-not-too-late': ({ amzDate, now }) =>
    amzDate !== undefined && timeOf(amzDate) - now > tolerance
      ? invalidSignature('Signature not yet current')
      : undefined,

  'host-signed': ({ claim }) => signed(claim, 'host'),

  'amz-date-signed': ({ claim }) => signed(claim, 'x-amz-date'),

  'security-token-signed': ({ claim, securityToken }) =>
    securityToken === undefined ? undefined : signed(claim, 'x-amz-security-token'),

  /** A promise about the body is no hash of it: `UNSIGNED-PAYLOAD` is refused too. */
  'content-sha256-right': ({ contentSha256, request }) =>
    contentSha256 !== undefined && contentSha256 !== request.bodyHash
      ? invalidSignature('X-Amz-Content-Sha256 must be the hash of the payload')
      : undefined,

  'session-token-right': ({ credentials, securityToken }) =>
    credentials && !sameSecret(credentials.sessionToken, securityToken ?? '')
      ? unrecognizedClient
      : undefined,

  'session-token-not-expired': ({ credentials, now }) =>
    credentials && now >= credentials.expiresAt ? expiredToken : undefined,

  'signature-right': ({ claim, expected }) =>
    claim && expected !== undefined && !sameSecret(expected, claim.signature)
      ? invalidSignature('The request signature does not match the one that was calculated')
      : undefined,
} satisfies Record<string, SignatureCheck>;

export type SignatureCheckName = keyof typeof signatureChecks;

/** The signature itself comes last: its own check can say no more than that something differs. */
export function orderOfSignatureChecks(): readonly SignatureCheckName[] {
  return [
    'authorization-present',
    'authorization-once',
    'authorization-well-formed',
    'access-key-known',
    'scope-date-right',
    'scope-region-right',
    'scope-service-right',
    'scope-terminator-right',
    'amz-date-present',
    'amz-date-well-formed',
    'amz-date-not-too-early',
    'amz-date-not-too-late',
    'host-signed',
    'amz-date-signed',
    'security-token-signed',
    'content-sha256-right',
    'session-token-right',
    'session-token-not-expired',
    'signature-right',
  ];
}

/** Milliseconds. */
const tolerance = 300_000;

/** NaN when it is not of the form 20150830T123600Z. */
function timeOf(amzDate: string): number {
  const [, ...parts] = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(amzDate) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function signed(claim: SignatureAttempt['claim'], name: string): Unmodelled | undefined {
  return claim && !claim.signedHeaders.includes(name)
    ? invalidSignature(`${name} must be a signed header`)
    : undefined;
}
