import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as sdkExports from '@aws-sdk/client-sso-oidc';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { kebab, readSchema, schemaNames } from '../../schemas/read.ts';
import {
  countsFor,
  type DialectSpec,
  type MemberSpec,
  type Requirement,
  readDialect,
  readRequirements,
} from '../../specs/read.ts';

/** What the service promises, in a form that both the specs and the SDK can be brought into. */
interface Contract {
  readonly operations: Readonly<Record<string, OperationContract>>;
  readonly exceptions: Readonly<Record<string, ExceptionContract>>;
}

interface OperationContract {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly authentication: string;
  /** Member names with their type and traits: `string, required, sensitive`. */
  readonly request: Readonly<Record<string, string>>;
  readonly response: Readonly<Record<string, string>>;
  readonly exceptions: readonly string[];
}

interface ExceptionContract {
  readonly status: string;
  readonly error: string;
  readonly members: readonly string[];
  readonly reasons: readonly string[];
}

/** Where the SDK states its model: partly in its exports, partly in the comments of its declarations. */
interface Sdk {
  readonly exports: Readonly<Record<string, unknown>>;
  /** The declaration of each operation's command, by operation name. */
  readonly commands: Readonly<Record<string, string>>;
  /** The declarations of the exceptions. */
  readonly errors: string;
  /** The authentication schemes of an operation, such as `aws.auth#sigv4`. */
  readonly authenticationOf: (operation: string) => readonly string[];
}

const types = new URL('../../node_modules/@aws-sdk/client-sso-oidc/dist-types/', import.meta.url);
const sdk = installedSdk();
const spec = readDialect('aws-json');

describe('specs/operations/aws-json.yaml and the model in @aws-sdk/client-sso-oidc', () => {
  test('describe the same operations and exceptions', () => {
    expectSameContract(contractOf(spec), modelOf(sdk));
  });

  test('agree on the grant types of each operation', () => {
    const { CreateToken, CreateTokenWithIAM } = spec.operations;

    expect(Object.keys(CreateToken?.grants ?? {}).sort()).toEqual(documentedGrantTypes('CreateToken'));
    expect(documentedGrantTypes('CreateTokenWithIAM')).toEqual(
      expect.arrayContaining(Object.keys(CreateTokenWithIAM?.grants ?? {})),
    );
  });

  test('give every grant all exceptions of its operation, as AWS documents them', () => {
    for (const operation of Object.values(spec.operations))
      for (const { exceptions } of Object.values(operation.grants ?? {}))
        expect(exceptions).toEqual(operation.exceptions);
  });
});

describe('a change of the AWS model is reported by name', () => {
  const operation = (name: string) => sdk.exports[`${name}$`] as readonly unknown[];
  const withExports = (exports: Record<string, unknown>): Sdk => ({
    ...sdk,
    exports: { ...sdk.exports, ...exports },
  });
  const request = (members: readonly string[], required: number, startUrl: unknown = 0) => {
    const sensitive = [() => [0, 'ns', 'ClientSecret', 8, 0], 0];
    const schemas = members.map((name) => ({ clientSecret: sensitive, startUrl })[name] ?? 0);
    const input = [3, 'ns', 'StartDeviceAuthorizationRequest', 0, members, schemas, required];
    return withExports({
      StartDeviceAuthorization$: operation('StartDeviceAuthorization').with(4, () => input),
    });
  };

  test.each<readonly [string, Sdk, string]>([
    [
      'an added member',
      request(['clientId', 'clientSecret', 'startUrl', 'audience'], 3),
      'operations.StartDeviceAuthorization.request.audience: the SDK says "string", the specs say nothing',
    ],
    [
      'a removed member',
      request(['clientId', 'clientSecret'], 2),
      'operations.StartDeviceAuthorization.request.startUrl: the SDK says nothing, the specs say "string, required"',
    ],
    [
      'a member that is no longer required',
      request(['clientId', 'clientSecret', 'startUrl'], 2),
      'operations.StartDeviceAuthorization.request.startUrl: the SDK says "string", the specs say "string, required"',
    ],
    [
      'a member of an unknown type',
      request(['clientId', 'clientSecret', 'startUrl'], 3, 2),
      'operations.StartDeviceAuthorization.request.startUrl: the SDK says "unknown type 2, required", the specs say "string, required"',
    ],
    [
      'an added exception',
      withExports({
        TooManyScopesException$: [
          -3,
          'com.amazonaws.ssooidc',
          'TooManyScopesException',
          { error: 'client', httpError: 400 },
          ['error'],
          [0],
        ],
      }),
      'exceptions.TooManyScopesException.status: the SDK says "400", the specs say nothing',
    ],
    [
      'an exception that an operation gained',
      {
        ...sdk,
        commands: { ...sdk.commands, RegisterClient: '@throws {@link AccessDeniedException} (client fault)' },
      },
      'operations.RegisterClient.exceptions.AccessDeniedException: the SDK says "listed", the specs say nothing',
    ],
    [
      'a changed status of an exception',
      withExports({
        SlowDownException$: (sdk.exports.SlowDownException$ as readonly unknown[]).with(3, {
          httpError: 429,
        }),
      }),
      'exceptions.SlowDownException.status: the SDK says "429", the specs say "400"',
    ],
    [
      'an added reason',
      withExports({ AccessDeniedExceptionReason: { KMS: 'KMS_AccessDeniedException', ORG: 'ORG_Denied' } }),
      'exceptions.AccessDeniedException.reasons.ORG_Denied: the SDK says "listed", the specs say nothing',
    ],
    [
      'a changed path',
      withExports({ CreateToken$: operation('CreateToken').with(3, { http: ['POST', '/v2/token', 200] }) }),
      'operations.CreateToken.path: the SDK says "/v2/token", the specs say "/token"',
    ],
    [
      'an added operation',
      withExports({ RevokeToken$: operation('CreateToken').with(2, 'RevokeToken') }),
      'operations.RevokeToken.method: the SDK says "POST", the specs say nothing',
    ],
  ])('%s', (_, altered, line) => {
    const theirs = modelOf(altered);

    expect(() => expectSameContract(contractOf(spec), theirs)).toThrow(line);
  });
});

describe('schemas/aws-json and the model in @aws-sdk/client-sso-oidc', () => {
  const model = modelOf(sdk);
  const operations = Object.entries(model.operations);
  /** Members that the service is observed to send although the model does not have them. */
  const observed: Readonly<Record<string, readonly string[]>> = {
    CreateToken: ['aws_sso_app_session_id', 'originSessionId', 'issuedTokenType'],
  };

  test('there is one request, one response and one error schema for everything in the model', () => {
    expect(schemaNames('aws-json').sort()).toEqual(
      operations
        .flatMap(([name]) => [`aws-json/${kebab(name)}.request`, `aws-json/${kebab(name)}.response`])
        .sort(),
    );
    expect(schemaNames('aws-json/errors').sort()).toEqual(
      Object.keys(model.exceptions)
        .map((name) => `aws-json/errors/${kebab(name)}`)
        .sort(),
    );
  });

  test('the id of a schema is its place', () => {
    for (const name of [...schemaNames('aws-json'), ...schemaNames('aws-json/errors')])
      expect(schema(name).$id).toBe(`urn:token-conformance:${name.replace('/', ':')}`);
  });

  test.each(operations)('the request of %s has the same members', (name, { request }) => {
    const { properties, required } = schema(`aws-json/${kebab(name)}.request`);

    expect(jsonTypes(properties)).toEqual(modelTypes(request));
    expect(required?.toSorted()).toEqual(
      Object.keys(request)
        .filter((member) => request[member]?.includes('required'))
        .sort(),
    );
  });

  test.each(operations)('the response of %s has the same members', (name, { response }) => {
    const { properties } = schema(`aws-json/${kebab(name)}.response`);
    const { known, extra } = split(properties, observed[name] ?? []);

    expect(jsonTypes(known)).toEqual(modelTypes(response));
    expect(Object.keys(extra).sort()).toEqual([...(observed[name] ?? [])].sort());
  });

  test('the structure inside a response has the same members', () => {
    const { awsAdditionalDetails } = schema('aws-json/create-token-with-iam.response').properties;

    expect(jsonTypes(awsAdditionalDetails?.properties ?? {})).toEqual(
      modelTypes(membersOf(sdkExports.AwsAdditionalDetails$, '')),
    );
  });

  test.each(Object.entries(model.exceptions))('%s has the same members and values', (name, exception) => {
    const { properties } = schema(`aws-json/errors/${kebab(name)}`);

    expect(Object.keys(properties).sort()).toEqual(exception.members);
    expect(properties.error?.const).toBe(exception.error);
    expect(properties.error?.const).toBe(spec.exceptions[name]?.error);
    expect(properties.reason?.enum?.filter((value) => value !== null).sort() ?? []).toEqual(
      exception.reasons,
    );
  });

  test.each([
    ['CreateToken', 'grantType'],
    ['CreateTokenWithIAM', 'grantType'],
    ['RegisterClient', 'grantTypes'],
  ])('the request of %s has the documented grant types', (name, member) => {
    const property = schema(`aws-json/${kebab(name)}.request`).properties[member];

    expect((property?.enum ?? property?.items?.enum)?.toSorted()).toEqual(documentedGrantTypes(name));
  });
});

describe('specs/requirements', () => {
  const folder = new URL('../../specs/requirements/', import.meta.url);
  const files = readdirSync(folder).map((file) => ({
    file,
    ...(parse(readFileSync(new URL(file, folder), 'utf8')) as {
      source: string;
      title: string;
      requirements: Requirement[];
    }),
  }));
  const rows = files.flatMap(({ requirements }) => requirements);
  const ids = rows.map(({ id }) => id);
  const reference = new URL('../../../shared/reference/requirements.json', import.meta.url);

  test('every file states its source and its title', () => {
    for (const { file, source, title } of files) {
      expect(source, file).toEqual(expect.stringMatching(/\S/));
      expect(title, file).toEqual(expect.stringMatching(/\S/));
    }
  });

  test('what AWS alone says counts for its dialect alone', () => {
    const counting = readRequirements().map(({ id, dialects }) => [id.startsWith('AWS-'), dialects]);
    expect(counting.filter(([isAws, dialects]) => isAws && String(dialects) !== 'aws-json')).toEqual([]);
    expect(counting.some(([isAws, dialects]) => !isAws && dialects === undefined)).toBe(true);
  });

  test('no id occurs twice', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test('an id begins with the document of its file', () => {
    for (const { file, requirements } of files) {
      const prefix = file === 'aws-sso-oidc.yaml' ? 'AWS-' : `${file.replace('.yaml', '').toUpperCase()}-`;
      expect(requirements.filter(({ id }) => !id.startsWith(prefix))).toEqual([]);
    }
  });

  test.each(rows.map((row) => [row.id, row] as const))('%s has its fields', (id, row) => {
    expect(row).toEqual({
      id,
      section: expect.stringMatching(/\S/),
      level: expect.stringMatching(/^(MUST|MUST NOT|SHOULD|SHOULD NOT|MAY)$/),
      statement: expect.stringMatching(/^[A-Za-z][^\n]*\.$/),
      ...(row.note !== undefined && { note: expect.stringMatching(/^\S[^\n]*\.$/) }),
      ...(row.dialects !== undefined && { dialects: expect.toSatisfy(isListOfDialects) }),
    });
  });

  test('every documented exception of every operation has a row that quotes its contract', () => {
    for (const [operation, { exceptions }] of Object.entries(spec.operations))
      for (const name of exceptions) {
        const row = rows.find(({ id }) => id === `AWS-${operation}-${name.replace(/Exception$/, '')}`);
        const { statuses: [status] = [], error } = spec.exceptions[name] ?? {};
        expect(row?.statement, `${operation} ${name}`).toContain(
          `${operation} answers with ${name}: status ${status}, error ${error}.`,
        );
      }
  });

  test.runIf(existsSync(reference))(
    'all rules that apply to the AWS dialect are in it (runs where ../shared/reference/requirements.json exists)',
    () => {
      const applicable = (
        JSON.parse(readFileSync(reference, 'utf8')) as { id: string; level: string; aws: string }[]
      ).filter(({ aws }) => !aws.startsWith('no:'));
      const ours = new Map(
        readRequirements()
          .filter(countsFor('aws-json'))
          .map(({ id, level }) => [id, { id, level }]),
      );

      expect(applicable).toHaveLength(194);
      expect(applicable.map(({ id }) => ours.get(id))).toEqual(
        applicable.map(({ id, level }) => ({ id, level })),
      );
    },
  );
});

/** Whether something is a list of dialects, none twice. */
function isListOfDialects(value: unknown): boolean {
  const list = Array.isArray(value) ? value : [];
  return (
    list.length > 0 &&
    new Set(list).size === list.length &&
    list.every((one) => ['aws-json', 'oauth-form'].includes(one))
  );
}

/** Fails with one line for every difference, each with its place. */
function expectSameContract(ours: Contract, theirs: Contract): void {
  expect(ours, differences(ours, theirs).join('\n')).toEqual(theirs);
}

function differences(ours: Contract, theirs: Contract): string[] {
  const [specs, model] = [facts(ours), facts(theirs)];
  const say = (value: string | undefined) => (value === undefined ? 'nothing' : `"${value}"`);
  return [...new Set([...specs.keys(), ...model.keys()])]
    .filter((place) => specs.get(place) !== model.get(place))
    .map(
      (place) => `${place}: the SDK says ${say(model.get(place))}, the specs say ${say(specs.get(place))}`,
    );
}

function facts(value: unknown, place: readonly string[] = []): Map<string, string> {
  if (Array.isArray(value)) return new Map(value.map((item) => [[...place, item].join('.'), 'listed']));
  if (typeof value === 'object' && value !== null)
    return new Map(Object.entries(value).flatMap(([name, inner]) => [...facts(inner, [...place, name])]));
  return new Map([[place.join('.'), String(value)]]);
}

/** The contract that our specs describe. Every operation of the dialect succeeds with 200. */
function contractOf({ operations, exceptions }: DialectSpec): Contract {
  return {
    operations: mapValues(
      operations,
      ({ method, path = '', authentication, request, response, exceptions }) => ({
        method,
        path,
        status: 200,
        authentication,
        request: mapValues(request, traitsOf),
        response: mapValues(response, traitsOf),
        exceptions: exceptions.toSorted(),
      }),
    ),
    exceptions: mapValues(exceptions, ({ statuses, error, reason, members = [] }) => ({
      status: statuses.join(' or '),
      error,
      members: ['error', 'error_description', ...(reason ? ['reason'] : []), ...members].sort(),
      reasons: (reason ?? []).toSorted(),
    })),
  };
}

function traitsOf({ type, required, sensitive }: MemberSpec): string {
  return [type, ...(required ? ['required'] : []), ...(sensitive ? ['sensitive'] : [])].join(', ');
}

/** The contract that the SDK carries: its runtime schemas, completed from the comments of its declarations. */
function modelOf({ exports, commands, errors, authenticationOf }: Sdk): Contract {
  const operations = Object.values(exports).filter(isSchemaOf(9));
  const exceptions = Object.values(exports)
    .filter(isSchemaOf(-3))
    .filter(([, namespace]) => !String(namespace).startsWith('smithy.ts.sdk.synthetic'));
  return {
    operations: Object.fromEntries(
      operations.map(([, , name, traits, input, output]) => {
        const operation = String(name);
        const [method, path, status] = (traits as { http: [string, string, number] }).http;
        const declaration = commands[operation] ?? '';
        return [
          operation,
          {
            method,
            path,
            status,
            authentication: authenticationOf(operation).map(authenticationName).join(', '),
            request: membersOf((input as Thunk)(), declaration),
            response: membersOf((output as Thunk)(), declaration),
            exceptions: [...declaration.matchAll(/@throws \{@link (\w+)\} \(/g)]
              .map(([, it]) => `${it}`)
              .sort(),
          },
        ];
      }),
    ),
    exceptions: Object.fromEntries(
      exceptions.map(([, , exception, traits, members]) => {
        const name = String(exception);
        const declaration = errors.split('export declare class ').find((it) => it.startsWith(`${name} `));
        return [
          name,
          {
            status: String((traits as { httpError: number }).httpError),
            error:
              /value will be\s+(?:\*\s+)?<code>(\w+)<\/code>/.exec(declaration ?? '')?.[1] ?? 'undocumented',
            members: (members as string[]).toSorted(),
            reasons: Object.values((exports[`${name}Reason`] ?? {}) as Record<string, string>).sort(),
          },
        ];
      }),
    ),
  };
}

type RuntimeSchema = readonly unknown[];
type Thunk = () => RuntimeSchema;

function isSchemaOf(kind: number): (value: unknown) => value is RuntimeSchema {
  return (value): value is RuntimeSchema => Array.isArray(value) && value[0] === kind;
}

/** A structure is `[3, namespace, name, traits, names, schemas, count of required members]`. */
function membersOf(structure: RuntimeSchema, declaration: string): Record<string, string> {
  const [, , , , names, schemas, required = 0] = structure;
  return Object.fromEntries(
    (names as string[]).map((name, index) => {
      const { type, sensitive } = typeOf((schemas as unknown[])[index]);
      const number = new RegExp(`\\b${name}: Number\\("(int|long)"\\)`).exec(declaration)?.[1];
      const numeric = number === 'int' ? 'integer' : (number ?? 'number');
      return [
        name,
        traitsOf({
          type: (type === 'number' ? numeric : type) as MemberSpec['type'],
          required: index < Number(required),
          sensitive,
        }),
      ];
    }),
  );
}

/** 0 string · 1 number · 64|n list of n · `() => schema` · `[() => simple type, traits]`; trait bit 8 = sensitive. */
function typeOf(schema: unknown): { type: string; sensitive: boolean } {
  if (Array.isArray(schema) && typeof schema[0] === 'function') {
    const [, , , traits, base] = (schema[0] as Thunk)();
    return { type: typeOf(base).type, sensitive: (Number(traits) & 8) !== 0 };
  }
  if (typeof schema === 'function') {
    const [kind] = (schema as Thunk)();
    return { type: kind === 3 ? 'structure' : `unknown type ${kind}`, sensitive: false };
  }
  const types: Readonly<Record<string, string>> = { 0: 'string', 1: 'number', 64: 'list' };
  return { type: types[String(schema)] ?? `unknown type ${schema}`, sensitive: false };
}

function authenticationName(scheme: string): string {
  return { 'smithy.api#noAuth': 'none', 'aws.auth#sigv4': 'sigv4' }[scheme] ?? scheme;
}

function installedSdk(): Sdk {
  const { config } = new sdkExports.SSOOIDCClient({ region: 'us-east-1' });
  const commands = readdirSync(new URL('commands/', types)).flatMap((file) => {
    const [, operation] = /^(\w+)Command\.d\.ts$/.exec(file) ?? [];
    return operation === undefined ? [] : [[operation, declaration(`commands/${file}`)] as const];
  });
  return {
    exports: { ...sdkExports },
    commands: Object.fromEntries(commands),
    errors: declaration('models/errors.d.ts'),
    authenticationOf: (operation) =>
      config.httpAuthSchemeProvider({ operation, region: 'us-east-1' }).map(({ schemeId }) => schemeId),
  };
}

function declaration(path: string): string {
  return readFileSync(new URL(path, types), 'utf8');
}

/** The values that the comment on grantType or grantTypes lists, sorted. */
function documentedGrantTypes(operation: string): string[] {
  const [, after = ''] = declaration('models/models_0.d.ts').split(`export interface ${operation}Request {`);
  const [before = ''] = after.split(/\bgrantTypes?\??:/);
  const comment = before.slice(before.lastIndexOf('/**'));
  return [...comment.matchAll(/<code>([^<]+)<\/code>/g)].map(([, value]) => `${value}`).sort();
}

interface Property {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Property;
  readonly properties?: Properties;
}

type Properties = Readonly<Record<string, Property>>;

function schema(name: string) {
  return readSchema(name) as { $id: string; properties: Properties; required?: readonly string[] };
}

function split(properties: Properties, extras: readonly string[]): { known: Properties; extra: Properties } {
  const entries = Object.entries(properties);
  return {
    known: Object.fromEntries(entries.filter(([name]) => !extras.includes(name))),
    extra: Object.fromEntries(entries.filter(([name]) => extras.includes(name))),
  };
}

function jsonTypes(properties: Properties): Record<string, string> {
  return mapValues(properties, ({ type }) => [type].flat().find((it) => it !== 'null') ?? 'any');
}

function modelTypes(members: Readonly<Record<string, string>>): Record<string, string> {
  const types: Readonly<Record<string, string>> = { long: 'integer', list: 'array', structure: 'object' };
  return mapValues(members, (traits) => {
    const [type = ''] = traits.split(', ');
    return types[type] ?? type;
  });
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
