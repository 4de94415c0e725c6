import { invalidRequest, type Refusal } from '../../core/refusal.ts';

/** What AWS says of a refusal beyond RFC 6749. */
export interface AwsRefusal extends Refusal {
  /** The exception to name, where `error` alone does not decide it. */
  readonly exception?: string;
  /** Further members of the error body. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** For a token that only another region can use. */
export const wrongRegion = (region: string): AwsRefusal => ({
  ...invalidRequest('token'),
  exception: 'InvalidRequestRegionException',
  members: { endpoint: `https://oidc.${region}.amazonaws.com`, region },
});
