import { writeFileSync } from 'node:fs';
import { renderCoverage } from './render.ts';

writeFileSync(new URL('../../docs/coverage.md', import.meta.url), renderCoverage());
