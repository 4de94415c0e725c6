import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../harness/report/report.ts';

import { renderHtml } from '../../reporters/html.ts';
import { sampleReport, withHostileText } from './sample-report.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const present = existsSync(executablePath);
if (!present)
  console.warn(
    `The HTML page was not tried in a browser: there is no ${executablePath}. Install Chromium, or name one in CHROMIUM.`,
  );

/** As much of a details element as is used here. */
interface Details {
  open: boolean;
}

const attacks = [
  '<script>window.pwned=1;alert(1)</script>',
  '"><img src="http://127.0.0.1:9/x" onerror="window.pwned=1">',
  '\' onfocus="window.pwned=1" autofocus x="',
  '</title></style></script></pre></details><svg onload="window.pwned=1">',
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  'javascript:window.pwned=1',
];

describe.skipIf(!present)(
  present
    ? 'the HTML page in a browser'
    : 'the HTML page in a browser (not run: no Chromium on this machine)',
  () => {
    let browser: Browser;
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'html-report-'));
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    });

    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** A page is kept for each way to look: opening a file leaves nothing of the one before. */
    const kept = new Map<string, Promise<Page>>();
    function pageFor(options: BrowserContextOptions): Promise<Page> {
      const way = JSON.stringify(options);
      const page = kept.get(way) ?? browser.newContext(options).then((context) => context.newPage());
      kept.set(way, page);
      return page;
    }

    let opened = 0;
    /** Opens a file of its own from the disk, and notes what it asks for and complains of. */
    async function open(
      what: Report | string = sampleReport(),
      { hash = '', ...options }: BrowserContextOptions & { readonly hash?: string } = {},
    ): Promise<{ page: Page; requests: string[]; messages: string[]; url: string }> {
      const file = join(folder, `report-${++opened}.html`);
      writeFileSync(file, typeof what === 'string' ? what : renderHtml(what));
      const page = await pageFor(options);
      page.removeAllListeners();
      const requests: string[] = [];
      const messages: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('console', (message) => messages.push(message.text()));
      page.on('pageerror', ({ message }) => messages.push(message));
      page.on('dialog', (dialog) => {
        messages.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      const url = pathToFileURL(file).href;
      await page.goto(url + hash);
      return { page, requests, messages, url };
    }

    const caseOf = (page: Page, id: string) =>
      page.locator('.case', { has: page.locator(`[id="case/${id}"]`) });
    const openAll = (page: Page) =>
      page.locator('details').evaluateAll((all: Details[]) => {
        for (const one of all) one.open = true;
      });
    const shown = (page: Page) => page.locator('.case:visible').count();
    const isOpen = (page: Page, id: string) => caseOf(page, id).evaluate((one: Details) => one.open);

    test('asks for nothing but itself and complains of nothing', async () => {
      const { page, requests, messages, url } = await open();
      await openAll(page);
      expect(await page.locator('#shown').textContent()).toBe('8 of 8 shown');
      expect(requests.filter((one) => one !== 'data:,')).toEqual([url]);
      expect(messages).toEqual([]);
    });

    test.each(attacks)('does not run %s, wherever it stands', async (attack) => {
      const { page, requests, messages, url } = await open(
        withHostileText(sampleReport(), (text) => attack + text),
      );
      await openAll(page);
      await page.locator('#search').fill('script');
      expect(await page.evaluate('typeof window.pwned')).toBe('undefined');
      expect(messages).toEqual([]);
      expect(requests.filter((one) => one !== 'data:,')).toEqual([url]);
      expect(await page.locator('.case').count()).toBe(8);
    });

    test('refuses to run or to fetch what slipped through all the same', async () => {
      const slipped = renderHtml(sampleReport()).replace('<main>', `<main>${attacks.join('')}`);
      const { page, messages } = await open(slipped);
      expect(await page.evaluate('typeof window.pwned')).toBe('undefined');
      expect(messages.filter((one) => one.startsWith('dialog'))).toEqual([]);
      expect(messages.some((one) => one.includes('Content Security Policy'))).toBe(true);
    });

    test('filters hide and show, with and without a script', async () => {
      for (const javaScriptEnabled of [true, false]) {
        const { page } = await open(sampleReport(), { javaScriptEnabled });
        expect(await shown(page)).toBe(8);
        await page.getByRole('checkbox', { name: /^fail / }).check();
        expect(await shown(page)).toBe(2);
        await page.getByRole('checkbox', { name: /^warn / }).check();
        expect(await shown(page)).toBe(3);
        await page.getByRole('checkbox', { name: /^SHOULD / }).check();
        expect(await page.locator('.case:visible code').first().textContent()).toBe('wire/no-store');
        await page.getByRole('button', { name: 'Clear filters' }).click();
        expect(await shown(page)).toBe(8);
        await page.getByRole('checkbox', { name: /^CreateTokenWithIAM / }).check();
        expect(await shown(page)).toBe(1);
        await page.getByRole('button', { name: 'Clear filters' }).click();
        await page.getByRole('checkbox', { name: /^device_code / }).check();
        expect(await shown(page)).toBe(1);
      }
    });

    test('the search finds all words of a case, and says when there are none', async () => {
      const { page } = await open();
      const search = page.getByRole('searchbox', { name: 'Search' });
      await search.fill('ORIGIN nothing-like-this');
      expect(await shown(page)).toBe(0);
      expect(await page.getByText('No case matches').isVisible()).toBe(true);
      await search.fill('InvalidScopeException timeout');
      expect(await shown(page)).toBe(0);
      await search.fill('no complete response');
      expect(await page.locator('.case:visible code').first().textContent()).toBe('device-code/slow');
      expect(await page.locator('#shown').textContent()).toBe('1 of 8 shown');
      expect(await page.locator('.group:visible').count()).toBe(1);
      await search.press('Enter');
      await page.getByRole('button', { name: 'Clear filters' }).click();
      expect(await shown(page)).toBe(8);
    });

    test('the address opens the case that it names, even one that is filtered out', async () => {
      const { page } = await open(sampleReport(), { hash: '#case/device-code/slow' });
      expect(await isOpen(page, 'device-code/slow')).toBe(true);
      expect(await isOpen(page, 'authorization-code/valid')).toBe(false);
      expect(await page.evaluate('document.activeElement.textContent')).toContain('device-code/slow');
      await page.getByRole('checkbox', { name: /^fail / }).check();
      await page.getByRole('table').getByRole('link', { name: 'harness-error' }).click();
      await caseOf(page, 'iam-token-exchange/scope').getByText('Repeat it').waitFor();
      expect(await shown(page)).toBe(8);
    });

    test.each(attacks)('the address opens a case called %s', async (attack) => {
      const { page } = await open(withHostileText(sampleReport(), (text) => attack + text));
      await page.locator('.problems a').first().click();
      await page.locator('.case[open] .statement').waitFor();
      expect(await page.locator('.case[open]').count()).toBe(1);
    });

    test('the keyboard opens and closes a case', async () => {
      const { page } = await open();
      await page.getByRole('button', { name: 'Clear filters' }).focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await isOpen(page, 'authorization-code/redeemed')).toBe(true);
      const outline = 'getComputedStyle(document.activeElement).outlineStyle';
      expect(await page.evaluate(outline)).toBe('solid');
      await page.keyboard.press('Space');
      expect(await isOpen(page, 'authorization-code/redeemed')).toBe(false);
    });

    test('the first Tab leads past the overview', async () => {
      const { page } = await open();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(page.url()).toMatch(/#cases$/);
    });

    test('a button copies the curl line as it is in the report', async () => {
      const report = sampleReport();
      const { page } = await open(report, { hash: '#case/generated/authorization-code/sequence' });
      await page.evaluate(
        'navigator.clipboard.writeText = async (text) => { document.documentElement.dataset.copied = text; }',
      );
      const one = caseOf(page, 'generated/authorization-code/sequence');
      await one.getByRole('button', { name: 'Copy command' }).waitFor();
      await one.getByRole('button', { name: 'Copy curl' }).click();
      await one.getByRole('button', { name: 'Copied' }).waitFor();
      const curl = report.verdicts.find(({ generated }) => generated !== null)?.reproduce.curl;
      expect(curl?.split('\n').length).toBeGreaterThan(1);
      expect(await page.evaluate('document.documentElement.dataset.copied')).toBe(curl);
    });

    test('where nothing may be copied, the button selects', async () => {
      const { page } = await open(sampleReport(), { hash: '#case/authorization-code/valid' });
      await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"))');
      const one = caseOf(page, 'authorization-code/valid');
      await one.getByRole('button', { name: 'Copy command' }).click();
      await one.getByRole('button', { name: 'Selected' }).waitFor();
      expect(await page.evaluate('getSelection().toString().trim()')).toBe(
        'npx token-conformance run --target staging.yaml --case authorization-code/valid --seed 7',
      );
    });

    test.each([
      ['the sample', sampleReport()],
      ['text without a place to break', withHostileText(sampleReport(), (text) => 'x'.repeat(500) + text)],
    ])('nothing makes a page of 390 pixels scroll sideways: %s', async (_, report) => {
      const { page } = await open(report, { viewport: { width: 390, height: 844 } });
      await openAll(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    });

    test('a dark scheme has a dark ground', async () => {
      const ground = 'getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)';
      const [light, dark] = await Promise.all(
        (['light', 'dark'] as const).map(async (colorScheme) => {
          const { page } = await open(sampleReport(), { colorScheme });
          return page.evaluate<number[]>(ground);
        }),
      );
      expect(Math.min(...(light ?? []))).toBeGreaterThan(200);
      expect(Math.max(...(dark ?? []))).toBeLessThan(60);
    });

    test('can be read and used without a script', async () => {
      const { page } = await open(sampleReport(), { javaScriptEnabled: false });
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('staging');
      expect(await page.getByRole('searchbox').isVisible()).toBe(false);
      await caseOf(page, 'authorization-code/redeemed').locator('summary').first().click();
      const one = caseOf(page, 'authorization-code/redeemed');
      expect(await one.getByText('curl -sS').isVisible()).toBe(true);
      expect(await one.getByRole('button').isVisible()).toBe(false);
      await page.getByRole('checkbox', { name: /^fail / }).check();
      await page.getByRole('table').getByRole('link', { name: 'inconclusive' }).click();
      await caseOf(page, 'device-code/slow').getByText('no complete response').last().waitFor();
    });
  },
);
