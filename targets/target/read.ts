import { dirname, resolve } from 'node:path';
import { type Document, isPair, isScalar, visit } from 'yaml';
import { awsEndpoint } from '../dialects/aws-json/endpoints.ts';
import { UserError } from '../problem.ts';
import type { TlsMaterial } from '../transport/dispatcher.ts';
import { contentOf, offsetOf, parseYaml, readYaml, type YamlSource } from '../yaml.ts';
import { dialectIn, methodOf } from './by-dialect.ts';
import { type Mistake, schemaMistakes } from './mistakes.ts';
import { defaultsOf, isUrl, limitsOf, type Target } from './target.ts';
import { readTls } from './tls.ts';

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
export type TargetFile = Pick<Target, 'name'> &
  Partial<Omit<Target, 'name'>> & {
    /** URLs of a server of the standards, by operation: `token`, `device_authorization` … */
    readonly endpoints?: Readonly<Record<string, string>>;
  };

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
  const { tls: paths } = (value ?? {}) as { tls?: TlsMaterial };
  const read = mistakes.length === 0 && paths !== undefined ? readTls(paths, folder) : undefined;
  mistakes.push(
    ...(read?.mistakes ?? []).map(({ path, text }) => ({ offset: offsetOf(document, path), text })),
  );
  if (mistakes.length > 0) {
    const inOrder = mistakes.toSorted((one, other) => one.offset - other.offset);
    throw new UserError([...new Set(inOrder.map(({ offset, text }) => `${at(offset)}: ${text}`))].join('\n'));
  }
  return {
    target: { ...targetOf(value as TargetFile, file, folder), ...(read && { tls: read.tls }) },
    warnings: warnings.map(({ offset, text }) => `${at(offset)}: ${text}`),
  };
}

/** What a file without mistakes says. */
function targetOf(content: TargetFile, file: string, folder: string): Target {
  const { endpoints = {}, ...given } = content;
  const { fixtures, profile, clients } = given;
  const dialect = dialectIn(content);
  const isStandard = dialect === 'oauth-form';
  const endpoint = isStandard ? endpoints : placeOf(given, file);
  return {
    ...defaultsOf(dialect, profile),
    ...given,
    dialect,
    limits: limitsOf({ ...given, dialect }),
    endpoint,
    ...(given.headers && { origins: originsOf({ ...given, endpoint }) }),
    ...(isStandard && clients && { clients: withMethods(clients) }),
    ...(typeof fixtures === 'string' && !isUrl(fixtures) && { fixtures: resolve(folder, fixtures) }),
    ...(typeof fixtures === 'object' && { fixtures: { ...fixtures, cwd: folder } }),
  };
}

/** Those of the URLs that a file names, or that follow from what it says. */
function originsOf({ endpoint, issuer, jwks }: Partial<Target>): string[] {
  const named = typeof endpoint === 'object' ? Object.values(endpoint) : [endpoint];
  const urls = [...named, issuer, jwks].flatMap((url) => URL.parse(url ?? '')?.origin ?? []);
  return [...new Set(urls)];
}

const withMethods = (clients: NonNullable<Target['clients']>): Target['clients'] =>
  Object.fromEntries(
    Object.entries(clients).map(([name, client]) => [name, { ...client, authMethod: methodOf(client) }]),
  );

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
      if (
        (/secret|^password$/i.test(name) || isPrivate(name, path) || isHeader(path)) &&
        before === node.value
      )
        warnings.push({
          offset,
          text: `${name} is typed into the file. Write "\${NAME}" and set NAME in the environment.`,
        });
    },
  });
  return { mistakes, warnings };
}

/** Whether it is the private part of a client's key. */
function isPrivate(name: string, path: readonly unknown[]): boolean {
  const above = path.at(-3);
  return name === 'd' && isPair(above) && isScalar(above.key) && above.key.value === 'key';
}

/** Whether it is the value of a header. */
function isHeader(path: readonly unknown[]): boolean {
  const above = path.at(-3);
  return isPair(above) && isScalar(above.key) && above.key.value === 'headers';
}
