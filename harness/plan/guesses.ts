/**
 * The cases that say a secret or a password which is not the right one: a server may lock the client or the user for it.
 * By their ids, which never change.
 */
const wrong = {
  secret:
    /\/(?:(?:wrong|altered|other-clients|expired)-secret|wrong-secret-again|other-clients-secret|refreshed-then-with-a-wrong-secret|secret-(?:in-other-case|not-ascii|with-.*|percent-encoded|in-full-width|that-was-right)|shortly-after-the-secret-ended|altered-client|.*(?:basic|assertion).*)$/,
  password: /^password\/(?:wrong-password|altered-password|password-.*|unknown-user.*|empty-password)$/,
} as const;

export type Guess = keyof typeof wrong;

/** What a case guesses wrong, if it does. */
export const guessOf = ({ id }: { readonly id: string }): Guess | undefined =>
  (['password', 'secret'] as const).find((kind) => wrong[kind].test(id));
