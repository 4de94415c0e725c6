import { createRequire } from 'node:module';

// By name, since the compiled file is one folder further away from package.json.
const { name, version }: { name: string; version: string } = createRequire(import.meta.url)(
  'token-conformance/package.json',
);

/** Name and version of this suite, as reports carry them. */
export const suite = { name, version };
