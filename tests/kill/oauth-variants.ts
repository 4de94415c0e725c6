import { reading } from './oauth-variants/reading.ts';
import type { Variant } from './variant.ts';

/** Conformant ways to be different at the standard endpoint. */
export const oauthVariants: readonly Variant[] = [...reading];
