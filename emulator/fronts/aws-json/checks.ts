import type { Attempt } from '../../core/attempt.ts';
import { present } from '../../core/checks/request.ts';
import { invalidRequest, type Refusal, refusalFor } from '../../core/refusal.ts';
import { parsed } from '../../core/uris.ts';
import { type AwsRefusal, wrongRegion } from './refusal.ts';
import { awsOf, regionOf } from './state.ts';

/** As the core has it, with the members that only AWS knows. */
export interface AwsAttempt extends Attempt {
  readonly members: Attempt['members'] & { readonly start_url?: string; readonly client_type?: string };
}

/** What AWS asks beyond the standards. */
export const awsChecks = {
  'client-name-present': ({ members }) => present(members.client_name, 'client name'),
  'client-type-present': ({ members }) => present(members.client_type, 'client type'),
  'client-type-public': ({ members }) =>
    members.client_type === 'public' ? undefined : refusalFor('invalid_client_metadata'),

  'start-url-present': ({ members }) => present(members.start_url, 'start URL'),
  'start-url-allowed': ({ members }) =>
    members.start_url !== undefined && !startUrlAllowed(members.start_url)
      ? invalidRequest('start URL')
      : undefined,

  /** Observed: not InvalidRequestRegionException. */
  'refresh-token-of-this-region': ({ refreshToken, state }) =>
    refreshToken && regionOf(state, refreshToken.value) !== awsOf(state).region
      ? invalidRequest('token')
      : undefined,

  /** Documented, where CreateToken was observed to answer a plain InvalidRequestException. */
  'refresh-token-usable-here': ({ refreshToken, state }) => usableHere(state, refreshToken),
  'subject-token-of-this-region': ({ subjectToken, state }) => usableHere(state, subjectToken),
} satisfies Record<string, (attempt: AwsAttempt) => Refusal | undefined>;

export type AwsCheckName = keyof typeof awsChecks;

function usableHere(
  state: Attempt['state'],
  token: { readonly value: string } | undefined,
): AwsRefusal | undefined {
  if (token === undefined) return undefined;
  const region = regionOf(state, token.value);
  return region === awsOf(state).region ? undefined : wrongRegion(region);
}

/** A start URL of an access portal or of an instance. */
function startUrlAllowed(uri: string): boolean {
  const url = parsed(uri);
  if (url?.protocol !== 'https:') return false;
  return (
    /\/start\/?$/.test(url.pathname) ||
    (url.host === 'identitycenter.amazonaws.com' && /^\/ssoins-[^/]+\/?$/.test(url.pathname))
  );
}
