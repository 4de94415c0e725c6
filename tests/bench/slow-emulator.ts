import { ServerResponse } from 'node:http';
import { startEmulator } from '../../emulator/server.ts';

/**
 * The reference emulator in a process of its own, each answer so many milliseconds late: those of its fixture
 * service too, as behind a slow network. A relay in between would take processor time of its own.
 */
const milliseconds = Number(process.argv[2]);
const { end } = ServerResponse.prototype;
ServerResponse.prototype.end = function late(this: ServerResponse, ...given: Parameters<typeof end>) {
  setTimeout(() => end.apply(this, given), milliseconds);
  return this;
} as typeof end;
const { url } = await startEmulator();
process.stdout.write(`${url}\n`);
