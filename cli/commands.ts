import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { Shard } from '../harness/plan/plan.ts';
import type { Report } from '../harness/report/report.ts';
import { type Budget, readBudget } from '../harness/trial.ts';
import { forTerminal } from '../reporters/escape.ts';
import { renderTerminal } from '../reporters/terminal.ts';
import { didYouMean, UserError } from '../targets/problem.ts';
import { explain } from './explain.ts';
import { LeakError } from './gate.ts';
import { hasColors, type Io } from './io.ts';
import { list } from './list.ts';
import { progressOn } from './progress.ts';
import { addReportCommands, formatOption, writeArtefacts } from './report-commands.ts';
import { suite } from './suite.ts';
import { type FormatName, interruptedCode, wrongUse } from './words.ts';

/** It is our own fault. */
const ownFault = 4;

const profileHelp = 'what to certify against, where no target file says it: aws-create-token, oidc …';

const many = (value: string, before: string[] = []) => [...before, value];

function selecting(command: Command): Command {
  return command
    .option(
      '-t, --target <file>',
      'target file, YAML or JSON; the embedded reference emulator when no target is named',
    )
    .option('-e, --endpoint <url>', 'base URL of an endpoint that needs no target file')
    .option('--issuer <url>', 'a server of OAuth 2.0 or OpenID Connect that needs no target file')
    .option('--profile <name>', profileHelp)
    .option('--case <id>', 'only these cases; * stands for anything; may be repeated', many)
    .option('--grant <grant>', 'only the cases of these grants', many)
    .option('--requirement <id>', 'only the cases of these requirements', many);
}

/**
 * Does what the words after the program's name say, and resolves to the exit code. Text goes where it was told to, and
 * the process is never ended.
 */
export async function main(argv: readonly string[], given: Omit<Io, 'exitCode'>): Promise<number> {
  const io: Io = { ...given, exitCode: 0 };
  const program = programFor(io);
  try {
    checkCommand(program, argv[0]);
    await program.parseAsync(argv, { from: 'user' });
    return io.exitCode;
  } catch (error) {
    return report(error, io);
  }
}

function programFor(io: Io): Command {
  const { stdout, stderr } = io;
  const program = new Command(suite.name)
    .description(
      'Certifies OIDC token endpoints: which requirements hold, which are broken, which could not be observed.',
    )
    .version(suite.version)
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    });

  selecting(program.command('run', { isDefault: true }).description('certify a target and write report.json'))
    .option('-o, --out <folder>', 'where report.json goes', 'report')
    .option('--strict', 'a broken SHOULD fails, and only documented answers are accepted')
    .option('--seed <number>', 'repeats what a run sent', wholeNumber)
    .option(
      '--budget <amount>',
      'how much is generated: quick, standard, thorough, or a duration such as 90s',
      budget,
    )
    .option('--dry-run', 'say what would be sent, and send nothing')
    .option('--no-guesses', 'leave out what says a wrong secret or password: a server may lock who does')
    .option('--rate <number>', 'requests a second that may go to the target', rate)
    .option('--concurrency <number>', 'cases that may run at the same time', concurrency)
    .option('--shard <part>', 'only part 2 of 3, say: 2/3 (see merge)', shard)
    .option('--baseline <file>', 'known failures of this target: they do not fail the run')
    .option('--certificate', 'write certificate.json when the run deserves one')
    .addOption(formatOption())
    .option('--interactive', 'ask a person with a browser for what the pages of the server give')
    .option('--replay <file>', 'try only the counterexamples of this file, and take out those that pass')
    .action(async ({ replay: file, certificate = false, format = [], interactive = false, ...options }) => {
      const formats: FormatName[] = format;
      if (options.dryRun) {
        const { dryRun } = await import('./dry-run.ts');
        stdout.write(dryRun(options));
        return;
      }
      const { certify, makeFolder, writeReport } = await import('./run.ts');
      const { readReplay, settleReplay, writeReplay } = await import('./replay.ts');
      const replay = file === undefined ? undefined : readReplay(file);
      if (certificate || formats.includes('certificate'))
        checkCertifiable({ ...options, guesses: options.guesses ? undefined : false, replay: file });
      const progress = progressOn(stderr);
      const warn = (message: string) => stderr.write(`warning: ${forTerminal(message)}\n`);
      const runJob = interactive ? (await import('./interactive.ts')).runWithPerson(io) : io.runJob;
      makeFolder(options.out);
      const interruption = new AbortController();
      io.whenInterrupted(async () => interruption.abort());
      try {
        const { report, gate } = await certify({
          ...options,
          interactive,
          replay,
          runJob,
          interrupted: interruption.signal,
          // Two cannot rewrite one line.
          progress: interactive ? () => {} : progress.show,
          warn,
        });
        progress.clear();
        const written = writeReport(report, options.out);
        io.exitCode = interruption.signal.aborted ? interruptedCode : report.exitCode;
        const color = hasColors(io);
        const shown = (one: Report) => renderTerminal(one, { color });
        const text = shown(report);
        gate.check('what is printed', text, shown);
        stdout.write(text);
        stdout.write(`report: ${written}\n`);
        await writeArtefacts(written, report, { out: options.out, format: formats, certificate, gate }, io);
        if (replay !== undefined) {
          const left = settleReplay(file, replay, report);
          stdout.write(
            left > 0 ? `replay: ${file} (${left} left)\n` : `replay: nothing left, ${file} is deleted\n`,
          );
        } else {
          const found = writeReplay(report, options.out, gate);
          if (found !== undefined) stdout.write(`counterexamples: ${found} (try them again with --replay)\n`);
        }
      } finally {
        progress.clear();
      }
    });

  program
    .command('init')
    .description('look at the metadata of a server, and write a target file for it')
    .requiredOption('--issuer <url>', 'the issuer, as its metadata has it')
    .option('--profile <name>', 'oidc where the server is an OpenID provider, else oauth2')
    .option('-o, --out <file>', 'the target file, which must not be there yet', 'target.yaml')
    .action(async (options) => {
      const { init } = await import('./init.ts');
      const warn = (message: string) => stderr.write(`warning: ${forTerminal(message)}\n`);
      stdout.write(await init(options, warn));
    });

  program
    .command('serve')
    .description('start the reference emulator and its fixture service')
    .option('-p, --port <number>', 'port on 127.0.0.1; 0 takes a free one', wholeNumber, 9400)
    .option('--defect <name>', 'with this thing wrong, to see what red looks like; may be repeated', many)
    .option('--upstream <url>', 'the defects in front of this endpoint, in place of the emulator')
    .option('--password-grant', 'with the grant "password", which RFC 9700 forbids')
    .option('--misbehave <name>', 'behind a socket that does not keep to HTTP, or answers with malice')
    .action(async (options) => {
      const { serve } = await import('./serve.ts');
      await serve(options, io);
    });

  program
    .command('defects')
    .description('list the seeded defects for `serve --defect`')
    .option('--any-endpoint', 'only those that can stand in front of any endpoint')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { listDefects } = await import('./serve.ts');
      stdout.write(listDefects(options));
    });

  program
    .command('misbehaviours')
    .description('list the misbehaviours for `serve --misbehave`')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { listMisbehaviours } = await import('./serve.ts');
      stdout.write(listMisbehaviours(options));
    });

  selecting(
    program
      .command('list')
      .description('show the plan without a network: cases, requirements, cells, counts'),
  )
    .option(
      '--budget <amount>',
      'for how much generated traffic: quick, standard, thorough or a duration',
      budget,
    )
    .option('--json', 'as JSON')
    .action(async (options) => {
      stdout.write(await list(options));
    });

  program
    .command('explain <id>')
    .description('show a requirement or a case: statement, source, level, cases')
    .option('-t, --target <file>', 'target file, for its profile')
    .option('--profile <name>', profileHelp)
    .action((id, options) => {
      stdout.write(explain(id, options));
    });

  addReportCommands(program, io);

  return program;
}

/** Says what is wrong, once and without a stack, and returns the exit code. */
function report(error: unknown, { stderr }: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : wrongUse;
  if (error instanceof UserError) {
    stderr.write(`${forTerminal(error.message, { lines: true })}\n`);
    return wrongUse;
  }
  stderr.write(`This is a fault of ${suite.name} itself, not of the target. Please report it:\n`);
  if (error instanceof LeakError) {
    stderr.write(`${error.message}. It is not kept; report.json is, and holds none.\n`);
    return ownFault;
  }
  stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return ownFault;
}

/** An unknown command would otherwise be taken for an argument of `run`. */
function checkCommand(program: Command, word: string | undefined): void {
  const known = [...program.commands.map((command) => command.name()), 'help'];
  if (word === undefined || word.startsWith('-') || known.includes(word)) return;
  throw new UserError(`There is no command "${word}".${didYouMean(word, known)} Known: ${known.join(', ')}.`);
}

/** Before a long run that could not be certified anyway. */
function checkCertifiable(options: Readonly<Record<string, unknown>>): void {
  const left = ['case', 'grant', 'requirement', 'shard', 'replay'].find(
    (name) => options[name] !== undefined,
  );
  if (options.guesses === false)
    throw new UserError('--certificate needs a whole run: leave --no-guesses out.');
  if (left !== undefined)
    throw new UserError(`--certificate needs a whole run: leave --${left} out, or merge the parts first.`);
}

function shard(text: string): Shard {
  const [, index = 0, of = 0] = (/^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new InvalidArgumentError('It must be a part and their number, such as 2/3.');
}

function budget(text: string): Budget {
  const found = readBudget(text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError('It must be quick, standard, thorough, or a duration such as 90s or 5m.');
}

function rate(text: string): number {
  const number = /^\d{1,4}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (number > 0 && number <= 1_000) return number;
  throw new InvalidArgumentError('It must be a number above 0 and up to 1000.');
}

function concurrency(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 96) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 96.');
}

function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(text);
}
