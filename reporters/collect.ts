import type { Trace } from '../harness/capture/sieve.ts';
import type { CaseResult } from '../harness/run/run-case.ts';

/** As much of vitest's test case as the collector reads. */
interface Finished {
  readonly name: string;
  meta(): { readonly result?: CaseResult; readonly traces?: readonly Trace[]; readonly ended?: string };
}

/** What went wrong in vitest itself rather than in a case. */
interface Unhandled {
  readonly message?: string;
}

/** A vitest reporter that collects what the cases came to, and says so as they come. */
export class Collector {
  readonly results: CaseResult[] = [];
  /** Of the secrets that the suites have met. */
  readonly traces: Trace[] = [];
  readonly errors: string[] = [];
  /** What is to be said first where the target has stopped answering. */
  ended: string | undefined;
  readonly #progress: (done: number, last: string) => void;

  constructor(progress: (done: number, last: string) => void) {
    this.#progress = progress;
  }

  onTestCaseResult(finished: Finished): void {
    const { result, traces = [], ended } = finished.meta();
    this.ended ??= ended;
    this.traces.push(...traces);
    if (result !== undefined) this.results.push(result);
    this.#progress(this.results.length, finished.name);
  }

  onTestRunEnd(_modules: unknown, unhandled: readonly Unhandled[]): void {
    this.errors.push(...unhandled.map(({ message }) => message ?? 'an unknown error'));
  }

  onTestModuleEnd(module: { errors(): readonly Unhandled[] }): void {
    this.errors.push(...module.errors().map(({ message }) => message ?? 'an unknown error'));
  }
}
