import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { Report } from '../../harness/report/report.ts';
import { cli, fewHere, folderForThisFile } from './support.ts';

const folder = folderForThisFile();
const certificate = folder.file('certificate.json');
const reportFile = folder.file('report.json');

const verified = (report = reportFile) => cli(['verify', certificate, report]);

beforeAll(async () => {
  const run = ['run', '--profile', 'oidc', '--seed', '3', '--certificate', '--out', folder.path];
  const { code, out } = await cli(run, fewHere());
  expect([code, out]).toEqual([0, expect.stringContaining('certificate')]);
});

test('the certificate of a server of the standards stands', async () => {
  const { code, out } = await verified();
  expect([code, out]).toEqual([0, expect.stringContaining('The certificate stands')]);
});

test('what the metadata does not say is no limit by the metadata', async () => {
  const report: Report = JSON.parse(readFileSync(reportFile, 'utf8'));
  const [own] = report.limits.filter(({ by }) => by === 'metadata');
  const forged = { grant: 'refresh_token', by: 'metadata', reason: `${own?.reason} too` };
  const file = folder.write('forged.json', JSON.stringify({ ...report, limits: [...report.limits, forged] }));
  const { code, out } = await verified(file);
  expect(code).toBe(1);
  expect(out).toContain('a limit is not what the metadata says');
});
