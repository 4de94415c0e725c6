import type { RunJob } from './certify.ts';

/** Where text goes: a stream of the process, or what stands for one. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  hasColors?(): boolean;
}

/** What a command has of the process that it runs in. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** What somebody types, where anybody does. */
  readonly stdin?: () => NodeJS.ReadableStream;
  /** Of the command, so far. */
  exitCode: number;
  /** What is to be done when somebody ends a command that goes on until then. */
  readonly whenInterrupted: (stop: () => Promise<void>) => void;
  /** Where cases are run; in vitest, in a process of their own, when it is not given. */
  readonly runJob?: RunJob;
}

export const hasColors = ({ stdout }: Io): boolean => stdout.hasColors?.() ?? false;
