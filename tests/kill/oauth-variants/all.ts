import type { Variant } from '../variant.ts';
import { idTokenVariants } from './id-tokens.ts';
import { passwordVariants } from './passwords.ts';
import { policyVariants } from './policies.ts';
import { wireVariants } from './wire.ts';

/** Conformant ways to be different at the standard endpoint. */
export const oauthVariants: readonly Variant[] = [
  ...wireVariants,
  ...policyVariants,
  ...idTokenVariants,
  ...passwordVariants,
];
