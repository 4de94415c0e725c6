#!/usr/bin/env node
import { existsSync } from 'node:fs';

// A clone runs its sources, never what was once built from them. The package has nothing but dist/.
const sources = new URL('cli/main.ts', import.meta.url);
await import(existsSync(sources) ? sources.href : './dist/cli/main.js');
