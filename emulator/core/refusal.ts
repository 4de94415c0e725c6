/** Why the token service says no, in the words of RFC 6749. A front turns it into a response. */
export interface Refusal {
  readonly error: string;
  /** Printable ASCII without quote and backslash; never anything that came with the request. */
  readonly description: string;
}

export function isRefusal(outcome: object): outcome is Refusal {
  return 'error' in outcome && 'description' in outcome;
}

export const invalidRequest = (thing: string): Refusal => invalid('invalid_request', thing);
export const invalidGrant = (thing: string): Refusal => invalid('invalid_grant', thing);

/** The refusal that stands for an error code when nothing more is known. */
export function refusalFor(error: string): Refusal {
  return { error, description: descriptions[error] ?? 'Invalid request provided' };
}

const invalid = (error: string, thing: string): Refusal => ({
  error,
  description: `Invalid ${thing} provided`,
});

const descriptions: Readonly<Record<string, string>> = {
  access_denied: 'Access is denied',
  authorization_pending: 'Authorization is still pending',
  expired_token: 'Invalid device code provided',
  invalid_client: 'Invalid client provided',
  invalid_client_metadata: 'Invalid client metadata provided',
  invalid_grant: 'Invalid grant provided',
  invalid_redirect_uri: 'Invalid redirect URI provided',
  invalid_scope: 'Invalid scope provided',
  server_error: 'An unexpected error occurred',
  slow_down: 'Invalid polling rate provided',
  unauthorized_client: 'Client is unauthorized',
  unsupported_grant_type: 'Invalid grant type provided',
};
