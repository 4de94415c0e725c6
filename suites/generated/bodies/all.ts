import type { BodyType } from '../../../harness/body.ts';
import type { Call, World } from '../../../harness/world/world.ts';
import type { GeneratedBody } from './body.ts';
import { generatedForm } from './form.ts';
import { generatedJson } from './json.ts';

const bodies: Readonly<Record<BodyType, GeneratedBody>> = { json: generatedJson, form: generatedForm };

/** What can be done with the bodies of an operation. */
export const bodyOf = (world: World, { operation }: Pick<Call, 'operation'>): GeneratedBody =>
  bodies[world.bodyType(operation)];
