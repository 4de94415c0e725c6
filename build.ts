import { cpSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

// Makes dist/ anew, with the data that the compiled code reads from beside itself; tsc adds the code.
rmSync('dist', { recursive: true, force: true });
for (const room of ['schemas', 'specs'])
  cpSync(room, join('dist', room), {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || /\.(json|yaml)$/.test(path),
  });
