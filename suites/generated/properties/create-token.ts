import fc from 'fast-check';
import type { Case } from '../../../harness/case.ts';
import { rejected } from '../../../harness/expectation.ts';
import { anyContentType } from '../../aws/content-types.ts';
import type { GrantAt } from '../../kit/grant.ts';
import { memberOf } from '../../kit/member.ts';
import { bodyOf } from '../bodies/all.ts';
import { requiredTexts } from '../mutation.ts';
import { dressed } from '../noise.ts';
import { refusals, wrong } from '../property.ts';
import { anyEdit, edited } from '../text.ts';
import { about, contractFor, expectMissing } from './about.ts';
import { alteredSecret } from './altered.ts';

/** The name of a member with one letter in the other case. */
function inOtherCase(name: string, at: number): string {
  const letters = [...name.matchAll(/[a-z]/gi)].map(({ index }) => index);
  const place = letters[at % letters.length] ?? 0;
  const letter = name.charAt(place);
  const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
  return name.slice(0, place) + other + name.slice(place + 1);
}

const everyGrantHas = new Set(['client_id', 'client_secret', 'grant_type']);

/** What only the unsigned operation has rules for: a secret, repeated members, spelling, content types. */
export function ofCreateToken(row: GrantAt): Case[] {
  const named = about(row);
  const { given } = row;
  return [
    alteredSecret(row, 'RFC6749-5.2-invalid_client-wrong-secret'),
    refusals(
      named('other-case', {
        title: 'names of members that are needed, with one letter in the other case',
        requirement: 'RFC6749-1.8-names-case-sensitive',
        property: 'refused like a request without that member',
      }),
      given,
      (world) =>
        fc.record({
          member: fc.constantFrom(...requiredTexts(contractFor(world, row))),
          at: fc.nat(20),
        }),
      async ({ member, at }, request, world) => {
        const { wire: name = '' } = contractFor(world, row).find((one) => one.name === member) ?? {};
        const body = bodyOf(world, row);
        const misspelt = dressed(body, request, (text) => body.renamed(text, name, inOtherCase(name, at)));
        return wrong(world, expectMissing(member), await world.send('probe', misspelt));
      },
    ),
    refusals(
      named('repeated', {
        title: 'members of the grant twice',
        requirement: 'RFC6749-3.2-duplicate-grant-params',
        property: 'refused as invalid_request',
      }),
      given,
      (world) =>
        fc.record({
          member: fc.constantFrom(
            ...requiredTexts(contractFor(world, row)).filter((name) => !everyGrantHas.has(name)),
          ),
          edit: anyEdit,
        }),
      async ({ member, edit }, request, world) => {
        const repeat = { [member]: edited(String(memberOf(request, member)), edit) };
        const sent = await world.send('probe', { ...request, raw: { repeat } });
        return wrong(world, rejected('invalid_request'), sent);
      },
    ),
    anyContentType(row),
  ];
}
