import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A server of somebody else that is listening. */
export interface Started {
  readonly issuer: string;
  close(): Promise<void>;
}

const folder = fileURLToPath(new URL('../../examples/providers', import.meta.url));

/** The servers that npm has, by the names of their folders in `examples/providers`. */
export const serverNames: readonly string[] = readdirSync(folder).filter((name) =>
  existsSync(`${folder}/${name}/server.js`),
);

/** A file of a server: its target file, or its baseline. */
export const fileOf = (name: string, file: 'target.yaml' | 'baseline.yaml'): string =>
  `${folder}/${name}/${file}`;

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
