import { startEmulator as startReferenceEmulator } from '../emulator/server.ts';
import type { Report } from '../harness/report/report.ts';
import { type Budget, readBudget } from '../harness/trial.ts';
import { inThisProcess } from '../targets/fixtures/open.ts';
import type { FixtureProvider } from '../targets/fixtures/provider.ts';
import { didYouMean, UserError } from '../targets/problem.ts';
import { type TargetFile, targetFrom } from '../targets/target/read.ts';
import { certifyTarget, commandLine } from './certify.ts';
import { chooseTarget } from './choose.ts';
import { runHere } from './run-here.ts';
import { defectNamed } from './serve.ts';

export type { Report, ReportCell } from '../harness/report/report.ts';
export type { ReportVerdict } from '../harness/report/report-verdict.ts';
export type { Counts, Verdict } from '../harness/verdict.ts';
export type { FixtureProvider, Offer } from '../targets/fixtures/provider.ts';
export { UserError } from '../targets/problem.ts';
export type { TargetFile } from '../targets/target/read.ts';
export type { FixtureVerb, Target } from '../targets/target/target.ts';

/** How a target is certified. */
export interface CertifyOptions {
  /** Repeats what a run sent: a whole number, 0 or more. Drawn and put into the report when it is not given. */
  readonly seed?: number | undefined;
  /**
   * How much is generated: `quick`, `standard`, `thorough`, or a duration for each property such as `500ms`, `90s`
   * or `5m`. Standard for an endpoint on this machine, quick for any other.
   */
  readonly budget?: string | undefined;
  /** A broken SHOULD fails, and only documented answers are accepted. */
  readonly strict?: boolean | undefined;
  /** Ids of the cases to run, such as `authorization-code/*`; `*` stands for anything. All when it is not given. */
  readonly cases?: readonly string[] | undefined;
  /** Only the cases of these grants, such as `authorization_code`. */
  readonly grants?: readonly string[] | undefined;
  /** Only the cases of these requirements, such as `RFC6749-*`. */
  readonly requirements?: readonly string[] | undefined;
  /** Path of a list of known failures: they do not fail the run. */
  readonly baseline?: string | undefined;
  /**
   * Gives what cannot be had from outside, in place of the `fixtures` of the target. It is asked for one artefact at
   * a time, by several cases at once; the table "The fixture service" in the README has the verbs with what goes in
   * and out. What it throws is a refusal, and it has the target's `timeoutSeconds` to answer.
   */
  readonly fixtures?: FixtureProvider | undefined;
  /** Called after each case with how many have finished, how many there are, and the id of the last one. */
  readonly onProgress?: ((done: number, total: number, last: string) => void) | undefined;
  /** Receives what is doubtful in a target file but stops nothing, such as a secret that is typed into it. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

const optionNames: Readonly<Record<keyof CertifyOptions, true>> = {
  seed: true,
  budget: true,
  strict: true,
  cases: true,
  grants: true,
  requirements: true,
  baseline: true,
  fixtures: true,
  onProgress: true,
  onWarning: true,
};

/**
 * Certifies one token endpoint within this process and resolves to the report, the same that `token-conformance run`
 * writes. Nothing is written anywhere, and a target that fails is no error: see `exitCode` of the report (0:
 * everything planned was observed and nothing failed; 1: something failed; 2: something was not observed, or nothing granted; 4: by a fault
 * of this suite) and the `verdict` of each of its `verdicts`.
 *
 * ```ts
 * const report = await certify({ name: 'mine', endpoint: 'http://127.0.0.1:8080' }, { cases: ['refresh-token/*'] });
 * const broken = report.verdicts.filter(({ verdict }) => verdict === 'fail');
 * ```
 *
 * @param target the path of a target file; or an object with the members of one, in which `${NAME}` is read from the
 *   environment as well; or undefined for the embedded reference emulator
 * @throws {UserError} (the promise rejects) when the target or an option is wrong: the message says what and where
 */
export async function certify(
  target?: string | TargetFile | undefined,
  options: CertifyOptions = {},
): Promise<Report> {
  const { seed, strict, cases, grants, requirements, baseline, fixtures, onProgress, onWarning } = options;
  const budget = checkOptions(options);
  const emulator = target === undefined ? await startReferenceEmulator() : undefined;
  try {
    const chosen =
      typeof target === 'object'
        ? targetFrom(target, process.env)
        : chooseTarget(
            { ...(target !== undefined && { target }), ...(onWarning && { warn: onWarning }) },
            emulator,
          );
    const provider = fixtures && inThisProcess(fixtures, chosen.timeoutSeconds * 1_000);
    const byCommand = typeof target !== 'object' && fixtures === undefined;
    const { report } = await certifyTarget(chosen, {
      seed,
      strict,
      budget,
      baseline,
      ...(typeof target === 'string' && { target }),
      provider,
      ...(cases && { case: cases }),
      ...(grants && { grant: grants }),
      ...(requirements && { requirement: requirements }),
      progress: onProgress,
      ...(onWarning && { warn: onWarning }),
      commandFor: (id, drawn) =>
        byCommand
          ? commandLine(
              ['npx', 'token-conformance', 'run'],
              { ...(target !== undefined && { target }), ...(strict && { strict }), budget },
              id,
              drawn,
            )
          : callFor(id, drawn, options),
      runJob: runHere(provider),
    });
    return report;
  } finally {
    await emulator?.close();
  }
}

/** The call that repeats one case where no command line could: of an object, or with fixtures of this process. */
function callFor(id: string, seed: number, { strict, budget, fixtures }: CertifyOptions): string {
  const settings = [
    `cases: ['${id}']`,
    `seed: ${seed}`,
    ...(budget ? [`budget: '${budget}'`] : []),
    ...(strict ? ['strict: true'] : []),
    ...(fixtures ? ['fixtures'] : []),
  ];
  return `await certify(target, { ${settings.join(', ')} })`;
}

/** The types say all this, but not to a script in JavaScript: an option that is misspelt would change nothing. */
function checkOptions(options: CertifyOptions): Budget | undefined {
  const known = Object.keys(optionNames);
  for (const name of Object.keys(options))
    if (!known.includes(name))
      throw new UserError(`certify has no option "${name}".${didYouMean(name, known)}`);
  const { seed, budget } = options;
  if (seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0))
    throw new UserError(`The seed ${seed} is no whole number, 0 or more.`);
  for (const name of ['cases', 'grants', 'requirements'] as const)
    if (options[name] !== undefined && !Array.isArray(options[name]))
      throw new UserError(`The option "${name}" must be a list.`);
  const amount = budget === undefined ? undefined : readBudget(budget);
  if (budget !== undefined && amount === undefined)
    throw new UserError(
      `The budget "${budget}" is not quick, standard, thorough, or a duration such as 90s.`,
    );
  return amount;
}

/** How the reference emulator is started. */
export interface EmulatorOptions {
  /** TCP port; 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** The address to listen at; 127.0.0.1 when it is not given. */
  readonly host?: string | undefined;
  /** The AWS region that it says it is; us-east-1 when it is not given. */
  readonly region?: string | undefined;
  /** The name of one thing that it does wrong, as `token-conformance defects` lists them, such as `code-reusable`. */
  readonly defect?: string | undefined;
}

/** A reference emulator that is listening. */
export interface Emulator {
  /** Base URL of the endpoint, without a slash at its end. */
  readonly url: string;
  /** URL of its fixture service, for the `fixtures` of a target. */
  readonly fixtures: string;
  /** URL of the JWK Set that verifies its ID tokens, for the `jwks` of a target. */
  readonly jwks: string;
  /** Ends it and all its connections. */
  close(): Promise<void>;
}

/**
 * Starts the reference emulator within this process: an endpoint that answers as the contract says, or with one
 * defect, to try a client or a suite against. Its state lives in memory and ends with it.
 *
 * ```ts
 * const emulator = await startEmulator({ defect: 'code-reusable' });
 * // … requests to emulator.url
 * await emulator.close();
 * ```
 *
 * @throws {UserError} (the promise rejects) when there is no such defect; the error of `listen`, such as EADDRINUSE,
 *   when the port cannot be had
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, host = '127.0.0.1', region = 'us-east-1', defect: name } = options;
  const defect = name === undefined ? undefined : defectNamed(name);
  const { url, fixtures, jwks, close } = await startReferenceEmulator({
    port,
    host,
    region,
    behaviours: defect?.behaviours?.() ?? {},
    middleware: defect?.middleware?.(),
  });
  return { url, fixtures, jwks, close };
}
