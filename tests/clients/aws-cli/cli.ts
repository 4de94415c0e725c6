import { spawn, spawnSync } from 'node:child_process';

/** The program `aws`, which the driver names. */
const [program = 'aws'] = process.argv.slice(2);

/** Who it says it is. */
export function installed() {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return { client: 'AWS CLI', version: /aws-cli\/(\S+)/.exec(stdout)?.[1] ?? 'unknown' };
}

export interface Ended {
  /** Null where it did not end by itself. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs one command, to its end. */
export function aws(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { ...process.env, AWS_PAGER: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', ({ message }) => resolve({ status: null, out, err: message }));
    child.on('close', (status) => resolve({ status, out, err }));
  });
}

/** The exception that a command names. */
export const exceptionIn = ({ err }: Ended): string | undefined =>
  /An error occurred \((\w+)\)/.exec(err)?.[1];
