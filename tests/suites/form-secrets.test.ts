import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capture } from '../../harness/capture/capture.ts';
import { createVault } from '../../harness/capture/vault.ts';
import type { World } from '../../harness/world/world.ts';
import { formMistakes, formSpellings } from '../../suites/framing/form.ts';
import { generatedForm } from '../../suites/generated/bodies/form.ts';
import type { Call } from '../../targets/dialect.ts';
import { inForm } from '../support/form.ts';

const code = 'Zq7-._~Kp2xW9mR4tB6v/+N3sL8dG1h';
const client_secret = 'Yw5~Tj8cF3kV0nQ7bX2zM6rP9gD4sL1h';
const valid: Call = {
  operation: 'token',
  by: { method: 'client_secret_post', client_id: 'app', client_secret },
  members: { grant_type: 'authorization_code', code, redirect_uri: 'http://127.0.0.1:8400/cb' },
};

/** What a report would show of a request, and what was sent. */
function shown(call: Call): { readonly report: string; readonly sent: string } {
  const vault = createVault();
  vault.remember('clientSecret', client_secret);
  vault.remember('code', code);
  const { method, headers, query, body } = inForm(call);
  const url = `http://127.0.0.1/token${query === '' ? '' : `?${query}`}`;
  const failure = { kind: 'reset', message: '' } as const;
  const outcome = { failure, attempts: 1, isNotNow: false, startedAt: 0, durationMs: 0 };
  const { request } = capture({ step: 'probe' }, { method, url, headers, body }, outcome, vault);
  return { report: `${request.url}\n${request.body}`, sent: `${url}\n${body}` };
}

const decodedOnce = (text: string) =>
  text
    .replaceAll('+', ' ')
    .replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Six characters of a secret in a row, as they stand or after decoding. */
function partOfSecret(text: string): string | undefined {
  const readings = [text, decodedOnce(text), decodedOnce(decodedOnce(text))];
  readings.push(...text.split(/\s/).map((word) => Buffer.from(word, 'base64').toString('latin1')));
  return [code, client_secret]
    .flatMap((secret) => Array.from({ length: secret.length - 5 }, (_, at) => secret.slice(at, at + 6)))
    .find((part) => readings.some((one) => one.includes(part)));
}

test.each([...formMistakes, ...formSpellings].map((row) => [row.id, row.change] as const))(
  '%s shows no secret of the form that it sends',
  async (id, change = (call) => call) => {
    const { report, sent } = shown(await change(valid, {} as World));
    expect(partOfSecret(report)).toBeUndefined();
    const hasNone = /-(empty-body|nul-bytes)$/.test(id);
    expect(partOfSecret(sent) === undefined).toBe(hasNone);
  },
);

test('no breakage and no noise of a form brings a secret into a report', () => {
  const dress = fc.oneof(
    generatedForm.breakages.map((one) => (text: string) => generatedForm.broken(text, one)),
    generatedForm.noiseFor([]).map((one) => (text: string) => generatedForm.restyled(text, one)),
  );
  fc.assert(
    fc.property(dress, (body) => {
      const { report } = shown({ ...valid, raw: { bodyType: 'form', body } });
      expect(partOfSecret(report)).toBeUndefined();
    }),
  );
});
