/** How suites read a captured response. */
export { headerOf } from '../targets/transport/headers.ts';
