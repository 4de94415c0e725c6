import type { JsonObject } from '../../wire.ts';
import { atIamToken, type Change, type Defect, tokens } from '../defect.ts';
import { editing, issuesTokens, type Passing } from './kit.ts';

const omitted = 'RFC6749-6-scope-omitted';
const listed = 'AWS-CreateTokenWithIAM-scope-list';

/** What is wrong of the answers to later refreshes only. */
export const laterAnswers: readonly Defect[] = [
  {
    name: 'later-scope-empty',
    changes: 'From the second refresh of a family on, the scope of the answer is empty.',
    breaks: [omitted, listed],
    at: atIamToken,
    ...editingLater(3, (body) => ({ ...body, scope: [] })),
  },
  {
    name: 'later-scope-as-one-text',
    changes: 'From the second refresh of a family on, the scope is a list of one text with blanks.',
    breaks: [listed],
    at: atIamToken,
    ...editingLater(3, (body) => ({ ...body, scope: [[body.scope].flat().join(' ')] })),
  },
  {
    name: 'later-lifetime-negative',
    changes: 'Each refresh takes half an hour off the lifetime, until it is negative.',
    breaks: ['RFC6749-5.1-expires_in-number'],
    at: tokens,
    ...editingLater(2, (body, generation) => ({
      ...body,
      expiresIn: Number(body.expiresIn) % 3_600 === 0 ? 3_600 - 1_800 * generation : body.expiresIn,
    })),
  },
  {
    name: 'later-lifetime-as-text',
    changes: 'From the second refresh of a family on, the lifetime is text.',
    breaks: ['AWS-integers-plain', 'RFC6749-5.1-expires_in-number'],
    at: tokens,
    ...editingLater(3, (body) => ({ ...body, expiresIn: String(body.expiresIn) })),
  },
  {
    name: 'later-lifetime-with-fraction',
    changes: 'From the third refresh of a family on, the lifetime is what is left, with a fraction.',
    breaks: ['AWS-integers-plain', 'RFC6749-5.1-expires_in-number'],
    at: tokens,
    ...editingLater(4, (body) => ({ ...body, expiresIn: Number(body.expiresIn) - 0.5 })),
  },
  {
    name: 'later-token-type-missing',
    changes: 'From the third refresh of a family on, the answer has no token type.',
    breaks: ['RFC6749-5.1-token_type-present'],
    at: tokens,
    ...editingLater(4, (body) => ({ ...body, tokenType: null })),
  },
];

/** What a refresh brings once more. */
export const givenAgain: readonly Defect[] = [
  {
    name: 'access-token-given-again-for-longer',
    changes: 'A refresh brings the same access token again, each time with a minute more.',
    breaks: ['RFC6749-5.1-expires_in-plausible'],
    at: tokens,
    middleware: () => {
      const known = new Map<unknown, JsonObject>();
      const { middleware } = editing(issuesTokens, (body, { members }) => {
        const before = known.get(members.refreshToken);
        const { accessToken, expiresIn } = before ?? body;
        const again = { accessToken, expiresIn: before === undefined ? expiresIn : Number(expiresIn) + 60 };
        if (body.refreshToken) known.set(body.refreshToken, again);
        return { ...body, ...again };
      });
      return middleware?.() ?? ((request, endpoint) => endpoint(request));
    },
  },
];

/** Changes the answers to refreshes that bring this generation or a later one, in front of any endpoint. */
export function editingLater(
  from: number,
  edit: (body: JsonObject, generation: number, passing: Passing) => JsonObject,
): Change {
  return {
    middleware: () => {
      const generations = new Map<unknown, number>();
      const { middleware } = editing(issuesTokens, (body, passing) => {
        const { members } = passing;
        const isRefresh = members.grantType === 'refresh_token';
        const generation = isRefresh ? (generations.get(members.refreshToken) ?? 1) + 1 : 1;
        const edited = generation >= from ? edit(body, generation, passing) : body;
        for (const { refreshToken } of [body, edited])
          if (refreshToken) generations.set(refreshToken, generation);
        return edited;
      });
      return middleware?.() ?? ((request, endpoint) => endpoint(request));
    },
  };
}
