import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerLines } from '../javascript/lines.ts';
import type { AwsTask } from '../words.ts';
import { aws, type Ended, exceptionIn, installed } from './cli.ts';

/*
 * Signs in with `aws sso login`, each time in a home of its own, so that it registers anew.
 */

const config = `[profile client]
sso_session = client
[sso-session client]
sso_region = us-east-1
sso_start_url = https://d-1234567890.awsapps.com/start
sso_registration_scopes = sso:account:access
`;
const browser = fileURLToPath(new URL('browser.ts', import.meta.url));

await answerLines(installed(), async ({ endpoint, request }: AwsTask) => {
  const home = mkdtempSync(join(tmpdir(), 'aws-cli-'));
  const byCode = request.grantType === 'authorization_code';
  try {
    writeFileSync(join(home, 'config'), config);
    const ended = await aws(
      ['sso', 'login', '--profile', 'client', ...(byCode ? [] : ['--use-device-code'])],
      {
        HOME: home,
        AWS_CONFIG_FILE: join(home, 'config'),
        AWS_ENDPOINT_URL_SSO_OIDC: endpoint,
        // The page of a code comes back to the CLI, which therefore must not wait for it; that of a device is to be done first.
        BROWSER: `${process.execPath} ${browser} %s${byCode ? ' &' : ''}`,
      },
    );
    return { seen: seenIn(ended), said: ended.err };
  } finally {
    rmSync(home, { recursive: true });
  }
});

/** It names an exception, except for the one that it has a sentence for. */
function seenIn(ended: Ended): string {
  if (ended.status === 0) return ended.out.includes('Success') ? 'granted' : 'nothing';
  const hasExpired = ended.err.includes('authorization to retrieve an SSO token has expired');
  return exceptionIn(ended) ?? (hasExpired ? 'ExpiredTokenException' : 'no name');
}
