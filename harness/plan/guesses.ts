/**
 * The cases that say a secret or a password which is not the right one: a server may lock the client or the user for it.
 * By their ids, which never change.
 */
const wrong = {
  secret: [
    /\/(?:wrong|altered|other-clients|expired|post-wrong)-secret$/,
    /\/(?:wrong-secret-again|refreshed-then-with-a-wrong-secret|with-wrong-credentials|altered-client|refusals-keep-the-code)$/,
    /\/secret-(?:in-other-case|not-ascii|with-.*|percent-encoded|in-full-width|that-was-right)$/,
    /\/(?:shortly-after-the-secret-ended|post-client-secret-twice|public-client-with-secret|.*-and-wrong-.*)$/,
    // Whoever authenticates in vain with an assertion or in a header may be counted in the same way.
    /^(?:client-basic|client-secret-jwt|private-key-jwt)\//,
  ],
  password: [/^password\/(?:(?:wrong|altered|empty)-password|password-.*|unknown-user.*)$/],
} as const;

export type Guess = keyof typeof wrong;

/** What a case guesses wrong, if it does. */
export const guessOf = ({ id }: { readonly id: string }): Guess | undefined =>
  (['password', 'secret'] as const).find((kind) => wrong[kind].some((pattern) => pattern.test(id)));
