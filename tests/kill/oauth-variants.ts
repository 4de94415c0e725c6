import { authenticationVariants, registrationVariants } from './oauth-variants/authentication.ts';
import type { Variant } from './variant.ts';

/** Conformant ways to be different at the standard endpoint. */
export const oauthVariants: readonly Variant[] = [...authenticationVariants, ...registrationVariants];
