import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours as usual } from '../../core/behaviours.ts';
import type { SignIn } from '../../core/state.ts';
import type { JsonObject } from '../../wire.ts';
import { atIamToken, type Change, type Defect, replacing } from '../defect.ts';
import { lineage } from './lineage.ts';

const same = 'OIDC-12.2-same-iss-sub-aud';

/** A refresh that brings an ID token, which AWS documents for no refresh, has to tell of the same sign-in. */
export const refreshedIdTokens: readonly Defect[] = [
  {
    name: 'refreshed-subject-random',
    changes: 'The ID token of a refresh has another subject.',
    breaks: [same],
    at: atIamToken,
    ...withIdTokens((claims) => ({ ...claims, sub: crypto.randomUUID() })),
  },
  {
    name: 'later-subject-of-the-client',
    changes: 'From the second refresh of a family on, the ID token names the application as its subject.',
    breaks: [same],
    at: atIamToken,
    ...withIdTokens((claims, { generation }) =>
      generation >= 2 ? { ...claims, sub: String(claims.aud).slice(-40) } : claims,
    ),
  },
  {
    name: 'refreshed-subject-of-the-latest-user',
    changes: 'The ID token of a refresh names the user who signed in at the application last.',
    breaks: [same],
    at: atIamToken,
    // The suites see one user alone elsewhere.
    dialects: ['aws-json'],
    ...withIdTokens((claims, { latest }) => ({ ...claims, sub: latest?.user?.id ?? claims.sub })),
  },
  {
    name: 'later-issuer-of-the-endpoint',
    changes: 'From the second refresh of a family on, the issuer of the ID token is the endpoint.',
    breaks: [same],
    at: atIamToken,
    ...withIdTokens((claims, { generation }) =>
      generation >= 2 ? { ...claims, iss: 'https://oidc.us-east-1.amazonaws.com' } : claims,
    ),
  },
  {
    name: 'refreshed-audience-widened',
    changes: 'The ID token of a refresh has a second audience.',
    breaks: [same],
    at: atIamToken,
    ...withIdTokens((claims) => ({ ...claims, aud: [claims.aud, 'https://portal.example'] })),
  },
  {
    name: 'refreshed-time-of-sign-in',
    changes: 'The ID token of a refresh says that the user signed in just then.',
    breaks: ['OIDC-12.2-auth_time-kept'],
    at: atIamToken,
    ...withIdTokens((claims) => ({ ...claims, auth_time: claims.iat })),
  },
];

interface Refreshed {
  /** Of the refresh token that was presented. */
  readonly generation: number;
  /** The last sign-in at the application. */
  readonly latest: SignIn | undefined;
}

/** A refresh brings an ID token too, of the sign-in that its family began with, and without its nonce. */
export function withIdTokens(
  change: (claims: JsonObject, refreshed: Refreshed) => JsonObject = (claims) => claims,
): Change {
  return replacing(() => {
    const { of, behaviours } = lineage();
    const signIns = new Map<string, SignIn>();
    const latest = new Map<string, SignIn>();
    const unknown = { id: crypto.randomUUID() };
    const signInOf = (attempt: Attempt): SignIn =>
      attempt.grant === 'refresh_token'
        ? (signIns.get(attempt.refreshToken?.value ?? '') ?? { user: unknown, at: 0, nonce: undefined })
        : usual['sign-in'](attempt);
    return {
      'id-token-wanted': () => true,
      'sign-in': (attempt) => ({
        ...signInOf(attempt),
        ...(attempt.grant === 'refresh_token' && { nonce: undefined }),
      }),
      'new-refresh-token': (attempt) => {
        const value = behaviours['new-refresh-token'](attempt);
        if (attempt.grant === undefined) return value;
        signIns.set(value, signInOf(attempt));
        if (attempt.grant !== 'refresh_token') latest.set(attempt.client?.id ?? '', signInOf(attempt));
        return value;
      },
      'id-token-claims': (attempt, ...about) => {
        const claims = usual['id-token-claims'](attempt, ...about);
        if (attempt.grant !== 'refresh_token') return claims;
        const { generation } = of(attempt.refreshToken);
        return change(claims, { generation, latest: latest.get(attempt.client?.id ?? '') });
      },
    };
  });
}
