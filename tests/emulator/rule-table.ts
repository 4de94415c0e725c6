import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnyCheckName, Behaviours } from '../../emulator/behaviours.ts';
import type { SignatureCheckName } from '../../emulator/fronts/aws-json/signature-checks.ts';
import type { Emulator } from '../../emulator/server.ts';
import { startEmulator } from '../support/emulator.ts';
import { told } from './iam.ts';
import { type Answer, type Api, apiOf } from './support.ts';

/**
 * A check of the emulator: a request that breaks this one rule, the exception that it meets, and what it
 * meets once the check is removed. So each check is seen to refuse, and to be the one that refuses.
 * Where both are the same exception, the descriptions follow after a colon.
 */
export type Rule = readonly [
  check: AnyCheckName | SignatureCheckName,
  probe: (api: Api) => Promise<Answer>,
  outcome: string,
  without: string,
];

export function testRules(rules: readonly Rule[]): void {
  let sound: Emulator;
  beforeAll(async () => {
    sound = await startEmulator();
  });
  afterAll(() => sound.close());

  test.for(rules)('%s refuses, and is the one that does', async ([check, probe, outcome, without]) => {
    const removed = { [check]: () => undefined } as Partial<Behaviours>;
    const defective = await startEmulator({ behaviours: removed });
    try {
      expect(asFarAs(outcome, await probe(apiOf(() => sound.url)))).toBe(outcome);
      expect(asFarAs(without, await probe(apiOf(() => defective.url)))).toBe(without);
      expect(outcome).not.toBe(without);
    } finally {
      await defective.close();
    }
  });
}

const asFarAs = (expected: string, answer: Answer): string =>
  expected.includes(':') ? told(answer) : answer.outcome;
