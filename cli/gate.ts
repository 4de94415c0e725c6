import type { Sieve } from '../harness/capture/sieve.ts';
import { readMark } from '../harness/capture/vault.ts';
import { makeReport, type Report, type Run } from '../harness/report/report.ts';
import type { ReportVerdict } from '../harness/report/report-verdict.ts';
import { withoutSecrets } from '../harness/run/run-case.ts';
import { textsIn } from '../harness/texts.ts';
import { problemsWith, sentence } from '../schemas/read.ts';

/** A secret would have stood in an artefact. The artefact is not kept. */
export class LeakError extends Error {}

/** Looks for every secret that a run has sent or received, in every spelling, in what is about to be kept. */
export interface Gate {
  /**
   * @param texts what is kept, as one text or as several
   * @param render the same artefact of another report
   * @throws {LeakError} when a secret stands in one of the texts, and not because it is a word of ours
   */
  check(artefact: string, texts: string | readonly string[], render: (report: Report) => string): void;
}

/** @param blank what a run that saw nothing comes to: all that stands in its artefacts is ours */
export function createGate(sieve: Pick<Sieve, 'find'>, blank: () => Report): Gate {
  let seen: Report | undefined;
  const rendered = new Map<(report: Report) => string, string>();
  /** What an artefact of a run that saw nothing says; of a run, every verdict is asked for it. */
  function oursIn(render: (report: Report) => string): string {
    seen ??= blank();
    const ours = rendered.get(render) ?? render(seen);
    rendered.set(render, ours);
    return ours;
  }
  return {
    check(artefact, texts, render) {
      for (const line of typeof texts === 'string' ? new Set(texts.split('\n')) : texts)
        for (const { start, end, mark } of sieve.find(line)) {
          if (!oursIn(render).includes(line.slice(start, end)))
            throw new LeakError(messageFor(artefact, mark));
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
 * A secret that was known only later, since one case was shown what another one was issued, is replaced. A case of
 * which more is wrong ended in a fault of ours, and nothing else of it is said.
 *
 * @throws {LeakError} when a secret stands in what is no verdict
 */
export function keptReport(run: Run, gate: Gate, sieve: Pick<Sieve, 'scrub'>): Report {
  let kept = makeReport(run);
  let clean = run;
  let leaks = leaking(kept, gate);
  if (leaks.length > 0) {
    clean = { ...run, results: run.results.map((result) => withoutSecrets(result, sieve)) };
    kept = makeReport(clean);
    leaks = leaking(kept, gate);
  }
  const wrong = [...leaks, ...invalid(kept)];
  if (wrong.length > 0) kept = makeReport({ ...clean, faults: new Map([...(run.faults ?? []), ...wrong]) });
  gate.check('report.json', textsIn({ ...kept, verdicts: [] }), textOf);
  return kept;
}

const textOf = (report: Report): string => JSON.stringify(report);

/** By case: what the format does not allow in its verdict. */
function invalid(report: Report): [string, string][] {
  // What only passes holds nothing that was put together on the way; to check it takes as long as to write it.
  if (report.verdicts.every(({ verdict }) => verdict === 'pass' || verdict === 'not-applicable')) return [];
  return problemsWith('report', report).flatMap((problem): [string, string][] => {
    const at = /^\/verdicts\/(\d+)/.exec(problem.instancePath)?.[1];
    const id = report.verdicts[Number(at)]?.case;
    return id === undefined ? [] : [[id, `its verdict cannot be written down: ${sentence(problem)}`]];
  });
}

/** By case: which secret stands in its verdict. */
function leaking({ verdicts }: Report, gate: Gate): [string, string][] {
  return verdicts.flatMap((one): [string, string][] => {
    const why = whyLeaking(one, gate);
    return why === undefined ? [] : [[one.case, `${why}: nothing of it is kept`]];
  });
}

function whyLeaking(one: ReportVerdict, gate: Gate): string | undefined {
  try {
    gate.check('its verdict', textsIn(one), textOf);
    return undefined;
  } catch (error) {
    if (error instanceof LeakError) return error.message;
    throw error;
  }
}
