import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { certify, type Report } from '../../cli/api.ts';
import type { Emulator } from '../../emulator/server.ts';
import { endpointsOf, startEmulator } from '../support/emulator.ts';
import { type LoginServer, type PageRequest, startLoginServer } from '../support/login-server.ts';

/** The emulator behind a login of its own, which says everything that it was told. */
let emulator: Emulator;
let login: LoginServer;
const password = `pw-${randomUUID()}`;
const otp = `otp-${randomUUID()}`;
const given: string[] = [];
/** What the login is, as the pages see it. */
let right = password;

beforeAll(async () => {
  emulator = await startEmulator();
  const issuer = `${emulator.url}/oauth2`;
  const page = (action: string, { query, form, cookies }: PageRequest, fields: string, status = 200) => {
    const kept = query.get('to') ?? form.get('to') ?? query.toString();
    const session = randomUUID();
    given.push(session);
    const echo = [...form.values(), ...cookies.values()].join(' ');
    return {
      status,
      headers: { 'Set-Cookie': `session=${session}` },
      html: `<title>${echo}</title><p>${echo}</p><form method=post action=${action}><input type=hidden name=to value="${kept.replaceAll('&', '&amp;')}">${fields}<button>Sign in</button></form>`,
    };
  };
  login = await startLoginServer({
    '/authorize': (one) => page('/login', one, '<input name=user><input type=password name=password>'),
    '/login': (one) =>
      one.form.get('password') === right
        ? page('/otp', one, '<input name=otp>')
        : page('/login', one, '<input name=user><input type=password name=password>'),
    '/otp': (one) =>
      one.form.get('otp') === otp
        ? { status: 303, headers: { Location: `${issuer}/authorize?${one.form.get('to')}` } }
        : page(
            '/otp',
            one,
            `<input name=otp><label for=x>${one.form.get('otp')}</label><input id=x name=other required>`,
          ),
  });
});
afterAll(async () => {
  await login.close();
  await emulator.close();
});

const certified = (fields: Record<string, string> | undefined): Promise<Report> =>
  certify(
    {
      name: 'behind a login',
      profile: 'oauth21',
      endpoints: { ...endpointsOf(`${emulator.url}/oauth2`), authorization: `${login.url}/authorize` },
      login: { username: 'alice', password, ...(fields && { fields }) },
    },
    {
      cases: ['authorization-code/valid', 'authorization-code/altered-code', 'refresh-token/valid'],
      seed: 1,
    },
  );

const reasons = ({ verdicts }: Report): string[] =>
  verdicts.map(({ verdict, reason }) => `${verdict}: ${reason}`);

/** Whatever went over the wire of the pages. */
function expectNoSecrets(report: Report): void {
  const shown = JSON.stringify(report);
  for (const secret of [password, otp, ...given]) expect(shown).not.toContain(secret);
}

test('codes come through the pages of a login, and nothing of these is in the report', async () => {
  const report = await certified({ otp });
  expect(report.verdicts.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
  expect(given.length).toBeGreaterThan(5);
  expectNoSecrets(report);
});

test('a page that cannot be passed is why nothing was tested', async () => {
  const report = await certified(undefined);
  for (const reason of reasons(report))
    expect(reason).toMatch(/^not-tested: .*login: \{ fields: \{ otp: … \} \}/);
  expectNoSecrets(report);
});

test('a login that is refused is why nothing was tested, and is tried once', async () => {
  right = 'another';
  const before = login.asked.filter(({ path }) => path === '/login').length;
  const report = await certified({ otp });
  right = password;
  for (const reason of reasons(report))
    expect(reason).toMatch(/^not-tested: .*the login of alice was refused at/);
  expect(login.asked.filter(({ path }) => path === '/login').length - before).toBe(1);
  expectNoSecrets(report);
});
