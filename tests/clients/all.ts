import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DialectName } from '../../specs/read.ts';
import type { Cell } from './cells.ts';
import type { Command, ToolchainName } from './toolchains.ts';

/** A client that people use. */
export interface Client {
  /** As a column is headed. */
  readonly title: string;
  readonly dialect: DialectName;
  readonly language: ToolchainName;
  /** Starts its program, which reads tasks and prints answers. `home` is where those of the language were made. */
  readonly program: (home: string) => Command;
  /** Whether it has a function for that; all of its dialect where nothing is said. */
  readonly offers?: (cell: Cell) => boolean;
  /** It asks again by itself while a device is not decided, as RFC 8628 §3.5 wants: it shows no error for that. */
  readonly polls?: true;
  /** Its own name for an error, where that is not the error's. */
  readonly own?: Readonly<Record<string, string>>;
}

const script = (path: string, ...args: string[]): Command => [
  process.execPath,
  fileURLToPath(new URL(path, import.meta.url)),
  ...args,
];
const python = (home: string): string => join(home, 'venv', 'bin', 'python');

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const signsIn: readonly (string | undefined)[] = [deviceGrant, 'authorization_code'];

const grantsBut =
  (...without: readonly string[]) =>
  ({ grant = '' }: Cell): boolean =>
    !without.includes(grant.slice(grant.lastIndexOf(':') + 1));

/** A 401 with `WWW-Authenticate` is told by its challenge, and its body is left unread. */
const challenged = { invalid_client: 'WWWAuthenticateChallengeError' };

export const clients: readonly Client[] = [
  {
    title: 'AWS SDK for JavaScript',
    dialect: 'aws-json',
    language: 'javascript',
    program: () => script('javascript/aws.ts'),
  },
  {
    title: 'boto3',
    dialect: 'aws-json',
    language: 'python',
    program: (home) => [python(home), join(home, 'aws.py')],
  },
  {
    title: 'AWS SDK for Java',
    dialect: 'aws-json',
    language: 'java',
    program: (home) => ['java', '-cp', `${home}/target/classes:${home}/target/lib/*`, 'Aws'],
  },
  {
    title: 'AWS SDK for Go',
    dialect: 'aws-json',
    language: 'go',
    program: (home) => [join(home, 'bin', 'aws')],
  },
  {
    title: 'AWS SDK for Rust',
    dialect: 'aws-json',
    language: 'rust',
    program: (home) => [join(home, 'target', 'debug', 'clients')],
  },
  {
    title: 'AWS CLI 1 (sso-oidc)',
    dialect: 'aws-json',
    language: 'python',
    program: (home) => script('aws-cli/commands.ts', join(home, 'venv', 'bin', 'aws')),
  },
  {
    title: 'AWS CLI 2 (sso login)',
    dialect: 'aws-json',
    language: 'aws-cli-2',
    program: () => script('aws-cli/login.ts', 'aws'),
    offers: ({ operation, grant }) =>
      operation === 'CreateToken' ? signsIn.includes(grant) : operation !== 'CreateTokenWithIAM',
    polls: true,
  },
  {
    title: 'openid-client',
    dialect: 'oauth-form',
    language: 'javascript',
    program: () => script('javascript/openid-client.ts'),
    offers: grantsBut('password'),
    polls: true,
    own: challenged,
  },
  {
    title: 'oauth4webapi',
    dialect: 'oauth-form',
    language: 'javascript',
    program: () => script('javascript/oauth4webapi.ts'),
    offers: grantsBut('password'),
    own: challenged,
  },
  {
    title: 'Authlib',
    dialect: 'oauth-form',
    language: 'python',
    program: (home) => [python(home), join(home, 'oauth.py')],
  },
  {
    title: 'golang.org/x/oauth2',
    dialect: 'oauth-form',
    language: 'go',
    program: (home) => [join(home, 'bin', 'oauth2')],
    // Its package for assertions makes and signs its own, with a key that no server here trusts.
    offers: grantsBut('jwt-bearer', 'token-exchange'),
    polls: true,
  },
];
