import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contractOf, type Member } from '../../../harness/generate/contract.ts';
import type { World } from '../../../harness/world/world.ts';
import { type FormNoise, generatedForm } from '../../../suites/generated/bodies/form.ts';
import { generatedJson } from '../../../suites/generated/bodies/json.ts';
import { mutated } from '../../../suites/generated/mutation.ts';
import { noiseFor, withNoise } from '../../../suites/generated/noise.ts';
import { form } from '../../../targets/bodies/form.ts';
import { json } from '../../../targets/bodies/json.ts';
import type { Call } from '../../../targets/dialect.ts';
import { awsJson } from '../../../targets/dialects/aws-json/dialect.ts';
import { targetAt } from '../../../targets/target/target.ts';
import { type FormRequest, inForm, readLeniently, readStrictly } from '../../support/form.ts';

const member = (name: string, required: boolean): Member => ({
  name,
  wire: name,
  required,
  type: 'string',
  values: undefined,
});
const contract = [
  member('grant_type', true),
  member('code', true),
  member('scope', false),
  member('state', false),
];
const values = fc.record(
  {
    grant_type: fc.constant('authorization_code'),
    code: fc.string({ unit: fc.constantFrom(...'Aa1-._~+/= %&é🔑'), minLength: 1, maxLength: 30 }),
    scope: fc.constant('a b'),
  },
  { requiredKeys: ['grant_type', 'code'] },
);
const called = (members: Record<string, string>): Call => ({ operation: 'token', members });
/** A world whose requests are forms. */
const world: Partial<World> = { bodyType: () => 'form', contract: () => contract };
const noisy = (call: Call, noise: FormNoise) => inForm(withNoise(world as World, call, noise));

function unlessRefused(sent: FormRequest): Record<string, string> {
  try {
    return readStrictly(sent);
  } catch {
    return {};
  }
}

test('noise changes the text of a form, and nothing of what it says', () => {
  fc.assert(
    fc.property(values, generatedForm.noiseFor(contract), (members, noise) => {
      const said = { ...members, ...Object.fromEntries(noise.unknown) };
      const asked = Object.entries(said).filter(([, value]) => value !== '');
      const sent = noisy(called(members), noise);
      expect(Object.entries(readStrictly(sent)).sort()).toEqual(asked.sort());
      expect(Object.entries(readLeniently(sent)).sort()).toEqual(asked.sort());
    }),
  );
});

test('noise has every spelling that a form may have', () => {
  const bodies = fc
    .sample(generatedForm.noiseFor(contract), { seed: 1, numRuns: 300 })
    .map((noise) => String(noisy(called({ code: 'a b/Z' }), noise).body));
  for (const spelling of [
    'code=a+b%2FZ',
    'code=a%20b%2FZ',
    'code=a+b%2fZ',
    '%63%6F%64%65=%61+%62%2F%5A',
    '%63%6f%64%65=%61%20%62%2f%5a',
    'scope=',
  ])
    expect(bodies.filter((body) => body.split('&').includes(spelling))).not.toEqual([]);
  expect(bodies.filter((body) => !/^(code|%63)/.test(body))).not.toEqual([]);
});

test('no parameter of the contract is taken for an unknown one, and no unknown name is there twice', () => {
  fc.assert(
    fc.property(generatedForm.noiseFor(contract), ({ unknown }) => {
      const names = unknown.map(([name]) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const { wire } of contract) expect(names.map((name) => name.toLowerCase())).not.toContain(wire);
      for (const name of names) expect(name).toMatch(/^[\w.-]+$/);
    }),
  );
});

test.each(['code=%41', 'code=a%20b', '%63ode=a', 'code=%zz'])(
  'noise over %s would mend it, and throws',
  (text) => {
    const quiet = { unknown: [], nulls: [], order: 0, blank: '+', escaped: false, small: false } as const;
    expect(() => generatedForm.restyled(text, quiet)).toThrow(
      'no noise over a form that was spelt otherwise',
    );
  },
);

test('noise over JSON that has a name twice would mend it, and throws', () => {
  const quiet = { unknown: [], nulls: [], order: 0, space: '', escaped: false };
  const text = json.write({ code: 'a' }, { code: 'b' });
  expect(() => generatedJson.restyled(text, quiet)).toThrow('no noise over JSON that was spelt otherwise');
});

test('each breakage of a form is one, to a strict reader and to a lenient one', () => {
  const code = fc.string({ unit: fc.constantFrom(...'Aa1-._~+/=%é'), minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(code, generatedForm.breakages, (value, breakage) => {
      const members = { grant_type: 'authorization_code', code: value, state: 'x y' };
      const body = (text: string) => generatedForm.broken(text, breakage);
      const sent = inForm({ ...called(members), raw: { bodyType: 'form', body } });
      const isSame = ({ grant_type, code: seen }: Record<string, string>) =>
        grant_type === members.grant_type && seen === value;
      expect(isSame(readLeniently(sent))).toBe(false);
      // What is broken within the code or token nobody can decode; another format may be a form of other names.
      if (breakage.kind !== 'other') expect(() => readStrictly(sent)).toThrow();
      else expect(isSame(unlessRefused(sent))).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});

test('every mistake that is generated for a form can be written as one, and is read as it was meant', () => {
  const names = contract.map(({ name }) => name);
  const mistakes = fc.oneof(generatedForm.anyMistake(names), ...contract.map(generatedForm.oddMember));
  fc.assert(
    fc.property(mistakes, (mistake) => {
      const members = { grant_type: 'authorization_code', code: 'a', scope: 'b', state: 'c' };
      const sent = inForm(mutated(called(members), mistake));
      expect(form.read(String(sent.body))).toEqual({
        ...members,
        [mistake.member]: mistake.value,
        ...(mistake.value === undefined && { [mistake.member]: undefined }),
      });
    }),
  );
});

test('a name is changed where it is the name, and nowhere else', () => {
  expect(generatedForm.renamed('code=a&x=code&state=code', 'code', 'Code')).toBe('Code=a&x=code&state=code');
});

test.each([
  [{ member: 'code', value: null }, 'its member "code" cannot be null'],
  [{ member: 'code', value: 1 }, 'its member "code" cannot be of the type number'],
  [{ member: 'scope', value: ['a'] }, 'its member "scope" cannot be a list'],
  [{ member: 'code', nested: 10 }, 'A change of a JSON body cannot be made in a form.'],
])('what only JSON can say throws in a form: %j', (mutation, sentence) => {
  const broken = mutated(called({ code: 'a' }), mutation);
  expect(() => inForm(broken)).toThrow(sentence);
  // Noise hides it no more.
  const noise = { unknown: [], nulls: [], order: 1, blank: '+', escaped: true, small: true } as const;
  expect(() => noisy(broken, noise)).toThrow(sentence);
});

test.each(['json', 'form'] as const)('what is generated follows from the body: %s', (type) => {
  const model = { json, form }[type];
  const own: Partial<World> = {
    target: targetAt('http://127.0.0.1'),
    bodyType: () => type,
    contract: (operation, grant) => contractOf(awsJson, operation, grant),
  };
  const call = called({ code: 'a' });
  const [noise] = fc.sample(noiseFor(own as World, call), { seed: 1, numRuns: 1 });
  if (noise === undefined) throw new Error('nothing was drawn');
  const { raw } = withNoise(own as World, call, noise);
  expect(raw?.bodyType).toBe(type);
  expect(model.read(String(raw?.body?.(model.write(call.members))))).toMatchObject({ code: 'a' });
});
