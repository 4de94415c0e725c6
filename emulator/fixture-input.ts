import { member } from './json.ts';
import type { JsonObject } from './wire.ts';

/** Why a fixture cannot be had: 400 for a wrong input, 501 for what the dialect does not have. */
export class FixtureProblem extends Error {
  readonly status: 400 | 501;
  constructor(status: 400 | 501, message: string) {
    super(message);
    this.status = status;
  }
}

export const wrong = (name: string, why: string): FixtureProblem => new FixtureProblem(400, `${name} ${why}`);
export const notOffered = (name: string): FixtureProblem =>
  new FixtureProblem(501, `this dialect does not have that ${name}`);

/** The members of a fixture request by type; null is absent, and what is wrong is said by name. */
export interface Input {
  optionalText(name: string): string | undefined;
  text(name: string): string;
  oneOf<T extends string>(name: string, allowed: readonly T[]): T;
  optionalList(name: string): readonly string[] | undefined;
  list(name: string): readonly string[];
  /** A scope may also be written as RFC 6749 does: one string with spaces. */
  scope(name: string): readonly string[] | undefined;
  number(name: string): number;
  flag(name: string): boolean;
  optionalObject(name: string): JsonObject | undefined;
}

export function inputOf(body: JsonObject): Input {
  const read = (name: string): unknown => member(body, name) ?? undefined;

  const optionalText = (name: string): string | undefined => {
    const value = read(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value === '') throw wrong(name, 'must be a string that is not empty');
    return value;
  };
  const text = (name: string): string => optionalText(name) ?? missing(name);

  const optionalList = (name: string): readonly string[] | undefined => {
    const value = read(name);
    if (value === undefined) return undefined;
    if (!isListOfStrings(value)) throw wrong(name, 'must be a list of strings');
    return value;
  };

  return {
    optionalText,
    text,
    oneOf: (name, allowed) => {
      const value = text(name);
      return allowed.find((one) => one === value) ?? fail(name, `must be one of ${allowed.join(', ')}`);
    },
    optionalList,
    list: (name) => optionalList(name) ?? missing(name),
    scope: (name) => {
      const value = read(name);
      return typeof value === 'string' ? value.split(' ').filter((one) => one !== '') : optionalList(name);
    },
    number: (name) => {
      const value = read(name) ?? missing(name);
      return typeof value === 'number' ? value : fail(name, 'must be a number');
    },
    flag: (name) => {
      const value = read(name) ?? missing(name);
      return typeof value === 'boolean' ? value : fail(name, 'must be true or false');
    },
    optionalObject: (name) => {
      const value = read(name);
      if (value === undefined) return undefined;
      return isObject(value) ? value : fail(name, 'must be an object');
    },
  };
}

function fail(name: string, why: string): never {
  throw wrong(name, why);
}

const missing = (name: string): never => fail(name, 'is missing');

const isListOfStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
