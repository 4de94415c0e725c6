import { passwordVariants } from './oauth-variants/passwords.ts';
import type { Variant } from './variant.ts';

/** Conformant ways to be different at the standard endpoint. */
export const oauthVariants: readonly Variant[] = [...passwordVariants];
import { wireVariants } from './oauth-variants/wire.ts';
export const oauthVariants: readonly Variant[] = [...wireVariants];
import { grantVariants } from './oauth-variants/grants.ts';
import { idTokenVariants } from './oauth-variants/id-tokens.ts';
export const oauthVariants: readonly Variant[] = [...grantVariants, ...idTokenVariants];
