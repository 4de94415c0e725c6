import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactHeaders } from '../../harness/capture/headers.ts';
import { redactBody } from '../../harness/capture/redact.ts';
import { redactUrl } from '../../harness/capture/url.ts';
import { createVault } from '../../harness/capture/vault.ts';
import { spellings, spellingsIn } from '../support/spellings.ts';

/** Letters that are written differently wherever they are put. */
const letters = [...'abcXYZ019"\\/~!\'()+% -._=&;<>{}[]:,äü🔑#@$'];
const secrets = fc
  .array(fc.constantFrom(...letters), { minLength: 9, maxLength: 40 })
  .map((some) => some.join(''))
  .filter((text) => text.trim().length >= 9 && new Set(text).size > 4);

const parts = fc.array(
  fc.record({
    member: fc.constantFrom('error', 'error_description', 'scope', 'clientId', 'debug', 'accessToken', 'x y'),
    spelling: fc.constantFrom(...Object.keys(spellings)),
    before: fc.constantFrom('', 'x ', '"', '\\', 'a=', '{"code":"', 'http://x/?a='),
    behind: fc.constantFrom('', ' y', '"', '&b=1', '"}', '\n'),
  }),
  { minLength: 1, maxLength: 4 },
);

const places = {
  members: (texts: string[], names: string[]) =>
    JSON.stringify(Object.fromEntries(texts.map((text, at) => [names[at], at % 2 ? [text] : text]))),
  names: (texts: string[]) => JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), null, 1),
  text: (texts: string[]) => texts.join(' '),
  form: (texts: string[]) => texts.map((text) => `x=${encodeURIComponent(text)}`).join('&'),
};

test('no spelling of a secret is left in any place, and JSON keeps its members and types', () => {
  fc.assert(
    fc.property(
      secrets,
      parts,
      fc.constantFrom('members', 'names', 'text', 'form'),
      (secret, some, place) => {
        const vault = createVault({ key: 'k' });
        vault.mark('clientSecret', secret);
        const texts = some.map(
          ({ spelling, before, behind }) => before + spellings[spelling]?.(secret) + behind,
        );
        const body = places[place](
          texts,
          some.map(({ member }) => member),
        );
        const shown = redactBody(body, 'received', vault) ?? '';
        const headers = redactHeaders(
          [...texts.map((text) => ['x-a', text] as const), ['location', texts.join('?')]],
          vault,
        );
        const url = redactUrl(`http://h/p?a=${encodeURIComponent(texts[0] ?? '')}#${texts[0]}`, vault);
        expect(spellingsIn([shown, url, ...headers.flat()].join('\n'), secret)).toEqual([]);
        if (shown !== '' && (place === 'members' || place === 'names'))
          expect(typesIn(JSON.parse(shown))).toEqual(typesIn(JSON.parse(body)));
      },
    ),
    { seed: 7, numRuns: 1_000 },
  );
});

/** The JSON types of an object's members, and its names where they are known. */
function typesIn(value: object): unknown[] {
  return Object.entries(value).map(([name, item]) => [
    /^(error|error_description|scope|clientId|accessToken)$/.test(name) ? name : 'another',
    Array.isArray(item) ? 'array' : typeof item,
  ]);
}
