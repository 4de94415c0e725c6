import { dialectsOf } from '../../emulator/defects/all.ts';
import type { DialectName } from '../../specs/read.ts';
import { awsVariants } from './aws-variants.ts';
import { exactVariants } from './exact-variants.ts';
import { familyVariants } from './family-variants.ts';
import { oauthVariants } from './oauth-variants/all.ts';
import type { Variant } from './variant.ts';

const first: readonly Variant[] = [...familyVariants, ...awsVariants, ...exactVariants];

/** Conformant ways to be different: those of decisions that both fronts leave to the core count for both. */
export const variants: Readonly<Record<DialectName, readonly Variant[]>> = {
  'aws-json': first,
  'oauth-form': [
    ...first.filter((one) => one.only === undefined && dialectsOf(one).includes('oauth-form')),
    ...oauthVariants,
  ],
};
