/** How suites read a captured response. */
export { readJson } from '../targets/json.ts';
export { headerOf } from '../targets/transport.ts';
