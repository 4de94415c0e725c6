import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { interactive, type Person } from '../../targets/providers/interactive.ts';
import { defaultsOf, type Target } from '../../targets/target/target.ts';

const target: Target = {
  ...defaultsOf('oauth-form', 'oidc'),
  name: 'pages',
  endpoint: { authorization: 'http://127.0.0.1:1/authorize', token: 'http://127.0.0.1:1/token' },
};

/** Does what is told, when told: types the lines that `act` returns. */
function personWho(act: (said: string) => Promise<readonly string[] | undefined>) {
  const lines: (string | undefined)[] = [];
  let told = Promise.withResolvers<void>();
  const said: string[] = [];
  const person: Person = {
    say: (text) => {
      said.push(text);
      void act(text).then((typed) => {
        lines.push(...(typed ?? [undefined]));
        told.resolve();
      });
    },
    async line(signal) {
      while (lines.length === 0 && !signal.aborted) {
        told = Promise.withResolvers<void>();
        signal.addEventListener('abort', () => told.resolve());
        await told.promise;
      }
      return lines.shift();
    },
    countdown: () => undefined,
  };
  return { person, said };
}

const stateIn = (said: string): string => /state=([\w-]+)/.exec(said)?.[1] ?? '';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.each(['GET', 'POST'])('a person comes back to a redirect URI on this machine by %s', async (method) => {
  const redirectUri = `http://127.0.0.1:${await freePort()}/cb`;
  const answered = Promise.withResolvers<readonly number[]>();
  const { person } = personWho(async (said) => {
    const answer = new URLSearchParams({ code: 'the-code', state: stateIn(said) });
    const wrong = await fetch(redirectUri);
    const right = await (method === 'GET'
      ? fetch(`${redirectUri}?${answer}`)
      : fetch(redirectUri, { method, body: answer }));
    answered.resolve([wrong.status, right.status]);
    return [];
  });
  const offer = await interactive(target, person)('authorization-code', { clientId: 'c', redirectUri });
  expect(offer).toEqual({ kind: 'given', output: { code: 'the-code', exactly: true } });
  expect(await answered.promise).toEqual([404, 200]);
  await expect(fetch(redirectUri)).rejects.toThrow();
});

test('a person pastes where their browser ended', async () => {
  const redirectUri = 'https://app.example/cb';
  const { person, said } = personWho(async (text) =>
    text.includes('authorize')
      ? ['no URL', 'https://elsewhere.example/', `${redirectUri}?code=c&state=${stateIn(text)}`]
      : [],
  );
  const provider = interactive(target, person);
  const input = { clientId: 'c', redirectUri };
  expect(await provider('authorization-code', input)).toMatchObject({ kind: 'given', output: { code: 'c' } });
  expect(said.join('\n')).toContain('That is not the URL of an answer to this request.');
});

test('what the server refused is a refusal', async () => {
  const redirectUri = 'https://app.example/cb';
  const { person } = personWho(async (text) =>
    text.includes('authorize') ? [`${redirectUri}?error=invalid_scope&state=${stateIn(text)}`] : [],
  );
  expect(await interactive(target, person)('authorization-code', { clientId: 'c', redirectUri })).toEqual({
    kind: 'refused',
    message: 'the authorization endpoint answered invalid_scope',
  });
});

test('a person who has gone is not asked for ever', async () => {
  const { person, said } = personWho(async () => undefined);
  const provider = interactive(target, person);
  const input = { clientId: 'c', redirectUri: 'https://app.example/cb' };
  for (let turn = 0; turn < 4; turn += 1)
    expect(await provider('authorization-code', input)).toMatchObject({ kind: 'failed' });
  expect(said.filter((text) => text.startsWith('Open this'))).toHaveLength(2);
});

test('a person decides on a device, or says why not', async () => {
  const { person, said } = personWho(async (text) =>
    text.includes('DENY') ? ['there is no such button'] : [''],
  );
  const provider = interactive(target, person);
  const device = { userCode: 'WXYZ', verificationUri: 'http://127.0.0.1:1/device' };
  expect(await provider('device-decision', { ...device, decision: 'approve' })).toEqual({
    kind: 'given',
    output: {},
  });
  expect(await provider('device-decision', { ...device, decision: 'deny' })).toEqual({
    kind: 'refused',
    message: 'there is no such button',
  });
  expect(said[0]).toContain('Open http://127.0.0.1:1/device, enter WXYZ, and approve the request.');
  expect(await provider('client', {})).toEqual({ kind: 'not-offered' });
});
