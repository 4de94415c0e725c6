import type { JsonObject } from '../wire.ts';

/** What the operation `token` grants; `expires_in` in seconds. */
export interface Tokens {
  readonly access_token: string;
  readonly expires_in: number;
  readonly refresh_token: string | undefined;
}

/** What the operation `iam_token` grants. */
export interface IamTokens extends Tokens {
  readonly issued_token_type: string;
  readonly scope: readonly string[];
  readonly identity: Identity | undefined;
}

/** An ID token, and what the front says in it of its own. */
export interface Identity {
  readonly id_token: string;
  readonly own: JsonObject;
}
