import { readFileSync } from 'node:fs';
import { SSOOIDCClient } from '@aws-sdk/client-sso-oidc';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { awsEndpoint, type Region, regionOf } from '../../targets/dialects/aws-json/endpoints.ts';

interface Vector extends Region {
  readonly title: string;
  readonly url?: string;
  readonly error?: string;
}

const { vectors } = parse(readFileSync(new URL('endpoint-vectors.yaml', import.meta.url), 'utf8')) as {
  vectors: Vector[];
};

describe("AWS's own vectors", () => {
  test('are all there', () => expect(vectors).toHaveLength(40));

  test.each(vectors)('$title', ({ url, error, title: _, ...place }) => {
    if (error === undefined) expect(awsEndpoint(place)).toBe(url);
    else expect(() => awsEndpoint(place)).toThrow(error);
  });
});

describe('the official client resolves the same', () => {
  const regions = [
    'us-east-1',
    'cn-north-1',
    'cn-northwest-1',
    'us-gov-west-1',
    'eusc-de-east-1',
    'us-iso-east-1',
    'us-isob-east-1',
    'eu-isoe-west-1',
    'us-isof-south-1',
  ];
  const ways = regions.flatMap((region) =>
    [false, true].flatMap((fips) => [false, true].map((dualstack) => ({ region, fips, dualstack }))),
  );

  test.each(ways)('$region, FIPS $fips, dual-stack $dualstack', async ({ region, fips, dualstack }) => {
    const { config } = new SSOOIDCClient({ region, useFipsEndpoint: fips, useDualstackEndpoint: dualstack });
    const theirs = config.endpointProvider({ Region: region, UseFIPS: fips, UseDualStack: dualstack });
    expect(`${awsEndpoint({ region, fips, dualstack })}/`).toBe(theirs.url.href);
  });
});

test.each([
  [{ endpoint: 'http://127.0.0.1:1', region: 'eu-west-1' }, 'eu-west-1'],
  [{ endpoint: 'https://oidc.cn-north-1.amazonaws.com.cn' }, 'cn-north-1'],
  [{ endpoint: 'https://oidc-fips.us-east-2.api.aws' }, 'us-east-2'],
  [
    { endpoint: { CreateTokenWithIAM: 'https://oidc.eu-central-1.amazonaws.com/token?aws_iam=t' } },
    'eu-central-1',
  ],
  [{ endpoint: 'http://127.0.0.1:1' }, 'us-east-1'],
])('the region of %j is %s', (target, region) => expect(regionOf(target)).toBe(region));
