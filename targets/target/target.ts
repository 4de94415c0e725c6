import { dirname, resolve } from 'node:path';
import type { ErrorObject } from 'ajv';
import { type Document, isMap, isScalar, visit } from 'yaml';
import { problemsWith, readSchema } from '../../schemas/read.ts';
import type { DialectName } from '../../specs/read.ts';
import type { Credentials } from '../authentication/aws-signature.ts';
import { awsEndpoint } from '../dialects/aws-json/endpoints.ts';
import { didYouMean, UserError } from '../problem.ts';
import {
  contentOf,
  offsetOf,
  parseYaml,
  pathOf,
  readYaml,
  unescapePointer,
  type YamlSource,
} from '../yaml.ts';

export type FixtureVerb =
  | 'client'
  | 'authorization-code'
  | 'device-decision'
  | 'refresh-token'
  | 'expire'
  | 'fault'
  | 'clock'
  | 'assertion'
  | 'subject-token'
  | 'credentials';

/** Something that the target cannot offer, and why. */
export interface Limit {
  readonly reason: string;
  /** A verb of the fixture service, or the keys that ID tokens are verified with. */
  readonly fixture?: FixtureVerb | 'jwks';
  /** The one part of the fixture that is meant (`fixtureParts` in `limits.ts`); the whole of it when absent. */
  readonly without?: string;
  readonly grant?: string;
  readonly operation?: string;
}

/** A client registered by hand. */
export interface DeclaredClient {
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly auth?: 'secret' | 'iam';
  readonly grantTypes?: readonly string[];
  readonly redirectUris?: readonly string[];
}

/** The endpoint under test, as its target file describes it. */
export interface Target {
  readonly name: string;
  readonly dialect: DialectName;
  /** The base URL, or one URL per operation. */
  readonly endpoint: string | Readonly<Record<string, string>>;
  readonly region?: string;
  readonly fips?: boolean;
  readonly dualstack?: boolean;
  readonly profile?: string;
  /** URL of the JWK Set that ID tokens are verified with. */
  readonly jwks?: string;
  /** What signed operations are signed with; else the fixture provider or the AWS chain is asked. */
  readonly credentials?: Credentials;
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
  return checked(readYaml(file, 'target file'), file, dirname(resolve(file)), environment);
}

/** The members of a target file; those with a default may be left out. */
export type TargetFile = Pick<Target, 'name'> & Partial<Omit<Target, 'name'>>;

/**
 * Checks an object as `readTarget` checks a file. Relative paths are relative to the working folder.
 *
 * @throws {UserError} that lists every mistake with its path
 */
export function targetFrom(
  content: TargetFile,
  environment: Readonly<Record<string, string | undefined>>,
): Target {
  const { document } = parseYaml(asJson(content), 'the target');
  return checked({ document, at: () => 'the target' }, 'the target', process.cwd(), environment).target;
}

function asJson(content: unknown): string {
  try {
    return (
      JSON.stringify(content, (key, value) => {
        if (typeof value !== 'function') return value;
        throw new UserError(`the target: "${key}" is a function, which no target file could hold`);
      }) ?? ''
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`the target is nothing that a file could hold: ${(error as Error).message}`);
  }
}

function checked(
  { document, at }: YamlSource,
  file: string,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): { target: Target; warnings: string[] } {
  const { mistakes, warnings } = substitute(document, environment);
  const value = mistakes.some(({ isAlias }) => isAlias) ? undefined : contentOf(document, file);
  if (value !== undefined) {
    const known = new Set(mistakes.map(({ offset }) => offset));
    mistakes.push(...schemaMistakes(document, value).filter(({ offset }) => !known.has(offset)));
  }
  if (mistakes.length > 0) {
    const inOrder = mistakes.toSorted((one, other) => one.offset - other.offset);
    throw new UserError([...new Set(inOrder.map(({ offset, text }) => `${at(offset)}: ${text}`))].join('\n'));
  }
  const given = value as Partial<Target> & Pick<Target, 'name'>;
  const { fixtures } = given;
  return {
    target: {
      ...defaults,
      ...given,
      endpoint: placeOf(given, file),
      ...(typeof fixtures === 'string' && !isUrl(fixtures) && { fixtures: resolve(folder, fixtures) }),
      ...(typeof fixtures === 'object' && { fixtures: { ...fixtures, cwd: folder } }),
    },
    warnings: warnings.map(({ offset, text }) => `${at(offset)}: ${text}`),
  };
}

/** The endpoint that a file names, or that follows from its region. */
function placeOf({ endpoint, region, fips, dualstack }: Partial<Target>, file: string): Target['endpoint'] {
  if (endpoint === undefined && region === undefined)
    throw new UserError(`${file}: give an "endpoint", or a "region" of AWS`);
  if (typeof endpoint === 'object') return endpoint;
  try {
    return awsEndpoint({
      ...(endpoint !== undefined && { endpoint }),
      ...(region !== undefined && { region }),
      ...(fips !== undefined && { fips }),
      ...(dualstack !== undefined && { dualstack }),
    });
  } catch (error) {
    throw new UserError(`${file}: ${(error as Error).message}`);
  }
}

export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

interface Mistake {
  readonly offset: number;
  readonly text: string;
  /** An alias without anchor: the document has no value. */
  readonly isAlias?: boolean;
}

/** Replaces every `${NAME}` in the values of the document. */
function substitute(
  document: Document.Parsed,
  environment: Readonly<Record<string, string | undefined>>,
): { mistakes: Mistake[]; warnings: Mistake[] } {
  const mistakes: Mistake[] = [];
  const warnings: Mistake[] = [];
  visit(document, {
    Alias(_key, node) {
      if (node.resolve(document) !== undefined) return;
      const text = `*${node.source} refers to nothing. Put a text that starts with * in quotes.`;
      mistakes.push({ offset: node.range?.[0] ?? 0, text, isAlias: true });
    },
    Scalar(key, node, path) {
      if (key === 'key' || typeof node.value !== 'string') return;
      const offset = node.range?.[0] ?? 0;
      const before = node.value;
      node.value = before.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
        const value = environment[name];
        if (!/^[A-Za-z_]\w*$/.test(name))
          mistakes.push({
            offset,
            text: `${whole} names no environment variable. A name has letters, digits and _ only.`,
          });
        else if (value === undefined || value === '')
          mistakes.push({
            offset,
            text: `the environment variable ${name} is ${value === '' ? 'empty' : 'not set'}. Set it, or write the value here.`,
          });
        return value ?? whole;
      });
      const parent = path.at(-1);
      const name =
        parent !== undefined && 'key' in parent && isScalar(parent.key) ? String(parent.key.value) : '';
      if (/secret/i.test(name) && before === node.value)
        warnings.push({
          offset,
          text: `${name} is typed into the file. Write "\${NAME}" and set NAME in the environment.`,
        });
    },
  });
  return { mistakes, warnings };
}

/** What each place of the file holds, `*` standing for any name or index; said when it holds something else. */
const wanted: Readonly<Record<string, string>> = {
  '': 'must hold "name: …" and "endpoint: …" (or "region: …"), as YAML or JSON',
  '/endpoint':
    'must be an http or https URL without a query, such as https://oidc.us-east-1.amazonaws.com, or a map with one URL per operation',
  '/endpoint/*': 'must be an http or https URL',
  '/region': 'must be an AWS region, such as us-east-1',
  '/startUrl': 'must be an http or https URL',
  '/fixtures': 'must be a URL, the path of a module, or a map with a "command"',
  '/fixtures/command': 'must be a list of a program and its arguments, such as [node, fixtures.js]',
  '/limits': 'must be a list: begin each limit with "- "',
  '/limits/*': 'must have a "reason" and exactly one of "fixture", "grant", "operation"',
  '/clients': 'must be a map from names of your choice to clients',
  '/clients/*': 'must be a map with at least a "clientId"',
  '/clients/*/grantTypes': 'must be a list of grants',
  '/clients/*/redirectUris': 'must be a list of URLs',
  '/scopes': 'must be a list of at least one scope',
  '/timeoutSeconds': 'must be a number (without quotes or unit) above 0 and up to 300',
};

/** What the schema says against the document; when nothing, which URLs are none. */
function schemaMistakes(document: Document.Parsed, value: unknown): Mistake[] {
  const mistakes: Mistake[] = relevant(problemsWith('target', value)).map((problem) => ({
    offset: offsetOf(document, pathOf(problem), unknownKey(problem)),
    text: explain(problem, value),
  }));
  if (isMap(document.contents) && !document.has('endpoint') && !document.has('region'))
    mistakes.push({
      offset: 0,
      text: 'the file has no "endpoint", and no "region" of AWS that it could follow from',
    });
  if (mistakes.length > 0) return mistakes;
  const { endpoint, fixtures, startUrl } = value as Partial<Target>;
  const urls: (readonly [path: readonly string[], url: unknown])[] = [
    ...(typeof endpoint === 'object'
      ? Object.entries(endpoint).map(([operation, url]) => [['endpoint', operation], url] as const)
      : [[['endpoint'], endpoint] as const]),
    [['startUrl'], startUrl],
    [['fixtures'], typeof fixtures === 'string' && isUrl(fixtures) ? fixtures : undefined],
  ];
  return urls
    .filter(([, url]) => typeof url === 'string' && !URL.canParse(url))
    .map(([path]) => ({
      offset: offsetOf(document, path),
      text: `/${path.join('/')} is not a complete URL: check its host and port`,
    }));
}

const oneOf = new Intl.ListFormat('en', { type: 'disjunction' });

/** Without the wrong types and branches of a `oneOf` that a problem of the same place or below explains better. */
function relevant(problems: readonly ErrorObject[]): ErrorObject[] {
  const isVague = ({ keyword }: ErrorObject) => keyword === 'type' || keyword === 'oneOf';
  const explains = (other: ErrorObject, { instancePath }: ErrorObject) =>
    other.instancePath.startsWith(`${instancePath}/`) ||
    (other.instancePath === instancePath && !isVague(other));
  return problems.filter(
    (problem) => !isVague(problem) || !problems.some((other) => explains(other, problem)),
  );
}

function explain(problem: ErrorObject, value: unknown): string {
  const { keyword, instancePath, params } = problem;
  const place = instancePath || 'the file';
  const key = unknownKey(problem);
  if (key !== undefined) return `${place} has an unknown key "${key}".${nearest(key, knownKeys(problem))}`;
  const parts = pathOf(problem);
  if (keyword === 'enum') {
    const word = parts.reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], value);
    const known: string[] = params.allowedValues;
    return `${place} must be ${oneOf.format(known.map((one) => `"${one}"`))}.${didYouMean(String(word), known)}`;
  }
  if (instancePath === '' && value === null) return `the file is empty. It ${wanted['']}`;
  const pattern = parts.map((part, index) => (index % 2 === 0 ? part : '*'));
  if (keyword === 'required' && wanted[`/${pattern.join('/')}`] === undefined)
    return `${place} has no "${params.missingProperty}"`;
  return `${place} ${wanted[instancePath] ?? wanted[`/${pattern.join('/')}`] ?? plainly(problem)}`;
}

/** What the keywords of the schema ask for where no place of its own is `wanted`. */
function plainly(problem: ErrorObject): string {
  if (problem.keyword === 'type') return 'must be text. Put a number in quotes.';
  if (problem.keyword === 'minLength') return 'must not be empty';
  return problem.message ?? 'is wrong';
}

function nearest(word: string, known: readonly string[]): string {
  return didYouMean(word, known) || ` Known: ${known.join(', ')}.`;
}

function unknownKey({ keyword, params }: ErrorObject): string | undefined {
  return keyword === 'additionalProperties' ? String(params.additionalProperty) : undefined;
}

/** The keys that the schema knows at the place of a problem (`#/properties/…/additionalProperties`). */
function knownKeys(problem: ErrorObject): string[] {
  let node: unknown = readSchema('target');
  for (const part of problem.schemaPath.split('/').slice(1, -1))
    node = (node as Record<string, unknown>)?.[unescapePointer(part)];
  return Object.keys((node as { properties?: object } | undefined)?.properties ?? {});
}
