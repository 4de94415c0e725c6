import { invalidRequest, type Refusal, refusalFor } from '../../core/refusal.ts';
import type { OAuthCheck } from './attempt.ts';
import { secretMethods } from './methods.ts';

/** Who asks, by the one method that the client has registered (RFC 6749 section 2.3). */
export const oauthClientChecks = {
  /** RFC 6749 section 2.3: not more than one method in each request. */
  'one-method-only': ({ presented }) =>
    presented.means > 1 ? invalidRequest('client authentication, by more than one method,') : undefined,

  'credentials-readable': ({ presented }) => refuseIf(presented.method === 'unreadable'),

  'client-identified': ({ presented }) => refuseIf(presented.clientId === undefined),

  /** RFC 6749 section 2.3.1, RFC 7521 section 4.2: what names the client twice names one client. */
  'client-named-once': ({ presented }) => {
    if (presented.names.length < 2) return undefined;
    return presented.method === 'assertion' ? refusalFor('invalid_client') : invalidRequest('client ID');
  },

  'method-as-registered': ({ client, presented: { method } }) => {
    if (!client) return undefined;
    const byAssertion = client.method === 'private_key_jwt' || client.method === 'client_secret_jwt';
    return refuseIf(byAssertion ? method !== 'assertion' : method !== client.method, client.method);
  },

  /** RFC 6749 section 4.4: nothing but its authentication vouches for the client. */
  'client-confidential': ({ client }) =>
    client?.method === 'none' ? refusalFor('unauthorized_client') : undefined,

  /** Of a client without a secret there is none that could expire. */
  'oauth-secret-not-expired': ({ client, now }) =>
    refuseIf(client !== undefined && secretMethods.includes(client.method) && now >= client.secretExpiresAt),
} satisfies Record<string, OAuthCheck>;

function refuseIf(wrong: boolean, method?: string): Refusal | undefined {
  if (!wrong) return undefined;
  const refusal = refusalFor('invalid_client');
  return method === undefined
    ? refusal
    : {
        ...refusal,
        description: `Invalid client authentication provided: the client is registered for ${method}`,
      };
}
