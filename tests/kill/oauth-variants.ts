import { passwordVariants } from './oauth-variants/passwords.ts';
import type { Variant } from './variant.ts';

/** Conformant ways to be different at the standard endpoint. */
export const oauthVariants: readonly Variant[] = [...passwordVariants];
import { wireVariants } from './oauth-variants/wire.ts';
export const oauthVariants: readonly Variant[] = [...wireVariants];
