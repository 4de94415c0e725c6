import { expect, test } from 'vitest';
import type { World } from '../../harness/world/world.ts';
import { cases } from '../../suites/all.ts';
import { formMistakes, formSpellings, framedInForm } from '../../suites/framing/form.ts';
import { jsonMistakes } from '../../suites/framing/json.ts';
import type { Change } from '../../suites/kit/change.ts';
import { onTheWire, set } from '../../suites/kit/change.ts';
import type { Call } from '../../targets/dialect.ts';
import { awsJson } from '../../targets/dialects/aws-json/dialect.ts';
import { targetAt } from '../../targets/target/target.ts';
import { inForm, readLeniently, readStrictly } from '../support/form.ts';

const valid: Call = {
  operation: 'token',
  by: { method: 'client_secret_post', client_id: 'app', client_secret: "s+e/c~r'e t" },
  members: {
    grant_type: 'authorization_code',
    code: 'Ab1-._~x/y+z=',
    redirect_uri: 'http://127.0.0.1:8400/oauth?a=b&c=é f',
  },
};
const asked: Readonly<Record<string, unknown>> = {
  ...valid.members,
  client_id: 'app',
  client_secret: "s+e/c~r'e t",
};
const target = targetAt('http://127.0.0.1');
const needed = Object.keys(asked);

const change = async (how: Change = (call) => call) => how(valid, {} as World);

/** Whether a reader sees all that is needed of the valid request, with the values that it has. */
const isAsked = (read: Record<string, unknown>) => needed.every((name) => read[name] === asked[name]);

/** The members of a request, read by somebody who forgives nothing in JSON. */
function readJsonStrictly(call: Call): Record<string, unknown> {
  const { body, headers } = awsJson.encode(call, target);
  const type = headers.find(([name]) => name === 'Content-Type')?.[1];
  if (type !== 'application/json') throw new Error(`the media type ${type}`);
  const text = new TextDecoder('utf8', { fatal: true }).decode(Buffer.from(body ?? ''));
  const members: unknown = JSON.parse(text);
  if (typeof members !== 'object' || members === null || Array.isArray(members)) throw new Error('no object');
  if (Object.values(members).some((value) => typeof value !== 'string')) throw new Error('a wrong type');
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [awsJson.memberSpelt('token', name), value]),
  );
}

test('the readers read the valid request', () => {
  expect(readJsonStrictly(valid)).toEqual(asked);
  expect(readStrictly(inForm(valid))).toEqual(asked);
  expect(readLeniently(inForm(valid))).toEqual(asked);
});

test.each(formMistakes.map((row) => [row.id, row.change] as const))(
  '%s: a strict reader does not take it for the valid request',
  async (_, how) => {
    // Of a code in plain letters other things are the same before and after decoding.
    for (const code of [valid.members.code, 'Ab1']) {
      const call = { ...valid, members: { ...valid.members, code } };
      const sent = inForm(await how(call, {} as World));
      let read: Record<string, string> = {};
      try {
        read = readStrictly(sent);
      } catch {}
      expect(isAsked({ ...read, code: read.code === code ? asked.code : read.code })).toBe(false);
    }
  },
);

test('only a label or a repeat is nothing to a reader who looks for neither', async () => {
  const alike: string[] = [];
  for (const { id, change: how } of formMistakes)
    if (isAsked(readLeniently(inForm(await change(how))))) alike.push(id);
  expect(alike).toEqual([
    'request/form-presented-twice-in-other-spelling',
    'request/form-grant-type-twice-in-other-spelling',
    'request/form-text',
    'request/form-no-content-type',
  ]);
});

test.each(formSpellings.map((row) => [row.id, row.change] as const))(
  '%s: a strict reader takes it for the valid request, and it looks otherwise',
  async (_, how) => {
    const sent = inForm(await change(how));
    expect(readStrictly(sent)).toMatchObject(asked);
    expect(sent).not.toEqual(inForm(valid));
  },
);

test.each(jsonMistakes.map((row) => [row.id, row.change] as const))(
  '%s: a strict reader of JSON does not take it for the valid request, and a form has no way to say it',
  async (_, how) => {
    const changed = await change(how);
    expect(() => readJsonStrictly(changed)).toThrow();
    await expect(change(how).then(inForm)).rejects.toThrow(
      /^(A form has texts alone: its member "\w+" cannot be |A change of a JSON body cannot be made in a form\.)/,
    );
  },
);

test('a change of a form throws in JSON', async () => {
  const errors: string[] = [];
  for (const { change: how } of [...formMistakes, ...formSpellings]) {
    const call = await change(how);
    if (call.raw?.body === undefined) continue;
    expect(() => awsJson.encode(call, target)).toThrow('cannot be made in a JSON body');
    errors.push('thrown');
  }
  expect(errors.length).toBeGreaterThan(10);
});

test('a change that comes out the same is no mistake, whatever the body', async () => {
  const same = await change(onTheWire({ bodyType: 'form', body: (text) => text }));
  expect(() => inForm(same)).toThrow('came out the same as the valid one');
  expect(() => set('code', valid.members.code)(valid, {} as World)).toThrow();
});

test('each case of a form has an id of its own, and is of the dialect that sends forms', () => {
  const others = new Set(cases.filter((one) => !framedInForm.includes(one)).map(({ id }) => id));
  expect(framedInForm.filter(({ id }) => others.has(id))).toEqual([]);
  expect(framedInForm.filter(({ dialects }) => String(dialects) !== 'oauth-form')).toEqual([]);
  expect(new Set(framedInForm.map(({ id }) => id)).size).toBe(formMistakes.length + formSpellings.length);
});
