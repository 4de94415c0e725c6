import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerLines } from '../javascript/lines.ts';
import type { AwsTask } from '../words.ts';

/*
 * Signs in with `aws sso login`, each time in a home of its own, so that it registers anew. The argument is the program `aws`.
 */

const [aws = 'aws'] = process.argv.slice(2);
const { stdout } = spawnSync(aws, ['--version'], { encoding: 'utf8' });
const version = /aws-cli\/(\S+)/.exec(stdout)?.[1] ?? 'unknown';
const browser = fileURLToPath(new URL('browser.ts', import.meta.url));

const config = `[profile client]
sso_session = client
[sso-session client]
sso_region = us-east-1
sso_start_url = https://d-1234567890.awsapps.com/start
sso_registration_scopes = sso:account:access
`;

/** Since 2.22 it signs in by a code, unless it is told otherwise; version 1 knows devices only. */
const argumentsFor = ({ request }: AwsTask): string[] => [
  ...['sso', 'login', '--profile', 'client'],
  ...(version.startsWith('2.') && request.grantType !== 'authorization_code' ? ['--use-device-code'] : []),
];

await answerLines({ client: 'AWS CLI', version }, async (task: AwsTask) => {
  const home = mkdtempSync(join(tmpdir(), 'aws-cli-'));
  try {
    writeFileSync(join(home, 'config'), config);
    const { status, said } = await login(task, home);
    return status === 0
      ? { seen: /Success/.test(said) ? 'granted' : 'nothing', said }
      : { seen: errorIn(said), said };
  } finally {
    rmSync(home, { recursive: true });
  }
});

function login(task: AwsTask, home: string): Promise<{ status: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(aws, argumentsFor(task), {
      env: {
        ...process.env,
        HOME: home,
        AWS_CONFIG_FILE: join(home, 'config'),
        AWS_ENDPOINT_URL_SSO_OIDC: task.endpoint,
        BROWSER: `${process.execPath} ${browser} %s`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    child.on('error', ({ message }) => resolve({ status: null, said: message }));
    child.on('close', (status) => resolve({ status, said }));
  });
}

/** It names an exception, except for the one that it has a sentence for. */
function errorIn(said: string): string {
  const named = /An error occurred \((\w+)\)/.exec(said)?.[1];
  if (named !== undefined) return named;
  return said.includes('authorization to retrieve an SSO token has expired')
    ? 'ExpiredTokenException'
    : 'no name';
}
