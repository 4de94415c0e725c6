import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A server of somebody else that is listening. */
export interface Started {
  readonly issuer: string;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}/examples/providers`;

const foldersWith = (file: string): string[] =>
  readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/${file}`));

/** The servers that npm has, by the names of their folders in `examples/providers`. */
export const serverNames: readonly string[] = foldersWith('server.js');

/** All servers that were certified: those that npm has not are started by hand, as their README says. */
export const certifiedNames: readonly string[] = foldersWith('baseline.yaml');

/** A file of a server, from the folder of the project: its target file, or its baseline. */
export const fileOf = (name: string, file: 'target.yaml' | 'baseline.yaml'): string =>
  `examples/providers/${name}/${file}`;

/** Where the report of a server goes. */
export const reportOf = (name: string): string => `report/providers/${name}`;

/** The version of a server: of its package, else what the first line of its README says. */
export function versionOf(name: string, packageName: string): string {
  const file = `${root}/node_modules/${packageName}/package.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).version;
  const [title = ''] = readFileSync(`${folder}/${name}/README.md`, 'utf8').split('\n');
  return /\d[\w.]*/.exec(title)?.[0] ?? 'unknown';
}

/** Starts a server as its folder says, and tells the environment what its target file asks for. */
export async function startServer(name: string): Promise<Started> {
  const { start }: { start: (port: number) => Promise<Started> } = await import(
    `${folder}/${name}/server.js`
  );
  const started = await start(0);
  process.env.ISSUER = started.issuer;
  process.env.LOGIN_PASSWORD = 'correct horse';
  return started;
}
