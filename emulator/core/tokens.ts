/** What CreateToken grants; `expiresIn` in seconds. */
export interface Tokens {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string | undefined;
}

/** What CreateTokenWithIAM grants. */
export interface IamTokens extends Tokens {
  readonly issuedTokenType: string;
  readonly scope: readonly string[];
  readonly identity: { readonly idToken: string; readonly identityContext: string } | undefined;
}
