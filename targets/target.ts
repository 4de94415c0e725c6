import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ErrorObject } from 'ajv';
import { isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { problemsWith, readSchema, sentence } from '../schemas/read.ts';
import { didYouMean, UserError } from './problem.ts';

export type FixtureVerb =
  | 'client'
  | 'authorization-code'
  | 'device-decision'
  | 'refresh-token'
  | 'expire'
  | 'fault'
  | 'clock';

/** Something that the target cannot offer, and why. */
export interface Limit {
  readonly reason: string;
  readonly fixture?: FixtureVerb;
  readonly grant?: string;
  readonly operation?: string;
}

/** A client registered by hand. */
export interface DeclaredClient {
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly auth?: 'secret';
  readonly grantTypes?: readonly string[];
  readonly redirectUris?: readonly string[];
}

/** The endpoint under test, as its target file describes it. */
export interface Target {
  readonly name: string;
  readonly dialect: 'aws-json';
  /** The base URL, or one URL per operation. */
  readonly endpoint: string | Readonly<Record<string, string>>;
  readonly region?: string;
  readonly profile?: string;
  /** URL of an HTTP service, absolute path of a module, or a command. */
  readonly fixtures?: string | { readonly command: readonly string[]; readonly cwd?: string };
  readonly limits: readonly Limit[];
  readonly clients?: Readonly<Record<string, DeclaredClient>>;
  readonly scopes: readonly string[];
  readonly startUrl: string;
  /** Seconds that a response may take. */
  readonly timeoutSeconds: number;
}

const defaults = {
  dialect: 'aws-json',
  limits: [],
  scopes: ['sso:account:access'],
  startUrl: 'https://token-conformance.awsapps.com/start',
  timeoutSeconds: 10,
} as const;

/** A target of which nothing but its base URL is known. */
export function targetAt(endpoint: string, name = endpoint): Target {
  if (!/^https?:\/\/[^\s?#]+$/.test(endpoint) || !URL.canParse(endpoint))
    throw new UserError(
      `"${endpoint}" is not an http or https URL. Give the base URL, such as https://oidc.us-east-1.amazonaws.com`,
    );
  return { ...defaults, name, endpoint };
}

/** The URL of an operation. */
export function endpointOf(target: Target, operation: string, path: string): string {
  if (typeof target.endpoint === 'string') return target.endpoint.replace(/\/+$/, '') + path;
  const url = target.endpoint[operation];
  if (url === undefined)
    throw new UserError(`${target.name}: the target file gives no endpoint for ${operation}`);
  return url;
}

/**
 * Reads a target file, YAML or JSON, and checks it against `schemas/target.json`.
 *
 * @returns the target, and warnings that do not stop a run
 * @throws {UserError} that lists every mistake with its line, column and path
 */
export function readTarget(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): { target: Target; warnings: string[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`The target file ${file} cannot be read: ${readingProblem(error)}`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0)
    throw new UserError(
      document.errors.map((error) => `${at(error.pos[0])}: not valid YAML: ${error.message}`).join('\n'),
    );

  const mistakes: string[] = [];
  const warnings: string[] = [];
  visit(document, {
    Scalar(key, node, path) {
      if (key === 'key' || typeof node.value !== 'string') return;
      const where = at(node.range?.[0] ?? 0);
      const before = node.value;
      node.value = before.replace(/\$\{([A-Za-z_]\w*)\}/g, (whole, name: string) => {
        const value = environment[name];
        if (value !== undefined && value !== '') return value;
        mistakes.push(
          `${where}: the environment variable ${name} is not set. Set it, or write the value here.`,
        );
        return whole;
      });
      const parent = path.at(-1);
      const name =
        parent !== undefined && 'key' in parent && isScalar(parent.key) ? String(parent.key.value) : '';
      if (/secret/i.test(name) && before === node.value)
        warnings.push(
          `${where}: ${name} is typed into the file. Write "\${NAME}" and set NAME in the environment.`,
        );
    },
  });
  if (mistakes.length > 0) throw new UserError(mistakes.join('\n'));

  const value: unknown = document.toJS();
  const problems = relevant(problemsWith('target', value));
  if (problems.length > 0)
    throw new UserError(
      problems
        .map((problem) => {
          const path = problem.instancePath.split('/').slice(1).map(unescapePointer);
          const node = document.getIn(unknownKey(problem) ? [...path, unknownKey(problem)] : path, true);
          const offset = (node as { range?: [number, number, number] } | undefined)?.range?.[0] ?? 0;
          return `${at(offset)}: ${explain(problem)}`;
        })
        .join('\n'),
    );
  const given = value as Partial<Target> & Pick<Target, 'name' | 'endpoint'>;
  const { fixtures } = given;
  const folder = dirname(resolve(file));
  return {
    target: {
      ...defaults,
      ...given,
      ...(typeof fixtures === 'string' && !isUrl(fixtures) && { fixtures: resolve(folder, fixtures) }),
      ...(typeof fixtures === 'object' && { fixtures: { ...fixtures, cwd: folder } }),
    },
    warnings,
  };
}

export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

function readingProblem(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'permission denied';
  return String(code ?? error);
}

/** Of the problems that the branches of a `oneOf` report, those that say something. */
function relevant(problems: readonly ErrorObject[]): ErrorObject[] {
  const branches = problems
    .filter(({ keyword }) => keyword === 'oneOf')
    .map(({ instancePath }) => instancePath);
  return problems.filter((problem) => {
    if (problem.keyword === 'oneOf') return !problems.some((other) => isDetail(other, problem.instancePath));
    return !(branches.includes(problem.instancePath) && problem.keyword === 'type');
  });
}

function isDetail(problem: ErrorObject, path: string): boolean {
  return problem.instancePath.startsWith(path) && problem.keyword !== 'oneOf' && problem.keyword !== 'type';
}

function unknownKey(problem: ErrorObject): string | undefined {
  return problem.keyword === 'additionalProperties' ? String(problem.params.additionalProperty) : undefined;
}

function explain(problem: ErrorObject): string {
  const key = unknownKey(problem);
  const place = problem.instancePath || 'the file';
  if (key !== undefined) {
    const known = Object.keys((problem.parentSchema?.properties as object | undefined) ?? knownKeys(problem));
    return `${place} has an unknown key "${key}".${didYouMean(key, known)}`;
  }
  if (problem.keyword === 'pattern' && /endpoint/.test(place)) return `${place} must be an http or https URL`;
  if (problem.keyword === 'oneOf') return `${place} has the wrong type`;
  if (problem.keyword === 'required' && place === 'the file')
    return `the file has no "${problem.params.missingProperty}"`;
  return sentence(problem);
}

/** The keys that the schema knows at the place of a problem (`#/properties/…/additionalProperties`). */
function knownKeys(problem: ErrorObject): object {
  let node: unknown = readSchema('target');
  for (const part of problem.schemaPath.split('/').slice(1, -1))
    node = (node as Record<string, unknown>)?.[unescapePointer(part)];
  return (node as { properties?: object } | undefined)?.properties ?? {};
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
