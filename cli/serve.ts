import { type DefectClass, defects } from '../emulator/defects/all.ts';
import type { Defect } from '../emulator/defects/defect.ts';
import { startProxy } from '../emulator/proxy.ts';
import { startEmulator } from '../emulator/server.ts';
import { didYouMean, UserError } from '../targets/problem.ts';

export interface ServeOptions {
  readonly port: number;
  /** The name of a seeded defect. */
  readonly defect?: string;
  /** Base URL of an endpoint that the defect stands in front of. */
  readonly upstream?: string;
}

/**
 * Serves the reference emulator, or a defect in front of another endpoint, until it is interrupted.
 *
 * @throws {UserError} when an option is wrong or the port cannot be had
 */
export async function serve({ port, defect: name, upstream }: ServeOptions): Promise<void> {
  if (port > 65_535) throw new UserError(`${port} is no port: ports go up to 65535.`);
  const defect = name === undefined ? undefined : defectNamed(name);
  const { lines, close } = await (upstream === undefined
    ? emulator(port, defect)
    : proxy(port, upstreamUrl(upstream), defect)
  ).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new UserError(`Port ${port} is in use. Choose another one with --port, or 0 for a free one.`);
    if (error.code === 'EACCES')
      throw new UserError(`Port ${port} needs more rights. Choose one above 1023 with --port.`);
    throw error;
  });
  for (const line of lines) process.stdout.write(`${line}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
}

type Serving = { readonly lines: readonly string[]; readonly close: () => Promise<void> };

async function emulator(port: number, defect: Defect | undefined): Promise<Serving> {
  const { url, fixtures, close } = await startEmulator({
    port,
    behaviours: defect?.behaviours?.() ?? {},
    middleware: defect?.middleware?.(),
  });
  return {
    lines: [
      `reference emulator: ${url}`,
      `fixture service:    ${fixtures}`,
      ...(defect ? [`defect:             ${defect.name}: ${defect.changes}`] : []),
    ],
    close,
  };
}

async function proxy(port: number, upstream: string, defect: Defect | undefined): Promise<Serving> {
  if (!defect) throw new UserError('--upstream needs --defect NAME. `token-conformance defects` lists them.');
  if (defect.behaviours !== undefined)
    throw new UserError(
      `The defect ${defect.name} lives inside the reference emulator and cannot stand in front of another endpoint. ` +
        '`token-conformance defects --any-endpoint` lists those that can.',
    );
  const middleware = defect.middleware?.();
  if (!middleware) throw new Error(`the defect ${defect.name} changes nothing`);
  const { url, close } = await startProxy(upstream, middleware, { port });
  return {
    lines: [`in front of ${upstream}: ${url}`, `defect: ${defect.name}: ${defect.changes}`],
    close,
  };
}

/**
 * The seeded defect of a name.
 *
 * @throws {UserError} that names the nearest one
 */
export function defectNamed(name: string): Defect {
  const found = defects.find((defect) => defect.name === name);
  if (found) return found;
  const hint = didYouMean(
    name,
    defects.map((defect) => defect.name),
  );
  throw new UserError(`There is no defect "${name}".${hint} \`token-conformance defects\` lists them.`);
}

function upstreamUrl(text: string): string {
  const url = URL.parse(text);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return text;
  throw new UserError(`--upstream ${text} is no http or https URL.`);
}

export interface DefectsOptions {
  /** Only those that can stand in front of any endpoint. */
  readonly anyEndpoint?: boolean;
  readonly json?: boolean;
}

/** The seeded defects, as a table or as JSON. */
export function listDefects({ anyEndpoint = false, json = false }: DefectsOptions): string {
  const rows = defects
    .map(({ name, class: kind, changes, breaks, at, behaviours }) => ({
      name,
      class: kind,
      operations: at,
      breaks,
      changes,
      anyEndpoint: behaviours === undefined,
    }))
    .filter((row) => row.anyEndpoint || !anyEndpoint);
  if (json) return `${JSON.stringify(rows, null, 2)}\n`;
  const width = Math.max(...rows.map(({ name }) => name.length));
  const line = (name: string, kind: DefectClass, text: string) =>
    `${name.padEnd(width)}  ${kind.padEnd(6)}  ${text}\n`;
  return rows.map((row) => line(row.name, row.class, row.changes)).join('');
}
