import type { ErrorObject } from 'ajv';
import { type Document, isMap } from 'yaml';
import { problemsWith, readSchema } from '../../schemas/read.ts';
import { didYouMean } from '../problem.ts';
import { offsetOf, pathOf, unescapePointer } from '../yaml.ts';
import { combinedMistakes, type Given, type Misplaced, mistakesByDialect, oneOf } from './by-dialect.ts';
import { isUrl } from './target.ts';

/** What is wrong at a place of a target file. */
export interface Mistake {
  readonly offset: number;
  readonly text: string;
  /** An alias without anchor: the document has no value. */
  readonly isAlias?: boolean;
}

/** What each place of the file holds, `*` standing for any name or index; said when it holds something else. */
const wanted: Readonly<Record<string, string>> = {
  '': 'must hold "name: …" and "endpoint: …" (or "region: …"), as YAML or JSON',
  '/endpoint':
    'must be an http or https URL without a query, such as https://oidc.us-east-1.amazonaws.com, or a map with one URL per operation',
  '/endpoint/*': 'must be an http or https URL',
  '/issuer': 'must be an http or https URL without a query, such as https://id.example.com',
  '/endpoints': 'must be a map with one URL per operation, such as { token: https://id.example.com/token }',
  '/endpoints/*': 'must be an http or https URL',
  '/region': 'must be an AWS region, such as us-east-1',
  '/startUrl': 'must be an http or https URL',
  '/fixtures': 'must be a URL, the path of a module, or a map with a "command"',
  '/fixtures/command': 'must be a list of a program and its arguments, such as [node, fixtures.js]',
  '/limits': 'must be a list: begin each limit with "- "',
  '/limits/*': 'must have a "reason" and exactly one of "fixture", "grant", "operation"',
  '/clients': 'must be a map from names of your choice to clients',
  '/clients/*': 'must be a map with at least a "clientId"',
  '/clients/*/key': 'must be a private JWK: a map with at least "kty" and "d"',
  '/clients/*/grantTypes': 'must be a list of grants',
  '/clients/*/redirectUris': 'must be a list of URLs',
  '/login': 'must be a map with a "username" and a "password"',
  '/login/passwordGrant': 'must be true or false',
  '/resource': 'must be an absolute URI without fragment, such as https://mcp.example.com/mcp',
  '/scopes': 'must be a list of at least one scope',
  '/rate': 'must be a number (without quotes or unit) above 0 and up to 1000: requests a second',
  '/concurrency': 'must be a whole number from 1 to 96',
  '/timeouts': 'must be a map with "connectSeconds" or "caseSeconds"',
  '/timeouts/connectSeconds': 'must be a number (without quotes or unit) above 0 and up to 300',
  '/timeouts/caseSeconds': 'must be a number (without quotes or unit) above 0 and up to 86400',
  '/tls': 'must be a map with "ca", or with "cert" and its "key", or with all three',
  '/headers': 'must be a map from names of headers to their values',
  '/headers/*': 'must be visible ASCII text, on one line. Put a number in quotes',
  '/timeoutSeconds': 'must be a number (without quotes or unit) above 0 and up to 300',
};

/** What the schema or its dialect says against the document; when nothing, which clients and URLs are none. */
export function schemaMistakes(document: Document.Parsed, value: unknown): Mistake[] {
  const placed = (mistakes: readonly Misplaced[]): Mistake[] =>
    mistakes.map(({ path, key, text }) => ({
      offset: path.length === 0 && key === undefined ? 0 : offsetOf(document, path, key),
      text,
    }));
  const mistakes: Mistake[] = relevant(problemsWith('target', value)).map((problem) => ({
    offset: offsetOf(document, pathOf(problem), unknownKey(problem)),
    text: explain(problem, value),
  }));
  if (isMap(document.contents)) mistakes.push(...placed(mistakesByDialect(value as Given)));
  if (mistakes.length > 0) return mistakes;
  return placed([
    ...combinedMistakes(value as Given),
    ...urlMistakes(value as Given),
    ...headerMistakes(value as Given),
  ]);
}

function urlMistakes({ endpoint, endpoints, issuer, fixtures, startUrl }: Given): Misplaced[] {
  const each = (key: string, value: unknown) =>
    typeof value === 'object'
      ? Object.entries(value ?? {}).map(([operation, url]) => [[key, operation], url] as const)
      : [[[key], value] as const];
  const urls: (readonly [path: readonly string[], url: unknown])[] = [
    ...each('endpoint', endpoint),
    ...each('endpoints', endpoints),
    [['issuer'], issuer],
    [['startUrl'], startUrl],
    [['fixtures'], typeof fixtures === 'string' && isUrl(fixtures) ? fixtures : undefined],
  ];
  return urls
    .filter(([, url]) => typeof url === 'string' && !URL.canParse(url))
    .map(([path]) => ({ path, text: `/${path.join('/')} is not a complete URL: check its host and port` }));
}

/** Headers by which a request would say something else, or would not arrive; and those that every request has itself. */
const ownHeaders =
  /^(?:authorization|content-.*|host|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|accept|accept-.*|user-agent|cookie|date|dpop|proxy-.*|x-amz-.*)$/i;

function headerMistakes({ headers = {} }: Given): Misplaced[] {
  return Object.keys(headers as object).flatMap((key) => {
    const at = { path: ['headers'], key };
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(key))
      return [{ ...at, text: `/headers has "${key}", which is no name` }];
    return ownHeaders.test(key)
      ? [
          {
            ...at,
            text: `/headers/${key} belongs to the requests themselves: cases would mean something else`,
          },
        ]
      : [];
  });
}

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
    return `${place} must be ${oneOf(known)}.${didYouMean(String(word), known)}`;
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
