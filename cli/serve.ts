import { type DefectClass, defects } from '../emulator/defects/all.ts';
import { type Defect, isInside, startedWith, together } from '../emulator/defects/defect.ts';
import { passwordUser } from '../emulator/fronts/oauth-form/start.ts';
import { misbehaviours } from '../emulator/misbehaviours/all.ts';
import type { Misbehaviour } from '../emulator/misbehaviours/misbehaviour.ts';
import { serveMisbehaviour } from '../emulator/misbehaviours/serve-misbehaviour.ts';
import { startProxy } from '../emulator/proxy.ts';
import { startEmulator } from '../emulator/server.ts';
import { didYouMean, UserError } from '../targets/problem.ts';
import type { Io } from './io.ts';

export interface ServeOptions {
  readonly port: number;
  /** The names of seeded defects. */
  readonly defect?: readonly string[];
  /** Base URL of an endpoint that the defects stand in front of. */
  readonly upstream?: string;
  /** The standard server offers the grant `password`. */
  readonly passwordGrant?: boolean;
  /** The name of a misbehaviour. */
  readonly misbehave?: string;
}

/**
 * Serves the reference emulator, a defect in front of another endpoint, or a misbehaviour, until it is interrupted.
 *
 * @throws {UserError} when an option is wrong or the port cannot be had
 */
export async function serve(
  { port, defect: names = [], upstream, misbehave, passwordGrant = false }: ServeOptions,
  io: Pick<Io, 'stdout' | 'whenInterrupted'>,
): Promise<void> {
  if (port > 65_535) throw new UserError(`${port} is no port: ports go up to 65535.`);
  if (misbehave !== undefined && (names.length > 0 || upstream !== undefined))
    throw new UserError('--misbehave goes with neither --defect nor --upstream: choose one of them.');
  if (passwordGrant && (misbehave !== undefined || upstream !== undefined))
    throw new UserError(
      '--password-grant goes with neither --misbehave nor --upstream: it is for the emulator.',
    );
  const wrong = names.map(defectNamed);
  checkTogether(wrong);
  const { lines, close } = await serving().catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new UserError(`Port ${port} is in use. Choose another one with --port, or 0 for a free one.`);
    if (error.code === 'EACCES')
      throw new UserError(`Port ${port} needs more rights. Choose one above 1023 with --port.`);
    throw error;
  });
  // At once: whoever waits for a line finds those behind it too.
  io.stdout.write(`${lines.join('\n')}\n`);
  io.whenInterrupted(close);

  async function serving(): Promise<Serving> {
    if (misbehave !== undefined) return misbehaving(port, misbehaviourNamed(misbehave));
    return upstream === undefined
      ? emulator(port, wrong, passwordGrant)
      : proxy(port, upstreamUrl(upstream), wrong);
  }
}

type Serving = { readonly lines: readonly string[]; readonly close: () => Promise<void> };

/** Two that replace one behaviour cannot both be there. */
function checkTogether(wrong: readonly Defect[]): void {
  const replaced = wrong.map(
    ({ name, behaviours, oauth }) =>
      [name, Object.keys({ ...behaviours?.(), ...oauth?.behaviours?.() })] as const,
  );
  for (const [at, [name, behaviours]] of replaced.entries())
    for (const [other, others] of replaced.slice(at + 1)) {
      const shared = behaviours.find((behaviour) => others.includes(behaviour));
      if (shared !== undefined)
        throw new UserError(
          `The defects ${name} and ${other} both replace "${shared}" of the emulator: choose one of them.`,
        );
    }
}

async function emulator(port: number, wrong: readonly Defect[], passwordGrant: boolean): Promise<Serving> {
  const started = startedWith(together(wrong));
  const { url, fixtures, close, oauth } = await startEmulator({
    port,
    ...started,
    oauth: { ...started.oauth, passwordGrant },
  });
  const { username, password } = passwordUser;
  return {
    lines: [
      `reference emulator: ${url}`,
      `fixture service:    ${fixtures}`,
      `standard server:    ${oauth.issuer} (its fixtures: ${oauth.fixtures})`,
      ...(passwordGrant ? [`user with password:  ${username}, "${password}"`] : []),
      ...wrong.map(({ name, changes }) => `defect:             ${name}: ${changes}`),
    ],
    close,
  };
}

/** The fixture service stays that of the emulator behind, which keeps to HTTP. */
async function misbehaving(port: number, misbehaviour: Misbehaviour): Promise<Serving> {
  const behind = await startEmulator();
  try {
    const front = await serveMisbehaviour(misbehaviour, { port, forward: behind.answer });
    return {
      lines: [
        `misbehaving endpoint: ${front.url}`,
        `fixture service:      ${behind.fixtures}`,
        `misbehaviour:         ${misbehaviour.name}: ${misbehaviour.what}`,
      ],
      close: async () => {
        await front.close();
        await behind.close();
      },
    };
  } catch (error) {
    await behind.close();
    throw error;
  }
}

async function proxy(port: number, upstream: string, wrong: readonly Defect[]): Promise<Serving> {
  if (wrong.length === 0)
    throw new UserError('--upstream needs --defect NAME. `token-conformance defects` lists them.');
  const inside = wrong.find(isInside);
  if (inside !== undefined)
    throw new UserError(
      `The defect ${inside.name} lives inside the reference emulator and cannot stand in front of another endpoint. ` +
        '`token-conformance defects --any-endpoint` lists those that can.',
    );
  const { middleware, oauth } = together(wrong);
  const front = (middleware ?? oauth?.middleware)?.() ?? ((request, endpoint) => endpoint(request));
  const { url, close } = await startProxy(upstream, front, { port });
  return {
    lines: [
      `in front of ${upstream}: ${url}`,
      ...wrong.map(({ name, changes }) => `defect: ${name}: ${changes}`),
    ],
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

function misbehaviourNamed(name: string): Misbehaviour {
  const found = misbehaviours.find((one) => one.name === name);
  if (found) return found;
  const hint = didYouMean(
    name,
    misbehaviours.map((one) => one.name),
  );
  throw new UserError(
    `There is no misbehaviour "${name}".${hint} \`token-conformance misbehaviours\` lists them.`,
  );
}

/** The misbehaviours, as a table or as JSON. */
export function listMisbehaviours({ json = false }: { readonly json?: boolean }): string {
  const rows = misbehaviours.map(({ name, what }) => ({ name, what }));
  if (json) return `${JSON.stringify(rows, null, 2)}\n`;
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.map(({ name, what }) => `${name.padEnd(width)}  ${what}\n`).join('');
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
    .map((one) => ({
      name: one.name,
      class: one.class,
      dialects: one.dialects,
      operations: one.at,
      breaks: one.breaks,
      changes: one.changes,
      anyEndpoint: !isInside(one),
    }))
    .filter((row) => row.anyEndpoint || !anyEndpoint);
  if (json) return `${JSON.stringify(rows, null, 2)}\n`;
  const width = Math.max(...rows.map(({ name }) => name.length));
  const line = (name: string, kind: DefectClass, text: string) =>
    `${name.padEnd(width)}  ${kind.padEnd(6)}  ${text}\n`;
  return rows.map((row) => line(row.name, row.class, row.changes)).join('');
}
