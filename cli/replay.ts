import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../harness/report/report.ts';
import type { Place } from '../harness/trial.ts';
import { forJsonFile } from '../reporters/escape.ts';
import { problemsWith, sentence } from '../schemas/read.ts';
import { UserError } from '../targets/problem.ts';
import type { Gate } from './gate.ts';

/** A counterexample as a replay file keeps it; see `schemas/replay.json`. */
export interface ReplayEntry extends Place {
  readonly case: string;
  /** In JSON, for people. */
  readonly value: unknown;
  readonly problem: string;
}

export interface ReplayFile {
  readonly schemaVersion: string;
  readonly counterexamples: readonly ReplayEntry[];
}

const schemaVersion = '1.0';

/** What a report found by generated values, ready to be tried again; empty when it found nothing. */
export function replayOf({ verdicts }: Report): ReplayEntry[] {
  return verdicts.flatMap(({ case: id, generated }) => {
    if (generated?.counterexample == null) return [];
    const { seed, path, value, problem } = generated.counterexample;
    return [{ case: id, seed, path, value, problem }];
  });
}

/**
 * Writes `replay.json` beside a report that has counterexamples; returns its path.
 *
 * @throws {LeakError} when a secret stands in it: then it is not written
 */
export function writeReplay(report: Report, folder: string, gate: Gate): string | undefined {
  const entries = replayOf(report);
  const file = join(folder, 'replay.json');
  if (entries.length === 0) return undefined;
  gate.check('replay.json', textOf(entries), (one) => textOf(replayOf(one)));
  writeFileSync(file, textOf(entries));
  return file;
}

/**
 * Reads a replay file.
 *
 * @throws {UserError} when it cannot be read or is none
 */
export function readReplay(file: string): readonly ReplayEntry[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`The replay file ${file} cannot be read: ${(error as Error).message}`);
  }
  const [problem] = problemsWith('replay', content);
  if (problem !== undefined) throw new UserError(`${file} is no replay file: ${sentence(problem)}.`);
  const { counterexamples } = content as ReplayFile;
  if (counterexamples.length === 0)
    throw new UserError(`The replay file ${file} has no counterexample left: delete it.`);
  return counterexamples;
}

/** Takes out of a replay file what passes now; deletes a file that has nothing left. Returns how many are left. */
export function settleReplay(file: string, entries: readonly ReplayEntry[], { verdicts }: Report): number {
  const passed = new Set(verdicts.filter(({ verdict }) => verdict === 'pass').map(({ case: id }) => id));
  const left = entries.filter((entry) => !passed.has(entry.case));
  if (left.length === 0) rmSync(file);
  else if (left.length < entries.length) writeFileSync(file, textOf(left));
  return left.length;
}

function textOf(counterexamples: readonly ReplayEntry[]): string {
  const content: ReplayFile = { schemaVersion, counterexamples };
  return forJsonFile(content);
}
