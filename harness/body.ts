/** How suites spell and read what a body is made of. */
export type { BodyModel, BodyType } from '../targets/bodies/body.ts';
export { decoded, encoded, form, pairsIn } from '../targets/bodies/form.ts';
export { json } from '../targets/bodies/json.ts';
