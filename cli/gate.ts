import type { Sieve } from '../harness/capture/sieve.ts';
import { makeReport, type Report, type ReportVerdict, type Run } from '../harness/report.ts';
import { readMark } from '../harness/vault.ts';
import { problemsWith, sentence } from '../schemas/read.ts';

/** A secret would have stood in an artefact. The artefact is not kept. */
export class LeakError extends Error {}

/** Looks for every secret that a run has sent or received, in every spelling, in what is about to be kept. */
export interface Gate {
  /**
   * @param render the same artefact of another report
   * @throws {LeakError} when a secret stands in the text, and not because it is a word of ours
   */
  check(artefact: string, text: string, render: (report: Report) => string): void;
}

/** @param blank what a run that saw nothing comes to: all that stands in its artefacts is ours */
export function createGate(sieve: Pick<Sieve, 'find'>, blank: () => Report): Gate {
  let seen: Report | undefined;
  return {
    check(artefact, text, render) {
      let ours: string | undefined;
      for (const line of new Set(text.split('\n')))
        for (const { start, end, mark } of sieve.find(line)) {
          seen ??= blank();
          ours ??= render(seen);
          if (!ours.includes(line.slice(start, end))) throw new LeakError(messageFor(artefact, mark));
        }
    },
  };
}

function messageFor(artefact: string, mark: string): string {
  const { kind = 'secret', length = 0 } = readMark(mark) ?? {};
  return `a secret stands in ${artefact} (${kind}, ${length} characters)`;
}

/**
 * The report of a run as it may be kept: no verdict in which a secret stands, and none that the format does not allow.
 * Such a case ended in a fault of ours, and nothing else of it is said.
 *
 * @throws {LeakError} when a secret stands in what is no verdict
 */
export function keptReport(run: Run, gate: Gate): Report {
  const report = makeReport(run);
  const faults = new Map([...(run.faults ?? []), ...invalid(report), ...leaking(report, gate)]);
  const kept = faults.size === (run.faults?.size ?? 0) ? report : makeReport({ ...run, faults });
  gate.check('report.json', textOf({ ...kept, verdicts: [] }), textOf);
  return kept;
}

const textOf = (report: Report): string => JSON.stringify(report);

/** By case: what the format does not allow in its verdict. */
function* invalid(report: Report): Iterable<[string, string]> {
  for (const problem of problemsWith('report', report)) {
    const at = /^\/verdicts\/(\d+)/.exec(problem.instancePath)?.[1];
    const id = report.verdicts[Number(at)]?.case;
    if (id !== undefined) yield [id, `its verdict cannot be written down: ${sentence(problem)}`];
  }
}

/** By case: which secret stands in its verdict. */
function* leaking({ verdicts }: Report, gate: Gate): Iterable<[string, string]> {
  for (const one of verdicts) {
    const why = whyLeaking(one, gate);
    if (why !== undefined) yield [one.case, `${why}: nothing of it is kept`];
  }
}

function whyLeaking(one: ReportVerdict, gate: Gate): string | undefined {
  try {
    gate.check('its verdict', JSON.stringify(one), textOf);
    return undefined;
  } catch (error) {
    if (error instanceof LeakError) return error.message;
    throw error;
  }
}
