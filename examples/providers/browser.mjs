/**
 * A fixture module that drives a browser, for pages that need scripts: codes, and the decisions on devices. Name it in
 * the target file (`fixtures: ./browser.mjs`) and make these pages yours: what stands under "Yours" below.
 *
 *   npm install playwright-core
 *   AUTHORIZATION_ENDPOINT=https://id.example/authorize TEST_USER=alice TEST_PASSWORD=… npx token-conformance run --target server.yaml
 *
 * BROWSER is the path of a Chromium, where it is not /usr/bin/chromium.
 */
import { randomBytes } from 'node:crypto';
import { chromium } from 'playwright-core';

const { AUTHORIZATION_ENDPOINT = '', TEST_USER = '', TEST_PASSWORD = '' } = process.env;
const { BROWSER = '/usr/bin/chromium' } = process.env;

/** Milliseconds for one thing on a page: less than `timeoutSeconds` of the target, which is for a whole walk. */
const timeout = 5_000;

// Yours: what stands on the pages of your server.
const username = 'input[name=username], input[name=login], input[type=email]';
const password = 'input[type=password]';
const userCode = 'input[name=user_code], input[name=device_user_code]';
const forward = /^(?:sign.?in|log.?in|continue|next|submit|allow|accept|approve|authorize|yes|ok)$/i;
const refuse = /\b(?:deny|cancel|reject|no|abort)\b/i;

let browser;

/** Each walk has cookies of its own. The browser ends with the process. */
async function walking(walk) {
  browser ??= chromium.launch({
    executablePath: BROWSER,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const context = await (await browser).newContext({ locale: 'en' });
  context.setDefaultTimeout(timeout);
  try {
    return await walk(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Fills in what a page asks for and goes on; false where there is nothing to press. */
async function step(page, { code, decision = 'approve' }) {
  const fill = async (selector, value) => {
    const field = page.locator(selector).first();
    const isEmpty =
      (await field.isVisible()) && (await field.isEditable()) && (await field.inputValue()) === '';
    if (isEmpty) await field.fill(value);
    return isEmpty;
  };
  if (code !== undefined) await fill(userCode, code);
  await fill(username, TEST_USER);
  await fill(password, TEST_PASSWORD);
  const denial = page.getByRole('button', { name: refuse }).first();
  const isDenial = decision === 'deny' && (await denial.isVisible());
  const button = isDenial ? denial : page.getByRole('button', { name: forward }).first();
  await page.waitForLoadState();
  if (!(await button.isVisible())) return false;
  const before = page.url();
  await button.click();
  await page.waitForURL((url) => url.href !== before, { timeout: 1_000 }).catch(() => undefined);
  return isDenial ? 'denied' : 'went on';
}

export async function authorizationCode({
  clientId,
  redirectUri,
  scope,
  nonce,
  codeChallenge,
  codeChallengeMethod,
}) {
  const state = randomBytes(16).toString('base64url');
  const url = new URL(AUTHORIZATION_ENDPOINT);
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scope?.join(' '),
    state,
    nonce,
    code_challenge: codeChallenge,
    code_challenge_method: codeChallengeMethod,
    // OpenID Connect Core section 11: it goes with offline_access.
    prompt: scope?.includes('offline_access') ? 'consent' : undefined,
  };
  for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value);
  return walking(async (page) => {
    // Nobody listens at the redirect URI: what the browser asks for there is the answer.
    const answered = new Promise((resolve) => {
      page.on('request', (request) => {
        const { searchParams, origin, pathname } = new URL(request.url());
        const isThere = redirectUri === undefined || redirectUri.startsWith(origin + pathname);
        if (isThere && searchParams.get('state') === state && request.url() !== url.href)
          resolve(searchParams);
      });
    });
    const opened = page.goto(url.href).catch(() => undefined);
    for (let pages = 0; pages < 10; pages += 1) {
      const waited = new Promise((resolve) => setTimeout(resolve, 200));
      const answer = await Promise.race([answered, Promise.all([opened, waited])]);
      if (answer instanceof URLSearchParams) {
        const [code, error] = [answer.get('code'), answer.get('error')];
        if (code === null) throw new Error(`${error}: ${answer.get('error_description') ?? ''}`);
        return { code, exactly: true };
      }
      const went = await Promise.race([answered, step(page, {}).catch(() => false)]);
      if (went === false && pages > 2) break;
    }
    throw new Error(
      `no code: the browser is at ${page.url().replace(/[?#].*/s, '')} (${await page.title()})`,
    );
  });
}

export async function deviceDecision({ userCode: code, decision, verificationUri }) {
  return walking(async (page) => {
    await page.goto(verificationUri);
    for (let pages = 0; pages < 10; pages += 1)
      if ((await step(page, { code, decision })) !== 'went on') break;
    const said = await page.locator('body').innerText();
    const wished =
      decision === 'deny'
        ? /den(?:y|ied)|reject|cancel|abort|interrupt/i
        : /success|approved|authori[sz]ed|close/i;
    // What cannot be seen to have happened is refused: else the endpoint would be blamed.
    if (!wished.test(said)) throw new Error(`the device page says "${said.slice(0, 100)}"`);
    return {};
  });
}
