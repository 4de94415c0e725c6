import { describe, expect, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { defects } from '../../emulator/defects/all.ts';
import { type Change, tokens } from '../../emulator/defects/defect.ts';
import { operationOf } from '../../emulator/fronts/aws-json/format.ts';
import type { Middleware, WireResponse } from '../../emulator/wire.ts';
import { rejudge, targetOf } from '../../harness/report/rejudge.ts';
import type { Report } from '../../harness/report/report.ts';
import { budgets } from '../../harness/trial.ts';
import { outcomeOf } from '../../reporters/outcome.ts';
import { certifyChanged } from '../kill/certify-changed.ts';

/** One thing that is wrong is told once, the gravest first, and what follows from it as such. */

const certified = (change: Change, cases: readonly string[]): Promise<Report> =>
  certifyChanged(change, { profile: 'aws-create-token', seed: 1, budget: budgets.quick, cases });

const some = ['authorization-code/*', 'refresh-token/*', 'wire/*'];

const aToken = (): WireResponse => ({
  status: 200,
  headers: [['Content-Type', 'application/json']],
  body: JSON.stringify({ accessToken: crypto.randomUUID(), tokenType: 'Bearer', expiresIn: 60 }),
});

test('an endpoint that answers everything with a token has that as its first cause', async () => {
  const middleware = (): Middleware => async (request, endpoint) => {
    const operation = operationOf(request);
    return operation !== undefined && tokens.includes(operation) ? aToken() : endpoint(request);
  };
  const report = await certified({ middleware }, some);
  const [first] = report.causes;
  expect(first).toMatchObject({
    gravity: 'given',
    where: expect.stringMatching(/^CreateToken\b/),
    best: 'authorization-code/missing-code',
  });
  expect(first?.what).toMatch(/^CreateToken grants what has to be refused/);
  expect(report.causes.filter(({ gravity }) => gravity === 'given')).toHaveLength(1);
  expect(outcomeOf(report).next).toContain('look at authorization-code/missing-code first');
});

describe('two defects that have nothing to do with each other', () => {
  /** Changes behaviours and stands in front of them. */
  const both = (one: string, other: string): Change => {
    const [first, second] = [one, other].map((name) => defects.find((defect) => defect.name === name));
    if (first === undefined || second === undefined) throw new Error(`there is no ${one} or no ${other}`);
    return {
      ...(first.behaviours && { behaviours: first.behaviours }),
      ...(second.middleware && { middleware: second.middleware }),
    };
  };

  test('are two causes, the token that was given before the shape', async () => {
    const report = await certified(both('code-reusable', 'lifetime-as-text'), some);
    const failing = report.causes.filter(({ verdict }) => verdict === 'fail');
    expect(failing.map(({ gravity }) => gravity)).toContain('given');
    expect(failing[0]?.requirements).toContain('RFC6749-4.1.2-code-single-use');
    expect(failing.find(({ gravity }) => gravity === 'shape')?.requirements).toContain(
      'RFC6749-5.1-expires_in-number',
    );
    expect(failing.filter(({ gravity }) => gravity === 'shape')).toHaveLength(1);
    expect(rejudge([report], openCatalogue(targetOf(report))).causes).toEqual(report.causes);
  });
});

test('what could not be judged while valid requests are refused follows from that', async () => {
  const { behaviours = () => ({}) } = defects.find(({ name }) => name === 'code-clients-refused') ?? {};
  const report = await certified({ behaviours }, ['register-client/*', 'start-device-authorization/*']);
  expect(report.causes[0]).toMatchObject({ gravity: 'refused', best: 'register-client/for-codes' });
});
