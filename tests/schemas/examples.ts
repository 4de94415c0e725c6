import { describe, expect, test } from 'vitest';
import { problemsWith, sentence } from '../../schemas/read.ts';

/** What a schema accepts, and what it refuses with the clause that says why. */
export interface Examples {
  readonly accepts: Readonly<Record<string, unknown>>;
  readonly refuses: Readonly<Record<string, readonly [body: unknown, because: string]>>;
}

/** A value with other members; `undefined` removes one. */
export function but(body: object, members: object): object {
  return JSON.parse(JSON.stringify({ ...body, ...members }));
}

export const noObject: Examples['refuses'] = {
  'an array': [[], 'the body must be object'],
  null: [null, 'the body must be object'],
  'a string': ['Bearer', 'the body must be object'],
};

/** Each of these members left out. */
export function without(body: object, ...members: string[]): Examples['refuses'] {
  return Object.fromEntries(
    members.map((member) => [
      `no ${member}`,
      [but(body, { [member]: undefined }), `the body must have required property '${member}'`],
    ]),
  );
}

/** Each of these members with such a value. */
export function having(
  what: string,
  value: unknown,
  because: string,
  body: object,
  ...members: string[]
): Examples['refuses'] {
  return Object.fromEntries(
    members.map((member) => [
      `${what} for ${member}`,
      [but(body, { [member]: value }), `/${member} ${because}`],
    ]),
  );
}

/** Each of these texts left out, empty, and of another type. */
export function texts(body: object, ...members: string[]): Examples['refuses'] {
  return {
    ...without(body, ...members),
    ...having('an empty text', '', 'must ', body, ...members),
    ...having('a number', 7, 'must be string', body, ...members),
    ...having('null', null, 'must be string', body, ...members),
  };
}

/** A table of examples as tests, one for each. */
export function testExamples(dialect: string, tables: Readonly<Record<string, Examples>>): void {
  describe.each(Object.entries(tables))('%s', (name, { accepts, refuses }) => {
    test.each(Object.entries(accepts))('accepts %s', (_, body) => {
      expect(problems(body)).toEqual([]);
    });

    test.each(Object.entries(refuses))('refuses %s', (_, [body, because]) => {
      expect(problems(body)).toContainEqual(expect.stringContaining(because));
    });

    function problems(body: unknown): string[] {
      return problemsWith(`${dialect}/${name}`, body).map(sentence);
    }
  });
}
