import { beforeAll, describe, expect, test } from 'vitest';
import { answering } from '../../emulator/defects/aws-json/kit.ts';
import { withHeader } from '../../emulator/defects/defect.ts';
import type { Report } from '../../harness/report/report.ts';
import { certifyChanged } from '../kill/certify-changed.ts';
import { few } from '../support/certify.ts';

/** What an answer means is judged by each case, whether it has its exact shape by rules over all responses. */

const withoutErrorHeader = answering(({ response }) => withHeader(response, 'x-amzn-ErrorType', undefined));
const shape = 'there is no x-amzn-ErrorType header that names the exception';

describe('an endpoint that never sends the header of errors', () => {
  let report: Report;
  beforeAll(async () => {
    report = await certifyChanged(withoutErrorHeader, {
      profile: 'aws-sso-oidc',
      seed: 1,
      budget: few,
    });
  });
  const red = () => report.verdicts.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');

  test('fails by the rules over all responses alone, each of which says so with a count', () => {
    expect(red().length).toBeGreaterThan(0);
    expect(red().length).toBeLessThanOrEqual(45);
    for (const { case: id, reason } of red()) {
      expect(id).toMatch(/^wire\//);
      expect(reason).toMatch(new RegExp(`^${shape}, in (\\d+) of \\1 responses$`));
    }
  });

  test('keeps every cell of its matrix red: no typed client would see the exception', () => {
    expect(
      new Set(report.cells.filter(({ cases }) => cases.length > 0).map(({ verdict }) => verdict)),
    ).toEqual(new Set(['fail']));
  });
});
