import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../cli/commands.ts';
import type { Emulator } from '../../emulator/server.ts';
import { startEmulator } from '../support/emulator.ts';
import { folderForThisFile } from './support.ts';

const folder = folderForThisFile();
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** A target whose one client redirects to where nobody on this machine can listen. */
async function targetFile(): Promise<string> {
  const issuer = `${emulator.url}/oauth2`;
  const response = await fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ client_name: 'web', redirect_uris: ['https://app.example/cb'] }),
  });
  const { client_id: clientId, client_secret: clientSecret } = (await response.json()) as Record<
    string,
    string
  >;
  const redirectUris = ['https://app.example/cb'];
  const clients = { web: { clientId, clientSecret, redirectUris } };
  return folder.write(
    'target.json',
    JSON.stringify({ name: 'by hand', profile: 'oauth21', issuer, clients }),
  );
}

const oneCase = async (): Promise<string[]> => [
  ...['run', '--interactive', '--seed', '1', '--target', await targetFile(), '--out', folder.path],
  ...['--case', 'authorization-code/altered-code'],
];

test('a person at the command pastes where their browser ended', async () => {
  const stdin = new PassThrough();
  const shown: string[] = [];
  const told: string[] = [];
  const code = await main(await oneCase(), {
    stdin: () => stdin,
    stdout: { write: (text) => shown.push(text) },
    stderr: {
      write: (text) => {
        told.push(text);
        const url = /^ {2}(http\S+)$/m.exec(text)?.[1];
        if (url !== undefined)
          void fetch(url, { redirect: 'manual' }).then(({ headers }) =>
            stdin.write(`${headers.get('location')}\n`),
          );
      },
    },
    whenInterrupted: () => undefined,
  });
  expect({ code, shown: shown.join('') }).toMatchObject({ code: 0 });
  expect(told.join('')).toContain('paste the URL that the browser ended at');
});

test('nobody at the command is why nothing was tested, and a repetition asks again', async () => {
  const stdin = new PassThrough();
  stdin.end();
  const shown: string[] = [];
  const code = await main(await oneCase(), {
    stdin: () => stdin,
    stdout: { write: (text) => shown.push(text) },
    stderr: { write: () => undefined },
    whenInterrupted: () => undefined,
  });
  expect(code).toBe(2);
  expect(readFileSync(folder.file('report.json'), 'utf8')).toContain('--interactive');
  expect(shown.join('').replace(/\s+/g, ' ')).toContain('nobody came back from the browser');
});
