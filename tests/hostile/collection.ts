import pLimit from 'p-limit';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Misbehaviour } from '../../emulator/misbehaviours/misbehaviour.ts';
import { isTried } from '../support/whole.ts';
import { certifyMisbehaving } from './certify-misbehaving.ts';
import { expectations } from './expectations.ts';
import { leaks, malformations, wrongVerdicts } from './problems.ts';

/** Of each kind one: registrations, a device, codes, a chain, a race, what no answer may hold, and rules over all. */
const cases = [
  'register-client/valid',
  'register-client/clients-differ',
  'start-device-authorization/valid',
  'authorization-code/valid',
  'authorization-code/wrong-verifier',
  'authorization-code/redeemed',
  'authorization-code/credentials-in-query',
  'device-code/pending',
  'refresh-token/three-in-a-row',
  'wire/success-status',
  'wire/success-json-object',
  'wire/success-content-type',
  'wire/success-shape',
  'wire/plain-integers',
  'wire/members-unique',
  'wire/access-tokens-unique',
  'wire/access-token-charset',
  'wire/error-content-type',
  'wire/error-member',
  'wire/error-shape',
  'wire/error-charset',
  'wire/error-description-charset',
  'wire/no-secret-in-error',
];

const generated = ['generated/authorization-code/race'];

/** Runs side by side: most wait for a target that does not answer. */
const atOnce = 24;

interface Found {
  readonly verdicts: readonly string[];
  readonly leaks: readonly string[];
  readonly malformations: readonly string[];
}

/**
 * Tests that the suite says what is right of each misbehaviour, keeps its secrets, and can be rendered. Generated races
 * take most of the time: they are left out where nothing depends on several requests at once.
 */
export function testing(
  misbehaviours: readonly Misbehaviour[],
  { races }: { readonly races: boolean },
): void {
  const tested = expectations
    .filter(({ name, slow }) => !slow && misbehaviours.some((one) => one.name === name))
    .filter(isTried);
  const found = new Map<string, Found>();

  beforeAll(async () => {
    await pLimit(atOnce).map(tested, async (expected) => {
      const misbehaviour = misbehaviours.find(({ name }) => name === expected.name);
      if (misbehaviour === undefined) return;
      // Who answers is given time, on a machine that is busy; for who does not there is no use in waiting.
      const timeoutSeconds = expected.exitCode.includes(0) || expected.exitCode.includes(1) ? 2 : 0.3;
      const { report, watch } = await certifyMisbehaving(misbehaviour, {
        cases: races && !expected.large ? [...cases, ...generated] : cases,
        timeoutSeconds,
      });
      found.set(expected.name, {
        verdicts: wrongVerdicts(report, expected),
        leaks: leaks(report, watch).slice(0, 3),
        malformations: malformations(report),
      });
    });
  });

  describe.each(tested)('$name', ({ name }) => {
    test('has the right verdicts', () => expect(found.get(name)?.verdicts).toEqual([]));
    test('leaks no secret', () => expect(found.get(name)?.leaks).toEqual([]));
    test('has a report that can be rendered', () => expect(found.get(name)?.malformations).toEqual([]));
  });
}
