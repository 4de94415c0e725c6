import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours as core } from '../../core/behaviours.ts';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import { leavingOutOf, lineage } from '../core/lineage.ts';
import { atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';

const breaks = ['RFC9700-4.14.2-rt-bound-to-consent'] as const;

const isRefresh = ({ grant }: Attempt) => grant === 'refresh_token';

/** A refresh brings an access token for such a scope, and its answer tells of another. */
const secretly = (
  scopeOf: (attempt: Attempt, right: readonly string[], generation: number) => readonly string[],
): Change =>
  replacingOAuth(() => {
    const { of, behaviours } = lineage();
    let told: readonly string[] | undefined;
    return {
      ...behaviours,
      'granted-scope': (attempt) => {
        const right = usual['granted-scope'](attempt);
        told = isRefresh(attempt) ? right : undefined;
        return isRefresh(attempt) ? scopeOf(attempt, right, of(attempt.refreshToken).generation) : right;
      },
      'token-body': (granted) => usual['token-body']({ ...granted, scope: told ?? granted.scope }),
    };
  });

const all = ({ client }: Attempt): readonly string[] => client?.scopes ?? [];

/** What refresh tokens lead to though no user has agreed to it. */
export const consents: readonly Defect[] = [
  {
    name: 'refreshed-token-good-for-more-than-told',
    changes: 'The access token of a refresh is good for all scopes of its client, whatever the answer says.',
    breaks,
    at: atToken,
    ...secretly(all),
  },
  {
    name: 'second-refreshed-token-good-for-more',
    changes: 'From the second refresh of a family on, access tokens are good for all scopes of the client.',
    breaks,
    at: atToken,
    ...secretly((attempt, right, generation) => (generation >= 2 ? all(attempt) : right)),
  },
  {
    name: 'refresh-asks-for-any-scope',
    changes: 'A refresh may ask for every scope of its client.',
    breaks: [...breaks, 'RFC6749-6-scope-not-widened'],
    at: atToken,
    ...replacingOAuth(() => ({
      'scope-within-grant': (attempt) =>
        isRefresh(attempt) ? undefined : core['scope-within-grant'](attempt),
    })),
  },
  {
    name: 'fourth-refresh-asks-for-any-scope',
    changes: 'What a user agreed to is copied to three refresh tokens of a family, and not to the fourth.',
    breaks,
    at: atToken,
    ...replacingOAuth(() => leavingOutOf(({ generation }) => generation >= 4, 'scope-within-grant')),
  },
  {
    name: 'refresh-without-scope-for-all',
    changes: 'A refresh without a scope gets all scopes of its client.',
    breaks: [...breaks, 'RFC6749-6-scope-omitted'],
    at: atToken,
    ...replacingOAuth(() => ({
      'granted-scope': (attempt) =>
        isRefresh(attempt) && attempt.members.scope === undefined
          ? all(attempt)
          : usual['granted-scope'](attempt),
    })),
  },
  {
    name: 'refresh-for-any-resource',
    changes: 'A refresh may ask for a resource that nobody knows, and gets a token for it.',
    breaks,
    at: atToken,
    ...replacingOAuth(() => ({
      'target-acceptable': (attempt) =>
        isRefresh(attempt) ? undefined : usual['target-acceptable'](attempt),
      'target-within-grant': () => undefined,
    })),
  },
];
