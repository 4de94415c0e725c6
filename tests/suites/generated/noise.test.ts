import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Member } from '../../../harness/generate/contract.ts';
import { generatedJson, type JsonNoise, quiet } from '../../../suites/generated/bodies/json.ts';
import { anyEdit, edited } from '../../../suites/generated/text.ts';

const member = (wire: string, required: boolean): Member => ({
  name: wire,
  wire,
  required,
  type: 'string',
  values: undefined,
});
const contract = [member('clientId', true), member('scope', false)];
const request = { members: { clientId: 'a "b"', code: 'x' } };
const { noiseFor } = generatedJson;
const bodyOf = (noise: JsonNoise) => generatedJson.restyled(JSON.stringify(request.members), noise);

test('noise changes the text of a request, and nothing of what it says', () => {
  fc.assert(
    fc.property(noiseFor(contract), (noise) => {
      const body = JSON.parse(String(bodyOf(noise))) as Record<string, unknown>;
      expect(body).toMatchObject(request.members);
      const extra = Object.keys(body).filter((name) => !Object.hasOwn(request.members, name));
      expect(extra.sort()).toEqual([...noise.nulls, ...noise.unknown.map(([name]) => name)].sort());
    }),
  );
});

test('no noise leaves a request as it is', () => {
  expect(bodyOf(quiet)).toBe(JSON.stringify(request.members));
});

test('a member that the contract gains is covered at once', () => {
  const grown = [...contract, member('audienceHint', false)];
  const nulls = fc.sample(noiseFor(grown), { seed: 1, numRuns: 50 }).flatMap((noise) => noise.nulls);
  expect(nulls).toContain('audienceHint');
  const unknown = fc
    .sample(noiseFor(grown), { seed: 1, numRuns: 200 })
    .flatMap((noise) => noise.unknown.map(([name]) => name.toLowerCase()));
  expect(unknown).not.toContain('audiencehint');
});

test('an edit always makes another text, and keeps clear of the bits that base64 leaves unused', () => {
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';
  fc.assert(
    fc.property(anyEdit, fc.constantFrom(jwt, 'aoaAAAA:MGQC', 'short', 'a'), (edit, text) => {
      const other = edited(text, edit);
      expect(other).not.toBe(text);
      expect(other).not.toBe('');
      if (edit.kind === 'replace' && text === jwt)
        expect(other.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'))).not.toEqual(
          jwt.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex')),
        );
    }),
  );
});
