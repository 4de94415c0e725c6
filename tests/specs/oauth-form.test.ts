import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSchema } from '../../schemas/read.ts';
import {
  countsFor,
  type Level,
  type MemberSpec,
  profileNames,
  readDialect,
  readProfile,
  readRequirements,
} from '../../specs/read.ts';

interface Schema {
  readonly type?: string;
  readonly $ref?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly allOf?: readonly { readonly if?: Schema }[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const spec = readDialect('oauth-form');
const operations = Object.entries(spec.operations);
const schemas: Readonly<Record<string, { readonly request?: string; readonly response: string }>> = {
  token: { request: 'token.request', response: 'token.response' },
  device_authorization: {
    request: 'device-authorization.request',
    response: 'device-authorization.response',
  },
  register: { request: 'registration.request', response: 'registration.response' },
  metadata: { response: 'metadata' },
  jwks: { response: 'jwks' },
};
const requirements = readRequirements();
const counting = requirements.filter(countsFor('oauth-form'));
const known = new Map(counting.map(({ id, level }) => [id, level]));

const schemaOf = (name: string) => readSchema(`oauth-form/${name}`) as Schema;

describe('specs/operations/oauth-form.yaml', () => {
  test('names each error as the standards do, with statuses of the client', () => {
    for (const [name, { error, statuses }] of Object.entries(spec.exceptions)) {
      expect(error).toBe(name);
      expect(
        statuses.every((status) => status === 400 || (error === 'invalid_client' && status === 401)),
      ).toBe(true);
    }
  });

  test('uses every error, and no other', () => {
    const used = new Set(operations.flatMap(([, { exceptions }]) => exceptions));
    expect([...used].sort()).toEqual(Object.keys(spec.exceptions).sort());
  });

  test('has the errors of an operation with grants from these', () => {
    for (const [, { exceptions, grants }] of operations)
      if (grants !== undefined) {
        const ofGrants = new Set(Object.values(grants).flatMap((grant) => grant.exceptions));
        expect([...ofGrants].sort()).toEqual(exceptions.toSorted());
      }
  });

  test('has pending and slow devices under the device grant, and bad targets under token exchange alone', () => {
    const grants = Object.entries(spec.operations.token?.grants ?? {});
    const having = (error: string) =>
      grants
        .filter(([, { exceptions }]) => exceptions.includes(error))
        .map(([name]) => name.split(':').at(-1));
    for (const error of ['access_denied', 'authorization_pending', 'expired_token', 'slow_down'])
      expect(having(error)).toEqual(['device_code']);
    expect(having('invalid_target')).toEqual(['token-exchange']);
    expect(having('invalid_grant')).not.toContain('token-exchange');
    expect(having('invalid_grant')).not.toContain('client_credentials');
  });

  test('has the grants that the schema of its requests tells apart', () => {
    const branches = (schemaOf('token.request').allOf ?? []).flatMap(
      ({ if: when }) => when?.properties?.grant_type?.const ?? [],
    );
    expect(Object.keys(spec.operations.token?.grants ?? {})).toEqual(branches);
  });

  test('says where each operation is found, by a member of the metadata or by a known name', () => {
    const members = Object.keys(schemaOf('metadata').properties ?? {});
    for (const [name, { endpoint, wellKnown, path }] of operations) {
      expect(path).toBeUndefined();
      if (name === 'metadata') expect(wellKnown).toHaveLength(2);
      else expect(members).toContain(endpoint);
    }
  });

  test.each(operations.filter(([, { helper }]) => !helper))(
    '%s has members of its schemas, of the same types',
    (name, { request, response }) => {
      const { request: asked, response: answered } = schemas[name] ?? { response: '' };
      if (asked === undefined) expect(request).toEqual({});
      else expectMembers(request, schemaOf(asked));
      expectMembers(response, schemaOf(answered));
    },
  );
});

describe('specs/requirements for forms', () => {
  const reference = new URL('../../../shared/reference/requirements.json', import.meta.url);

  test.runIf(existsSync(reference))(
    'all rules that can be decided in a short run are in it (runs where ../shared/reference/requirements.json exists)',
    () => {
      const rows = JSON.parse(readFileSync(reference, 'utf8')) as {
        id: string;
        level: Level;
        section: string;
        tier: number;
      }[];
      const wanted = rows.filter(({ section, tier }) => /^[A-MQRS]\./.test(section) && tier <= 2);

      expect(wanted).toHaveLength(249);
      expect(wanted.map(({ id }) => [id, known.get(id)])).toEqual(wanted.map(({ id, level }) => [id, level]));
    },
  );

  test('what only forms have counts for no profile of AWS', () => {
    const forms = requirements.filter(({ dialects }) => String(dialects) === 'oauth-form');
    const profiles = profileNames('aws-json').map(readProfile);
    expect(forms.length).toBeGreaterThan(80);
    for (const { id } of forms)
      for (const { levels, excluded } of profiles)
        expect({ ...levels, ...excluded }).not.toHaveProperty([id]);
  });
});

describe.each(profileNames('oauth-form').map(readProfile))('the profile $name', (profile) => {
  const { choices = [], excluded, levels } = profile;

  test('speaks of operations and rules of its dialect', () => {
    expect(Object.keys(spec.operations)).toEqual(expect.arrayContaining([...profile.operations]));
    const named = [
      ...Object.keys(levels),
      ...Object.keys(excluded),
      ...choices.flatMap((choice) => choice.requirements),
    ];
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  test('lowers levels and raises none', () => {
    const rank = { MUST: 0, 'MUST NOT': 0, SHOULD: 1, 'SHOULD NOT': 1, MAY: 2 };
    const raised = Object.entries(levels).filter(
      ([id, { level }]) => rank[level] <= rank[known.get(id) ?? 'MAY'],
    );
    expect(raised).toEqual([]);
  });

  test('gives a reason for each, and leaves out nothing that it reads in a way of its own', () => {
    const reasons = [...Object.values(levels).map(({ because }) => because), ...Object.values(excluded)];
    expect(reasons.filter((reason) => !/^[A-Z].{25,}\.$/.test(reason))).toEqual([]);
    const chosen = choices.flatMap((choice) => choice.requirements);
    expect([...Object.keys(levels), ...chosen].filter((id) => id in excluded)).toEqual([]);
  });

  test('says what counts wherever its documents contradict each other', () => {
    expect(choices.length).toBeGreaterThanOrEqual(11);
    for (const { question, documents, chosen, requirements } of choices) {
      expect([question, documents, chosen]).toEqual([
        expect.stringMatching(/^\S.{10,}[^.]$/),
        expect.stringMatching(/^[A-Z].{20,}\.$/),
        expect.stringMatching(/^\S.{10,}\.$/),
      ]);
      expect(requirements.length).toBeGreaterThan(0);
    }
    expect(new Set(choices.map(({ question }) => question)).size).toBe(choices.length);
  });
});

function expectMembers(members: Readonly<Record<string, MemberSpec>>, schema: Schema): void {
  const { properties = {}, required = [], $defs = {} } = schema;
  const types = Object.entries(members).map(([name, { type }]) => [name, jsonTypes[type] ?? type]);
  const typeOf = ({ type, $ref }: Schema = {}) => type ?? $defs[$ref?.split('/').at(-1) ?? '']?.type;
  expect(types).toEqual(Object.keys(members).map((name) => [name, typeOf(properties[name])]));
  expect(
    Object.keys(members)
      .filter((name) => members[name]?.required)
      .sort(),
  ).toEqual(required.toSorted());
}

const jsonTypes: Readonly<Record<string, string>> = { list: 'array', structure: 'object' };
