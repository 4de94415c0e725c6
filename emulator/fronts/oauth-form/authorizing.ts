import type { ChallengeMethod } from '../../core/state.ts';
import { scopeToken } from './grant-checks.ts';
import type { OAuthClient } from './state.ts';
import { isTarget, targetsOf } from './targets.ts';

/** Of a request whose client and redirect URI are known to belong together. */
export interface Wanted {
  readonly client: OAuthClient;
  /** Where the answer goes. */
  readonly redirectUri: string;
  readonly parameters: URLSearchParams;
  /** How its challenge will be compared; undefined where it cannot be. */
  readonly challengeMethod: ChallengeMethod | undefined;
}

type Problem = Readonly<Record<'error' | 'error_description', string>>;

const refused = (error: string, error_description: string): Problem => ({ error, error_description });

/** What the authorization endpoint decides. */
export const authorizing = {
  /** Never says anything that came with the request. */
  'authorization-problem': ({ client, parameters, challengeMethod }: Wanted): Problem | undefined => {
    const value = (name: string) => parameters.get(name) ?? '';
    if (once.some((name) => parameters.getAll(name).length > 1))
      return refused('invalid_request', 'A parameter is there more than once');
    for (const [name, error] of unsupported)
      if (parameters.has(name)) return refused(error, 'A parameter is not supported');
    if (value('response_type') === '') return refused('invalid_request', 'The response_type is missing');
    if (value('response_type') !== 'code')
      return refused('unsupported_response_type', 'The response_type must be code');
    if (!client.grantTypes.includes('authorization_code'))
      return refused('unauthorized_client', 'The client is not registered for authorization_code');
    if (parameters.has('response_mode') && value('response_mode') !== 'query')
      return refused('invalid_request', 'The response_mode must be query');
    // RFC 9700 section 2.1.1.
    if (client.method === 'none' && value('code_challenge') === '')
      return refused('invalid_request', 'The code_challenge is missing');
    if (parameters.has('code_challenge') && challengeMethod === undefined)
      return refused('invalid_request', 'The code_challenge_method must be S256');
    if (challengeMethod === 'S256' && !/^[\w-]{43}$/.test(value('code_challenge')))
      return refused('invalid_request', 'The code_challenge is no base64url of a SHA-256');
    if (parameters.has('max_age') && !/^\d+$/.test(value('max_age')))
      return refused('invalid_request', 'The max_age must be a number of seconds');
    if (parameters.get('prompt')?.split(' ').includes('none') && value('prompt') !== 'none')
      return refused('invalid_request', 'The prompt none must be alone');
    if (
      parameters.has('scope') &&
      !value('scope')
        .split(' ')
        .every((one) => scopeToken.test(one))
    )
      return refused('invalid_scope', 'The scope is malformed');
    if (!targetsOf({ resource: parameters.getAll('resource') }).every(isTarget))
      return refused('invalid_target', 'The resource is not one that is served');
    return undefined;
  },

  /**
   * What a challenge is compared by. RFC 7636 section 4.3: without a method it would be a plain one, which is not offered
   * (section 7.2).
   */
  'challenge-method': (asked: string | undefined): ChallengeMethod | undefined =>
    asked === 'S256' ? asked : undefined,

  /** OpenID Connect Core section 3.1.2.1: what the client may not have is left out, which the token response tells. */
  'authorized-scope': ({ client, parameters }: Wanted, byDefault: readonly string[]): readonly string[] => {
    const asked = parameters.get('scope')?.split(' ');
    return asked ? [...new Set(asked.filter((one) => client.scopes.includes(one)))] : byDefault;
  },
};

/** OpenID Connect Core sections 3.1.2.6 and 7.2.1. */
const unsupported = [
  ['request', 'request_not_supported'],
  ['request_uri', 'request_uri_not_supported'],
  ['registration', 'registration_not_supported'],
] as const;

/** RFC 6749 section 3.1. */
const once = [
  ...['response_type', 'state', 'scope', 'code_challenge', 'code_challenge_method', 'nonce', 'prompt'],
  ...['max_age', 'response_mode'],
];
