import { readPartitions } from '../../../specs/read.ts';
import { UserError } from '../../problem.ts';

/** Where a service of AWS is. */
export interface Region {
  readonly region?: string;
  readonly fips?: boolean;
  readonly dualstack?: boolean;
  /** An endpoint of one's own, which FIPS and dual-stack cannot be asked of. */
  readonly endpoint?: string;
}

/**
 * The endpoint of IAM Identity Center OIDC in a region, by AWS's own endpoint rules.
 *
 * @throws {UserError} with the reason that the rules give
 */
export function awsEndpoint({ region, fips = false, dualstack = false, endpoint }: Region): string {
  if (endpoint !== undefined) {
    if (fips) throw new UserError('Invalid Configuration: FIPS and custom endpoint are not supported');
    if (dualstack)
      throw new UserError('Invalid Configuration: Dualstack and custom endpoint are not supported');
    return endpoint;
  }
  if (region === undefined) throw new UserError('Invalid Configuration: Missing Region');
  const partitions = readPartitions();
  const partition = partitions.find(({ regions }) => new RegExp(regions).test(region)) ?? partitions[0];
  if (partition === undefined) throw new Error('specs/partitions.yaml names no partition');
  const host = fips && !(partition.fipsIsPlain && !dualstack) ? 'oidc-fips' : 'oidc';
  return `https://${host}.${region}.${dualstack ? partition.dualStackDnsSuffix : partition.dnsSuffix}`;
}

/** The region that a target serves: as its file says, else as its host name says, else us-east-1. */
export function regionOf({
  region,
  endpoint,
}: {
  readonly region?: string;
  readonly endpoint: string | Readonly<Record<string, string>>;
}): string {
  if (region !== undefined) return region;
  const url = typeof endpoint === 'string' ? endpoint : (Object.values(endpoint)[0] ?? '');
  return /^https:\/\/oidc(?:-fips)?\.([a-z0-9-]+)\./.exec(url)?.[1] ?? 'us-east-1';
}
