import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { markPattern } from './mark.ts';

const folder = new URL('./', import.meta.url);
// A test checks the schemas themselves: here it would take as long as compiling them. To optimize them takes longer
// than that saves.
const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  validateSchema: false,
  code: { optimize: false },
});
(formats as unknown as (instance: Ajv2020) => void)(ajv);
// What is captured may have a secret within a URL: the rest of it is judged. One may begin within a percent-encoding.
const marks = new RegExp(`%?${markPattern.source}`, 'g');
for (const name of ['uri', 'uri-reference']) {
  const format = ajv.formats[name] as RegExp | ((text: string) => boolean);
  const rightly = format instanceof RegExp ? (text: string) => format.test(text) : format;
  ajv.addFormat(name, (text: string) => rightly(text.replace(marks, 'x')));
}
const compiled = new Map<string, ValidateFunction>();

/** A schema of this folder as it stands in its file: `aws-json/create-token.response`, `target` … */
export function readSchema(name: string): object {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
}

/** Names of all schemas of a folder, such as `aws-json/errors`. */
export function schemaNames(under: string): string[] {
  return readdirSync(new URL(`${under}/`, folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => `${under}/${file.replace(/\.json$/, '')}`);
}

/** What a value breaks of a schema, each problem with the JSON pointer of its place; empty when it conforms. */
export function problemsWith(schema: string, value: unknown): ErrorObject[] {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(readSchema(schema));
    compiled.set(schema, validate);
  }
  return validate(value) ? [] : [...(validate.errors ?? [])];
}

/** A problem as one readable clause: `/expiresIn must be integer`. */
export function sentence(problem: ErrorObject): string {
  const detail =
    problem.keyword === 'const'
      ? ` ${JSON.stringify(problem.params.allowedValue)}`
      : problem.keyword === 'enum'
        ? ` (${(problem.params.allowedValues as unknown[]).join(', ')})`
        : '';
  return `${problem.instancePath || 'the body'} ${problem.message}${detail}`;
}

/** `InvalidGrantException` as the name of its file: `invalid-grant-exception`. */
export function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}
