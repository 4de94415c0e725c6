import { startEmulator } from '../../emulator/server.ts';
import { variants } from '../kill/variants.ts';

/**
 * The reference emulator in a process of its own, whose refresh tokens stay: a request that is sent again is answered
 * the same.
 */
const behaviours = variants['aws-json'].find(({ name }) => name === 'no-rotation')?.behaviours?.();
if (behaviours === undefined) throw new Error('there is no variant no-rotation');
const { url } = await startEmulator({ behaviours });
process.stdout.write(`${url}\n`);
