import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import type { Case } from '../../../harness/case.ts';
import { contractOf } from '../../../harness/generate/contract.ts';
import type { World } from '../../../harness/world/world.ts';
import { cases } from '../../../suites/all.ts';
import { awsJson } from '../../../targets/dialects/aws-json/dialect.ts';
import { oauthForm } from '../../../targets/dialects/oauth-form/dialect.ts';
import { targetAt } from '../../../targets/target/target.ts';

/** A world in which everything is had and granted, and that keeps what a property draws from. */
function drawnIn({ run, dialects }: Case): Promise<Arbitrary<unknown>[]> {
  const dialect = dialects?.includes('oauth-form') && !dialects.includes('aws-json') ? oauthForm : awsJson;
  const drawn: Arbitrary<unknown>[] = [];
  const known: Partial<World> = {
    target: targetAt('http://127.0.0.1'),
    garbage: (length = 43) => 'g'.repeat(length),
    verifier: (length = 43) => 'v'.repeat(length),
    now: () => 0,
    way: ([first]) => first,
    limitOn: () => undefined,
    bodyType: (operation) => dialect.bodyOf(operation).type,
    contract: (operation, grant) => contractOf(dialect, operation, grant),
    sample: () => undefined,
    sampleIssued: () => undefined,
    forAll: async (arbitrary) => {
      drawn.push(arbitrary as Arbitrary<unknown>);
    },
  };
  const world = new Proxy(known, {
    get: (target, name) => Reflect.get(target, name) ?? (async () => ({ members: {} })),
  });
  return run(world as World).then(() => drawn);
}

const properties = cases.filter(({ property }) => property !== undefined);

test.each(properties.map((one) => [one.id, one] as const))(
  'every value of %s survives JSON: replay files and reports hold it',
  async (_, property) => {
    const drawn = await drawnIn(property);
    expect(drawn).not.toEqual([]);
    const lost = drawn
      .flatMap((arbitrary) => fc.sample(arbitrary, { seed: 7, numRuns: 100 }))
      .filter((value) => !survives(value));
    expect(lost.slice(0, 1)).toEqual([]);
  },
);

/** Whether JSON has a word for every part of a value. (It writes -0 as 0, here as on the wire.) */
function survives(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(survives);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}
