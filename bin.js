#!/usr/bin/env node
import { existsSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 20)) {
  process.stderr.write(`token-conformance needs Node 22.20 or later; this is ${process.version}.\n`);
  process.exit(3);
}

// A clone runs its sources, never what was once built from them. The package has nothing but dist/.
const sources = new URL('cli/main.ts', import.meta.url);
await import(existsSync(sources) ? sources.href : './dist/cli/main.js');
