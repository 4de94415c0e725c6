import { startEmulator } from '../../emulator/server.ts';

/** The reference emulator in a process of its own, each answer so many milliseconds late. */
const milliseconds = Number(process.argv[2]);
const { url } = await startEmulator({
  middleware: async (request, endpoint) => {
    const response = await endpoint(request);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return response;
  },
});
process.stdout.write(`${url}\n`);
