import { randomBytes } from 'node:crypto';
import type { Principal, State } from '../../core/state.ts';

/** What this front remembers besides the core. */
export interface AwsState {
  readonly region: string;
  /** The IAM Identity Center instance that the applications belong to, `ssoins-…`. */
  readonly instance: string;
  /** By access key. */
  readonly credentials: Map<string, Credentials>;
  /** Of tokens that were issued elsewhere, by their values. */
  readonly regions: Map<string, string>;
}

/** What signs a request. */
export interface Credentials extends Principal {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  expiresAt: number;
}

export function newAwsState(region: string): AwsState {
  return {
    region,
    instance: `ssoins-${randomBytes(8).toString('hex')}`,
    credentials: new Map(),
    regions: new Map(),
  };
}

export const awsOf = ({ ofFront }: State): AwsState => ofFront as AwsState;

/** Where a token can be used. */
export function regionOf(state: State, token: string): string {
  const { region, regions } = awsOf(state);
  return regions.get(token) ?? region;
}
