import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** What a language needs here, and how its programs are made. Everything that it fetches or makes is in its own folder. */
interface Toolchain {
  /** As a table names the language; empty where the client brings it along. */
  readonly title: string;
  /** What has to be there, and how it names its version. The first one's is the version of the language. */
  readonly needs: readonly { readonly command: Command; readonly says: RegExp }[];
  /** In `home`, a copy of the folder of the language. */
  readonly build?: (home: string) => readonly Command[];
  /** Where the tools of the language keep what they fetch. */
  readonly env?: (home: string) => Readonly<Record<string, string>>;
}

export const toolchains = {
  javascript: { title: 'Node', needs: [{ command: [process.execPath, '--version'], says: /v(\S+)/ }] },
  python: {
    title: 'Python',
    needs: [{ command: ['python3', '--version'], says: /Python (\S+)/ }],
    build: (home) => [
      ['python3', '-m', 'venv', join(home, 'venv')],
      [join(home, 'venv', 'bin', 'pip'), 'install', '--quiet', '--requirement', 'requirements.txt'],
    ],
    env: (home) => ({ PIP_CACHE_DIR: join(home, 'pip'), PIP_DISABLE_PIP_VERSION_CHECK: '1' }),
  },
  go: {
    title: 'Go',
    needs: [{ command: ['go', 'version'], says: /go(\d\S+)/ }],
    build: (home) => [['go', 'build', '-o', join(home, 'bin', '/'), './aws', './oauth2']],
    env: (home) => ({ GOPATH: join(home, 'path'), GOCACHE: join(home, 'cache'), GOFLAGS: '-modcacherw' }),
  },
  java: {
    title: 'Java',
    needs: [
      { command: ['java', '-version'], says: /version "([^"]+)"/ },
      { command: ['mvn', '--version'], says: /Maven (\S+)/ },
    ],
    build: (home) => [
      ['mvn', '--quiet', '--batch-mode', `-Dmaven.repo.local=${join(home, 'repository')}`, 'compile'],
    ],
  },
  rust: {
    title: 'Rust',
    needs: [{ command: ['cargo', '--version'], says: /cargo (\S+)/ }],
    // One job: what it compiles is large, and others want a processor too.
    build: () => [['cargo', 'build', '--quiet', '--jobs', '1']],
    env: (home) => ({ CARGO_HOME: join(home, 'cargo'), CARGO_TARGET_DIR: join(home, 'target') }),
  },
  // Not to be had from a registry of packages: whoever has it has installed it.
  'aws-cli-2': { title: '', needs: [{ command: ['aws', '--version'], says: /aws-cli\/(2\.\S+)/ }] },
} as const satisfies Readonly<Record<string, Toolchain>>;

export type ToolchainName = keyof typeof toolchains;

/** Of the language; undefined where something is not here. */
export function versionOf(name: ToolchainName): string | undefined {
  const { needs }: Toolchain = toolchains[name];
  const versions = needs.map(({ command: [program, ...args], says }) => {
    const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 });
    return says.exec(`${stdout}${stderr}`)?.[1];
  });
  return versions.includes(undefined) ? undefined : versions[0];
}

/** Where the programs of a language are made. */
export const homeOf = (name: ToolchainName, cache: string): string => join(cache, name);

/**
 * Makes the programs of a language.
 *
 * @throws {Error} with the last lines of the tool that failed
 */
export function build(name: ToolchainName, cache: string): void {
  const toolchain: Toolchain = toolchains[name];
  if (!toolchain.build) return;
  const home = homeOf(name, cache);
  cpSync(join(folder, name), home, { recursive: true, preserveTimestamps: true });
  for (const [program, ...args] of toolchain.build(home)) {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: home,
      encoding: 'utf8',
      env: { ...process.env, ...toolchain.env?.(home) },
      maxBuffer: 2 ** 26,
    });
    if (status === 0) continue;
    const last = `${stdout}${stderr}${error?.message ?? ''}`.trim().split('\n').slice(-15).join('\n');
    throw new Error(`${program} ended with ${status}:\n${last}`);
  }
}

/** The environment of a client, without what would make it ask elsewhere, or as somebody else. */
export function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^AWS_|_proxy$/i.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
