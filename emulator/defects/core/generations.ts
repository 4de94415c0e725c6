import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { invalidGrant } from '../../core/refusal.ts';
import type { Family, RefreshToken } from '../../core/state.ts';
import { atIamToken, atToken, type Change, type Defect, replacing, tokens } from '../defect.ts';
import { lineage, skippingFor } from './lineage.ts';

const bound = 'RFC6749-6-bound-to-client';
const expired = 'RFC6749-6-expired-refresh_token';
const success = 'RFC6749-6-refresh-success';
const replaced = 'RFC9700-4.14.2-rotated-rt-invalidated';
const revoked = 'RFC9700-4.14.2-reuse-revokes-family';
const omitted = 'RFC6749-6-scope-omitted';
const widened = 'RFC6749-6-scope-not-widened';
const kept = 'RFC6749-6-new-rt-same-scope';
const narrowed = 'AWS-CreateTokenWithIAM-scope-narrowed';

/** Right for the refresh token of a grant, wrong for what descends from it. */
export const generations: readonly Defect[] = [
  {
    name: 'third-generation-of-any-client',
    changes:
      'The client is copied from one refresh token to the next once only: the third works for everybody.',
    breaks: [bound],
    at: atToken,
    ...skippingFor(({ generation }) => generation === 3, 'refresh-token-bound-to-client'),
  },
  {
    name: 'refreshed-token-of-any-application',
    changes: 'A refresh token that a refresh with a signature issued works for every application.',
    breaks: [bound],
    at: atIamToken,
    ...skippingFor(({ generation }) => generation >= 2, 'refresh-token-bound-to-client'),
  },
  {
    name: 'fourth-generation-of-any-application',
    changes: 'The fourth refresh token of a family works for every application.',
    breaks: [bound],
    at: atIamToken,
    ...skippingFor(({ generation }) => generation === 4, 'refresh-token-bound-to-client'),
  },
  {
    name: 'third-generation-never-expires',
    changes: 'The expiry is copied once only: from the third on, refresh tokens of a family do not expire.',
    breaks: [expired],
    at: atToken,
    ...skippingFor(({ generation }) => generation >= 3, 'refresh-token-not-expired'),
  },
  {
    name: 'refreshed-token-never-expires-with-iam',
    changes: 'The expiry of a refresh token that a refresh with a signature issued is ignored.',
    breaks: [expired],
    at: atIamToken,
    ...skippingFor(({ generation }) => generation >= 2, 'refresh-token-not-expired'),
  },
  {
    name: 'third-generation-never-expires-with-iam',
    changes: 'From the third on, refresh tokens of an application do not expire.',
    breaks: [expired],
    at: atIamToken,
    ...skippingFor(({ generation }) => generation >= 3, 'refresh-token-not-expired'),
  },
  {
    name: 'fifth-refresh-refused',
    changes: 'A family holds five refresh tokens: the last of them is refused.',
    breaks: [success],
    at: atToken,
    ...refusingGeneration((generation) => generation >= 5),
  },
  {
    name: 'third-refresh-refused-with-iam',
    changes: 'The third refresh token of an application is refused.',
    breaks: [success],
    at: atIamToken,
    ...refusingGeneration((generation) => generation >= 3),
  },
  {
    name: 'third-generation-stays-valid',
    changes: 'From the third on, refresh tokens of a family work for ever, although they were replaced.',
    breaks: [replaced, 'RFC9700-4.14.2-grace-is-short'],
    at: atToken,
    ...skippingFor(({ generation }) => generation >= 3, 'refresh-token-not-rotated'),
  },
  {
    name: 'only-last-replaced-token-remembered',
    changes: 'A family remembers its last replaced refresh token only: those before work again.',
    breaks: [replaced],
    at: atToken,
    ...rememberingReplaced(1),
  },
  {
    name: 'two-replaced-tokens-remembered',
    changes: 'A family remembers its last two replaced refresh tokens: those before work again.',
    breaks: [replaced],
    at: atToken,
    ...rememberingReplaced(2),
  },
  {
    name: 'reuse-revokes-successor-alone',
    changes: 'A replaced refresh token that comes again ends its successor, and not the one after.',
    breaks: [revoked],
    at: atToken,
    ...replacing(() => {
      const successors = new Map<RefreshToken, string>();
      const ended = new Set<string>();
      return {
        'new-refresh-token': (attempt) => {
          const value = usual['new-refresh-token'](attempt);
          if (attempt.grant === 'refresh_token' && attempt.refreshToken)
            successors.set(attempt.refreshToken, value);
          return value;
        },
        'revoke-family-of-reused-refresh-token': ({ refreshToken }) => {
          const successor = refreshToken && successors.get(refreshToken);
          if (successor !== undefined) ended.add(successor);
        },
        'refresh-token-not-revoked': (attempt) =>
          ended.has(attempt.refreshToken?.value ?? '')
            ? invalidGrant('refresh token')
            : usual['refresh-token-not-revoked'](attempt),
      };
    }),
  },
  {
    name: 'reuse-of-an-older-token-overlooked',
    changes: 'Only the refresh token that was replaced last ends its family when it comes again.',
    breaks: [revoked],
    at: atToken,
    ...replacing(() => {
      const last = new WeakMap<Family, RefreshToken>();
      return {
        'rotate-refresh-token': (attempt) => {
          usual['rotate-refresh-token'](attempt);
          if (attempt.refreshToken) last.set(attempt.refreshToken.family, attempt.refreshToken);
        },
        'revoke-family-of-reused-refresh-token': ({ refreshToken }) => {
          if (refreshToken && last.get(refreshToken.family) === refreshToken)
            refreshToken.family.revoked = true;
        },
      };
    }),
  },
  {
    name: 'narrowed-scope-carried-on',
    changes: 'What a refresh asked for becomes the scope of the next refresh token.',
    breaks: [omitted, kept],
    at: atIamToken,
    ...scopedBy(({ asked, before }) => asked ?? before),
  },
  {
    name: 'narrowed-scope-carried-on-later',
    changes: 'From the second refresh of a family on, what it asked for becomes the scope of the next token.',
    breaks: [omitted, kept],
    at: atIamToken,
    ...scopedBy(({ asked, before, generation }) => (generation >= 2 && asked) || before),
  },
  {
    name: 'scope-widened-by-refresh',
    changes: 'A refresh without a scope gets all that the application may have, whatever was authorized.',
    breaks: ['RFC8693-2.1-scope-not-widened', widened],
    at: atIamToken,
    ...scopedBy(() => undefined, 1),
  },
  {
    name: 'scope-widened-by-second-refresh',
    changes: 'The scope is not copied when a refresh token is replaced: the next has all of the application.',
    breaks: [omitted, 'RFC8693-2.1-scope-not-widened', widened],
    at: atIamToken,
    ...scopedBy(() => undefined),
  },
  {
    name: 'scope-widened-by-third-refresh',
    changes: 'The scope is copied once only: the third refresh of a family has all of the application.',
    breaks: [omitted, 'RFC8693-2.1-scope-not-widened', widened],
    at: atIamToken,
    ...scopedBy(({ before, generation }) => (generation >= 2 ? undefined : before)),
  },
  {
    name: 'later-scope-not-narrowed',
    changes: 'Only the first refresh of a family is narrowed to the scope that it asks for.',
    breaks: [narrowed],
    at: atIamToken,
    ...replacing(() => {
      const { of, behaviours } = lineage();
      return {
        ...behaviours,
        'granted-scope': (attempt) =>
          of(attempt.refreshToken).generation >= 2
            ? usual['granted-scope']({ ...attempt, members: {} })
            : usual['granted-scope'](attempt),
      };
    }),
  },
  {
    name: 'later-secret-unchecked',
    changes: 'Who has a refresh token that a refresh issued needs no right client secret.',
    breaks: ['RFC6749-5.2-invalid_client-wrong-secret'],
    at: atToken,
    ...skippingFor(({ generation }) => generation >= 2, 'client-secret-right'),
  },
  {
    name: 'later-secret-expiry-ignored',
    changes: 'An expired client secret still serves for refresh tokens that a refresh issued.',
    breaks: ['RFC7591-3.2.1-expired-secret'],
    at: atToken,
    // The other front has a check of its own.
    dialects: ['aws-json'],
    ...skippingFor(({ generation }) => generation >= 2, 'client-secret-not-expired'),
  },
  {
    name: 'later-token-by-its-family',
    changes: 'Refresh tokens that a refresh issued begin with their family, and no more of them is compared.',
    breaks: ['RFC6749-6-unknown-refresh_token'],
    at: tokens,
    ...replacing(() => {
      const { of, behaviours } = lineage();
      return {
        ...behaviours,
        'find-refresh-token': (state, members) =>
          usual['find-refresh-token'](state, members) ??
          [...state.refreshTokens.values()].find(
            (one) =>
              of(one).generation >= 2 &&
              (members.refresh_token ?? '').startsWith(one.value.slice(0, one.value.indexOf(':'))),
          ),
      };
    }),
  },
  {
    name: 'later-access-token-of-the-client',
    changes: 'From the second refresh of a family on, a client gets the access token that it got last so.',
    breaks: ['RFC6749-10.10-access-token-entropy-128'],
    at: tokens,
    ...replacing(() => {
      const { of, behaviours } = lineage();
      const known = new Map<string, string>();
      return {
        ...behaviours,
        'new-access-token': (attempt) => {
          const fresh = usual['new-access-token'](attempt);
          if (of(attempt.refreshToken).generation < 2) return fresh;
          const id = attempt.client?.id ?? '';
          const token = known.get(id) ?? fresh;
          known.set(id, token);
          return token;
        },
      };
    }),
  },
];

function refusingGeneration(such: (generation: number) => boolean): Change {
  return replacing(() => {
    const { of, behaviours } = lineage();
    return {
      ...behaviours,
      'refresh-token-not-expired': (attempt) =>
        such(of(attempt.refreshToken).generation)
          ? invalidGrant('refresh token')
          : usual['refresh-token-not-expired'](attempt),
    };
  });
}

/** A family knows so many of its replaced refresh tokens; those from before count as never replaced. */
function rememberingReplaced(count: number): Change {
  return replacing(() => {
    const replacedOf = new WeakMap<Family, RefreshToken[]>();
    return {
      'rotate-refresh-token': (attempt) => {
        usual['rotate-refresh-token'](attempt);
        const { refreshToken } = attempt;
        if (!refreshToken) return;
        const all = [...(replacedOf.get(refreshToken.family) ?? []), refreshToken];
        replacedOf.set(refreshToken.family, all.slice(-count));
        for (const forgotten of all.slice(0, -count)) forgotten.rotated = false;
      },
    };
  });
}

interface Scoped {
  readonly asked: readonly string[] | undefined;
  readonly before: readonly string[] | undefined;
  /** Of the refresh token that was presented. */
  readonly generation: number;
}

/** The scope of refresh tokens from a generation on is another one; undefined stands for all of the application. */
function scopedBy(scopeOf: (known: Scoped) => readonly string[] | undefined, from = 2): Change {
  return replacing(() => {
    const { of, behaviours } = lineage();
    const scopes = new Map<string, readonly string[] | undefined>();
    return {
      'new-refresh-token': (attempt) => {
        const value = behaviours['new-refresh-token'](attempt);
        const { refreshToken } = attempt;
        const { generation } = of(refreshToken);
        const isRefresh = attempt.grant === 'refresh_token';
        if (isRefresh || (from === 1 && attempt.grant !== undefined)) {
          const before = scopes.has(refreshToken?.value ?? '')
            ? scopes.get(refreshToken?.value ?? '')
            : refreshToken?.scope;
          scopes.set(value, scopeOf({ asked: attempt.members.scope, before, generation }));
        }
        return value;
      },
      'find-refresh-token': (state, members) => {
        const found = usual['find-refresh-token'](state, members);
        if (found === undefined || !scopes.has(found.value)) return found;
        const scope = scopes.get(found.value);
        // What is marked on it has to stay marked.
        return new Proxy(found, {
          get: (token, name) => (name === 'scope' ? scope : Reflect.get(token, name)),
        });
      },
    };
  });
}
