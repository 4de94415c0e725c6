import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { catalogueOf } from '../../cli/catalogue.ts';
import { sha256 } from '../../cli/reports.ts';
import { verify as verifyFiles } from '../../cli/verify.ts';
import { defects } from '../../emulator/defects/all.ts';
import { absences } from '../../harness/absences.ts';
import { rejudge } from '../../harness/report/rejudge.ts';
import type { Report } from '../../harness/report/report.ts';
import type { ReportVerdict } from '../../harness/report/report-verdict.ts';
import { count, exitCodeOf } from '../../harness/verdict.ts';
import { renderCertificate } from '../../reporters/certificate.ts';
import { problemsWith } from '../../schemas/read.ts';
import { startEmulator } from '../support/emulator.ts';
import { cli, fewHere, folderForThisFile } from './support.ts';

const folder = folderForThisFile();
const at = (path: string) => folder.file(path);
const read = (path: string) => JSON.parse(readFileSync(at(path), 'utf8'));

/** The report with the counts and the exit code that its verdicts have. */
function consistent(report: Report): Report {
  const counts = count(report.verdicts.map(({ verdict }) => verdict));
  return { ...report, counts, exitCode: exitCodeOf(counts) };
}

/** An emulator in which codes can be used twice, and its target file. */
let broken: Awaited<ReturnType<typeof startEmulator>>;
const target = () => at('broken.yaml');
/** One in which nothing is wrong. */
let right: typeof broken;

/** Cases that let time pass, or that a fixture provider may end. */
const mayEndSo = /late|poll|pending|day|end|life|swapped|redirect-uri|challenge|expired/;

const run = (emulator: typeof broken, ...args: string[]) =>
  cli(['run', '--seed', '3', ...args], fewHere(emulator));

beforeAll(async () => {
  const defect = defects.find(({ name }) => name === 'code-reusable');
  broken = await startEmulator({ behaviours: defect?.behaviours?.() ?? {} });
  folder.write(
    'broken.yaml',
    JSON.stringify({
      name: 'broken',
      endpoint: broken.url,
      fixtures: broken.fixtures,
      jwks: broken.jwks,
      profile: 'aws-create-token',
    }),
  );
  right = await startEmulator();
  const { url: endpoint, fixtures, jwks } = right;
  const content = { name: 'reference emulator', endpoint, fixtures, jwks, profile: 'aws-create-token' };
  folder.write('right.yaml', JSON.stringify(content));
  const whole = await run(right, '--target', at('right.yaml'), '--certificate', '--out', at('whole'));
  const red = await run(broken, '--target', target(), '--out', at('red'));
  expect({ whole: whole.code, err: whole.err, red: red.code }).toEqual({ whole: 0, err: '', red: 1 });
  return () => Promise.all([broken.close(), right.close()]);
});

describe('certificate', () => {
  const verify = (report = 'whole/report.json', certificate = 'whole/certificate.json') =>
    cli(['verify', at(certificate), at(report)]);

  let forgeries = 0;

  /** Writes the report of the whole run with something changed, and the certificate that goes with these bytes. */
  function forged(change: (report: Report) => unknown) {
    const name = `forged-${++forgeries}.json`;
    const report = read('whole/report.json');
    change(report);
    const text = JSON.stringify(consistent(report));
    writeFileSync(at(name), text);
    writeFileSync(at(`certificate-${name}`), renderCertificate(consistent(report), sha256(text)));
    return verifyFiles(at(`certificate-${name}`), at(name));
  }

  const verdictOf = ({ verdicts }: Report, id: string) =>
    verdicts.find((one) => one.case === id) as ReportVerdict;
  type Writable = { -readonly [name in keyof ReportVerdict]: ReportVerdict[name] };

  test('it names what was certified, and stands', async () => {
    const certificate = read('whole/certificate.json');
    expect(problemsWith('certificate', certificate)).toEqual([]);
    expect(certificate.predicate.tokenConformance).toMatchObject({
      target: { name: 'reference emulator' },
      profile: { name: 'aws-create-token' },
      seed: 3,
    });
    expect(certificate.predicate.passedTests).toContain('authorization-code/redeemed');
    const { code, out } = await verify();
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('The certificate stands') });
    expect(out).toContain('the report keeps the number only');
  });

  test('another report has another digest', async () => {
    writeFileSync(
      at('copy.json'),
      readFileSync(at('whole/report.json'), 'utf8').replace('"seed": 3', '"seed": 4'),
    );
    const { code, out } = await verify('copy.json');
    expect(code).toBe(1);
    expect(out).toContain('/subject/0/digest/sha256');
  });

  test.for<[what: string, change: (report: Report) => unknown, says: string]>([
    [
      'an exchange that shows a failure',
      (report) => {
        const { exchanges } = verdictOf(report, 'authorization-code/redeemed');
        const granted = exchanges.find(({ step }) => step === 'control')?.response;
        Object.assign(exchanges.at(-1)?.response ?? {}, granted);
      },
      'authorization-code/redeemed: the report says pass, its exchanges say fail',
    ],
    [
      'a verdict without its exchanges',
      (report) => {
        (verdictOf(report, 'authorization-code/redeemed') as Writable).exchanges = [];
      },
      'authorization-code/redeemed: the report says pass, its exchanges say not-tested',
    ],
    [
      'a response that breaks a rule over all of them',
      (report) => {
        const exchange = verdictOf(report, 'refresh-token/valid').exchanges.find(
          ({ response }) => response?.status === 200,
        );
        Object.assign(exchange?.response ?? {}, { headers: [['Content-Type', 'text/html']] });
      },
      'its exchanges say fail',
    ],
    [
      'a case that was left out',
      (report) => (report.verdicts as ReportVerdict[]).shift(),
      'is missing in the report',
    ],
    [
      'a level that was lowered',
      (report) => {
        (verdictOf(report, 'authorization-code/redeemed') as Writable).level = 'MAY';
      },
      'authorization-code/redeemed: level is not what the suite and the exchanges say',
    ],
    [
      'a failing case that is said not to apply',
      (report) => {
        const one = verdictOf(report, 'authorization-code/redeemed') as Writable;
        one.exchanges = one.exchanges.filter(({ step }) => step !== 'probe');
        one.verdict = 'not-applicable';
        one.reason = 'the emulator has no codes';
      },
      'authorization-code/redeemed: the report says not-applicable, its exchanges say not-tested',
    ],
    [
      'a case that does not apply for a reason that its exchanges do not show',
      (report) => {
        const one = verdictOf(report, 'authorization-code/redeemed') as Writable;
        one.exchanges = one.exchanges.filter(({ step }) => step !== 'probe');
        one.verdict = 'not-applicable';
        one.reason = 'the response brings no refresh token, which is optional';
      },
      'authorization-code/redeemed: the report says not-applicable, its exchanges say not-tested',
    ],
    [
      'a race of which only the winner is left',
      (report) => {
        const one = verdictOf(report, 'authorization-code/redeemed-in-parallel') as Writable;
        const [winner] = one.exchanges.filter(({ step }) => step === 'race');
        one.exchanges = one.exchanges.filter((exchange) => exchange.step !== 'race' || exchange === winner);
      },
      'authorization-code/redeemed-in-parallel: the report says pass, its exchanges say not-tested',
    ],
    [
      'an exchange of another case',
      (report) => {
        const one = verdictOf(report, 'authorization-code/redeemed') as Writable;
        const donor = verdictOf(report, 'authorization-code/unknown-code').exchanges;
        one.exchanges = [...one.exchanges.filter(({ step }) => step !== 'probe'), ...donor.slice(-1)];
      },
      'have the same exchange',
    ],
    [
      'an exchange that says of itself that it concerns no operation',
      (report) => {
        const [exchange] = verdictOf(report, 'authorization-code/redeemed').exchanges.slice(-1);
        delete (exchange as { operation?: string }).operation;
      },
      'an exchange with the endpoint of CreateToken says that it is none',
    ],
    [
      'generated values where there were none',
      (report) => {
        const one = verdictOf(report, 'authorization-code/redeemed') as Writable;
        one.generated = { runs: 1, requests: 1, counterexample: null };
      },
      'authorization-code/redeemed: the report says something about generated values',
    ],
    [
      'an endpoint that nothing was sent to',
      (report) => Object.assign(report.target.endpoints, { CreateToken: 'https://oidc.example/token' }),
      'not with its endpoint',
    ],
    [
      'a grant that is said to be out of scope',
      (report) => Object.assign(report.grants[0] ?? {}, { limited: true }),
      'grants does not follow from the verdicts',
    ],
    [
      'a title of somebody else',
      (report) => {
        (verdictOf(report, 'authorization-code/redeemed') as Writable).title = 'something easy';
      },
      'authorization-code/redeemed: title is not what the suite and the exchanges say',
    ],
  ])('%s does not stand', ([, change, says]) => {
    const { stands, text } = forged(change);
    expect({ stands, text }).toEqual({ stands: false, text: expect.stringContaining('does NOT stand') });
    expect(text).toContain(says);
  });

  test('no absence stands for a case whose exchanges do not show it', () => {
    const reasons = Object.values(absences);
    const report: Report = read('whole/report.json');
    const refusals = report.verdicts.filter(
      ({ case: id, exchanges }) =>
        /^(?:authorization|device)-code\//.test(id) &&
        !mayEndSo.test(id) &&
        ['control', 'probe'].every((name) => exchanges.some(({ step }) => step === name)),
    ) as Writable[];
    const forged = reasons.flatMap((reason, at) => {
      const one = refusals[at];
      if (one === undefined) return [];
      one.exchanges = one.exchanges.filter(({ step }) => step !== 'probe');
      return [Object.assign(one, { reason, verdict: 'not-applicable' as const }).case];
    });
    expect(forged).toHaveLength(reasons.length);
    const again = rejudge([report], catalogueOf(report)).verdicts;
    expect(again.filter((one) => forged.includes(one.case) && one.verdict === 'not-applicable')).toEqual([]);
  });

  test('a run without any token deserves none, and is not green', async () => {
    const fixtures = [
      'authorization-code',
      'device-decision',
      'refresh-token',
      'expire',
      'fault',
      'clock',
      'jwks',
    ];
    const file = folder.write(
      'blind.yaml',
      JSON.stringify({
        name: 'blind',
        profile: 'aws-create-token',
        endpoint: broken.url,
        limits: fixtures.map((fixture) => ({ fixture, reason: 'it cannot be had' })),
      }),
    );
    const args = ['--target', file, '--certificate', '--format', 'badge', '--out', at('blind')];
    const { code, out, err } = await run(broken, ...args);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(
        /^no certificate: incomplete: no token was granted .* of 33 cells exercised\)\n$/,
      ),
    });
    expect(existsSync(at('blind/certificate.json'))).toBe(false);
    expect(read('blind/badge.json')).toMatchObject({
      color: 'lightgrey',
      message: expect.stringMatching(/^incomplete, \d+ of 33 cells$/),
    });
    const { counts } = JSON.parse((await cli(['list', '--target', file, '--json'])).out);
    const total = read('blind/report.json').verdicts.length;
    expect(out.split('\n')[1]).toBe(`limits: ${counts.limited} of ${total} cases`);
  });

  test('a failing report deserves none, whatever it says about itself', async () => {
    const { code, err } = await cli(['report', at('red/report.json'), '--format', 'certificate']);
    expect({ code, err }).toEqual({
      code: 3,
      err: expect.stringMatching(/^There is no certificate for this report: \d+ of \d+ cases failed\.\n$/),
    });
    const red = read('red/report.json');
    for (const one of red.verdicts) if (one.verdict !== 'not-applicable') one.verdict = 'pass';
    writeFileSync(at('whitewashed.json'), JSON.stringify(consistent(red)));
    const { out } = await verify('whitewashed.json');
    expect(out).toContain('authorization-code/redeemed: the report says pass, its exchanges say fail');
  });

  test('a selection cannot be certified, and that is said before it runs', async () => {
    const { code, err } = await cli(['run', '--certificate', '--case', 'authorization-code/*']);
    expect({ code, err }).toEqual({
      code: 3,
      err: '--certificate needs a whole run: leave --case out, or merge the parts first.\n',
    });
  });
});

describe('shards', () => {
  const parts = ['part-1', 'part-2', 'part-3'];
  const merge = (names: readonly string[], out: string, ...more: string[]) =>
    cli(['merge', ...names.map((name) => at(`${name}/report.json`)), '--out', at(out), ...more]);
  const core = ({ verdicts }: Report) =>
    verdicts.map((one) => [one.case, one.requirement, one.level, one.verdict]);

  beforeAll(async () => {
    for (const [index, name] of parts.entries()) {
      const part = ['--shard', `${index + 1}/3`, '--target', at('right.yaml'), '--out', at(name)];
      const { code, err } = await run(right, ...part);
      expect({ code, err }).toEqual({ code: 0, err: '' });
    }
  });

  test('three machines give the report of one', async () => {
    const { code, out } = await merge(parts, 'merged', '--certificate');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('certificate.json') });
    const [merged, whole]: Report[] = [read('merged/report.json'), read('whole/report.json')];
    expect(problemsWith('report', merged)).toEqual([]);
    expect(core(merged as Report)).toEqual(core(whole as Report));
    expect(merged?.cells).toEqual(whole?.cells);
    expect(merged).toMatchObject({ shard: null, partial: false, exitCode: 0, counts: whole?.counts });
    const verified = await cli(['verify', at('merged/certificate.json'), at('merged/report.json')]);
    expect(verified.code).toBe(0);
  });

  test('a part certifies nothing, and says what comes next', async () => {
    const part: Report = read('part-2/report.json');
    expect(part).toMatchObject({ shard: { index: 2, of: 3 }, partial: true });
    expect(part.verdicts.filter((one) => one.case.startsWith('wire/'))).toEqual([]);
  });

  test('a part that is missing is said, and nothing of it is green', async () => {
    const { code, err, out } = await merge(['part-1', 'part-3'], 'incomplete', '--certificate');
    expect(code).toBe(2);
    expect(err).toContain('warning: part 2 of 3 is missing: its cases count as not tested\n');
    expect(err).toContain('no certificate: incomplete');
    expect(out).toContain('no part of this certification has run it');
    const missing = new Set(read('part-2/report.json').verdicts.map((one: ReportVerdict) => one.case));
    const found = read('incomplete/report.json').verdicts.filter((one: ReportVerdict) =>
      missing.has(one.case),
    );
    expect(new Set(found.map(({ verdict }: ReportVerdict) => verdict))).not.toContain('pass');
  });

  test.for<[names: string[], says: string]>([
    [['part-1', 'part-1'], 'Part 1 was given twice.\n'],
    [['part-1', 'whole'], 'is no part: it was run without --shard.'],
  ])('%s are no parts of one certification', async ([names, says]) => {
    const { code, err } = await merge(names, 'nothing');
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining(says) });
    expect(existsSync(at('nothing/report.json'))).toBe(false);
  });

  test.for<[args: string[], says: string]>([
    [['--shard', '1/3'], '--shard needs --seed, the same for every part: else each draws its own.\n'],
    [['--shard', '4/3', '--seed', '1'], 'It must be a part and their number, such as 2/3.'],
    [['--shard', '0/3', '--seed', '1'], 'It must be a part and their number, such as 2/3.'],
  ])('run %s', async ([args, says]) => {
    const { code, err } = await cli(['run', ...args, '--out', at('nothing')]);
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining(says) });
  });
});

describe('baseline', () => {
  const selection = ['--case', 'authorization-code/re*', '--case', 'authorization-code/valid'];
  const runWith = (baseline: string, name: string) =>
    run(broken, ...selection, '--target', target(), '--baseline', baseline, '--out', at(name));
  const entries = (expires = '2999-12-31') =>
    ['redeemed', 'redeemed-again', 'redeemed-and-refreshed', 'redeemed-in-parallel']
      .map(
        (id) => `
  - id: authorization-code/${id}
    verdict: fail
    reason: codes can be used twice
    expires: ${expires}`,
      )
      .join('');
  const flaky = `
flaky:
  - id: authorization-code/replay-revokes-refresh-token
    reason: its control fails as well
  - id: authorization-code/replay-revokes-later-tokens
    reason: its control fails as well`;

  test('what is listed does not fail the run, and stays a fail', async () => {
    const { code, out } = await runWith(folder.write('b1.yaml', `known:${entries()}${flaky}`), 'b1');
    expect({ code, out }).toMatchObject({ code: 0 });
    expect(out).toContain(
      'known fail until 2999-12-31: authorization-code/redeemed: codes can be used twice',
    );
    const report: Report = read('b1/report.json');
    expect(problemsWith('report', report)).toEqual([]);
    expect(report.counts.fail).toBe(4);
    expect(report.baseline).toMatchObject({ stale: [], expired: [] });
  });

  test('what is not listed fails it', async () => {
    const { code, out } = await runWith(folder.write('b2.yaml', flaky.trim()), 'b2');
    expect(code).toBe(1);
    expect(out).toContain('FAIL authorization-code/redeemed');
  });

  test('what is listed and passes now fails it as stale', async () => {
    const stale = `
  - id: authorization-code/valid
    verdict: fail
    reason: it was broken once
    expires: 2999-12-31`;
    const { code, out } = await runWith(folder.write('b3.yaml', `known:${entries()}${stale}${flaky}`), 'b3');
    expect(code).toBe(1);
    expect(out).toContain('stale: authorization-code/valid is no longer fail');
    expect(out).toContain('exit code 1: the baseline is out of date: 1 stale, 0 expired');
  });

  test('what has expired fails it', async () => {
    const { code, out } = await runWith(
      folder.write('b4.yaml', `known:${entries('2020-01-31')}${flaky}`),
      'b4',
    );
    expect(code).toBe(1);
    expect(out).toContain('expired on 2020-01-31: authorization-code/redeemed');
  });

  test('an update adds what is broken, takes out what is stale, and keeps comments', async () => {
    const file = folder.write(
      'update.yaml',
      `# Ours.
known:
  # Since the move.
  - id: authorization-code/redeemed
    verdict: fail
    reason: codes can be used twice # see the wiki
    expires: 2999-12-31
  - id: authorization-code/valid
    verdict: fail
    reason: it was broken once
    expires: 2999-12-31
`,
    );
    const update = (...more: string[]) =>
      cli(['baseline', file, '--report', at('red/report.json'), '--update', ...more]);
    const silent = await update();
    expect({ code: silent.code, err: silent.err }).toEqual({
      code: 3,
      err: expect.stringContaining(
        'Say why they are accepted and until when: --reason TEXT --expires YYYY-MM-DD.',
      ),
    });
    const { code, out } = await update('--reason', 'until the store is replaced', '--expires', '2999-01-01');
    expect(code).toBe(0);
    expect(out).toContain('added authorization-code/redeemed-in-parallel\n');
    expect(out).toContain('took out authorization-code/valid\n');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('# Ours.\nknown:\n  # Since the move.\n  - id: authorization-code/redeemed\n');
    expect(text).toContain('reason: codes can be used twice # see the wiki');
    expect(text).not.toContain('authorization-code/valid');
    const checked = await cli(['baseline', file, '--report', at('red/report.json')]);
    expect({ code: checked.code, last: checked.out.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: `${file} is up to date`,
    });
  });

  test('an update leaves what has expired, and tells of it', async () => {
    const entry =
      '  - id: authorization-code/redeemed\n    verdict: fail\n    reason: x\n    expires: 2020-01-31\n';
    const file = folder.write('over.yaml', `known:\n${entry}`);
    const { out } = await cli([
      ...['baseline', file, '--report', at('red/report.json'), '--update'],
      ...['--reason', 'until the store is replaced', '--expires', '2999-01-01'],
    ]);
    expect(out).not.toContain('added authorization-code/redeemed\n');
    expect(out).toContain('expired: authorization-code/redeemed (mend it,');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(entry);
    expect(text.match(/id: authorization-code\/redeemed$/gm)).toHaveLength(1);
  });

  test.for<[text: string, says: string]>([
    [
      'known: [{id: authorization-code/redemed, verdict: fail, reason: x, expires: 2999-01-01}]',
      'bad.yaml:1:14: there is no case or requirement "authorization-code/redemed". Did you mean "authorization-code/redeemed"?',
    ],
    [
      'known:\n  - id: authorization-code/redeemed\n    verdict: fail\n    expires: 2999-01-01\n',
      "bad.yaml:2:5: /known/0 must have required property 'reason'",
    ],
    [
      'flaky:\n  - id: authorization-code/redeemed\n    reason: " "\n',
      'bad.yaml:3:13: /flaky/0/reason must match pattern "\\S"',
    ],
    [
      'known: [{id: authorization-code/redeemed, verdict: fail, reason: x, expires: tomorrow}]',
      'must match format "date", such as 2027-01-31',
    ],
    ['known: {', 'not valid YAML or JSON'],
  ])('a wrong one is one message: %s', async ([text, says]) => {
    const { code, err } = await runWith(folder.write('bad.yaml', text), 'bad');
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining(says) });
    expect(err).not.toContain('    at ');
  });
});

describe('compare and diff', () => {
  test('implementations side by side', async () => {
    const paths = [at('whole/report.json'), at('red/report.json')];
    const { code, out } = await cli(['compare', ...paths]);
    expect(code).toBe(0);
    expect(out).toMatch(/^requirement +reference emulator +broken$/m);
    expect(out).toMatch(/^RFC6749-4\.1\.2-code-single-use +pass +fail$/m);
    const markdown = await cli(['compare', ...paths, '--format', 'markdown', '--out', at('compared.md')]);
    expect(markdown.code).toBe(0);
    expect(readFileSync(at('compared.md'), 'utf8')).toContain('| MUST | ✓ pass | ✗ fail |');
  });

  test('what newly broke, and what was fixed', async () => {
    const broke = await cli(['diff', at('whole/report.json'), at('red/report.json')]);
    expect(broke.code).toBe(1);
    expect(broke.out).toMatch(/^Newly broken \(\d+\):\n/);
    expect(broke.out).toContain('authorization-code/redeemed (RFC6749-4.1.2-code-single-use): pass → fail');
    const fixed = await cli(['diff', at('red/report.json'), at('whole/report.json')]);
    expect(fixed.code).toBe(0);
    expect(fixed.out).toContain('authorization-code/redeemed (RFC6749-4.1.2-code-single-use): fail → pass');
    const same = await cli(['diff', at('red/report.json'), at('red/report.json')]);
    expect({ code: same.code, out: same.out }).toEqual({ code: 0, out: 'Nothing changed.\n' });
  });

  test('what is no longer observed is not called fixed', async () => {
    const report: Report = read('whole/report.json');
    const verdicts = report.verdicts.filter((one) => one.case !== 'authorization-code/redeemed');
    writeFileSync(at('less.json'), JSON.stringify(consistent({ ...report, verdicts })));
    const { code, out } = await cli(['diff', at('whole/report.json'), at('less.json')]);
    expect(code).toBe(2);
    expect(out).toContain('No longer observed (1):\n  authorization-code/redeemed');
  });
});

describe('report', () => {
  test.for(['terminal', 'html', 'markdown', 'junit', 'sarif', 'badge', 'github'])(
    'an old report as %s',
    async (format) => {
      const { code, out, err } = await cli(['report', at('red/report.json'), '--format', format]);
      expect({ code, err, empty: out.length < 50 }).toEqual({ code: 0, err: '', empty: false });
    },
  );

  test('one that an editor saved with a byte order mark', async () => {
    writeFileSync(at('marked.json'), `\ufeff${readFileSync(at('red/report.json'), 'utf8')}`);
    const { code, err } = await cli(['report', at('marked.json'), '--format', 'badge']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('into a folder', async () => {
    const { out } = await cli(['report', at('red/report.json'), '--format', 'badge']);
    const written = await cli([
      'report',
      at('red/report.json'),
      '--format',
      'badge',
      '--out',
      at('rendered'),
    ]);
    expect(written.out).toBe(`${at('rendered/badge.json')}\n`);
    expect(readFileSync(at('rendered/badge.json'), 'utf8')).toBe(out);
  });

  test.for<[args: string[], says: string]>([
    [['whole/report.json', '--format', 'pdf'], 'It must be one of terminal, html,'],
    [
      ['whole/report.json', '--format', 'allure'],
      'Allure results are many files: say where they go with --out.\n',
    ],
    [['none.json', '--format', 'html'], 'none.json cannot be read: ENOENT'],
    [['broken.yaml', '--format', 'html'], 'broken.yaml is no report: '],
  ])('report %s', async ([[file = '', ...args], says]) => {
    const { code, err } = await cli(['report', at(file), ...args]);
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining(says) });
    expect(err).not.toContain('    at ');
  });
});
