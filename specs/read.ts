import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type Level = 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY';

/** AWS's JSON, and the forms of the standards. */
export const dialectNames = ['aws-json', 'oauth-form'] as const;

export type DialectName = (typeof dialectNames)[number];

/** What says for which dialects it counts; for each of them where it does not say so. */
export interface Counting {
  readonly dialects?: readonly DialectName[];
}

export const countsFor =
  (dialect: DialectName) =>
  ({ dialects }: Counting): boolean =>
    dialects === undefined || dialects.includes(dialect);

/** One rule of the catalogue. */
export interface Requirement extends Counting {
  readonly id: string;
  /** The profiles whose documents have the rule; every profile of its dialects where nothing is said. */
  readonly profiles?: readonly string[];
  /** The sections of the documents that state the rule. */
  readonly section: string;
  readonly level: Level;
  readonly statement: string;
  readonly note?: string;
  /** The document that the rule is filed under. */
  readonly source: string;
}

/** Whether the documents of a profile have a rule, with or without a case. */
export const isRuleOf =
  ({ name, dialect }: Pick<Profile, 'name' | 'dialect'>) =>
  (rule: Requirement): boolean =>
    countsFor(dialect)(rule) && rule.profiles?.includes(name) !== false;

export interface ExceptionSpec {
  /** Those that an answer may have; the first is the usual one. */
  readonly statuses: readonly [number, ...number[]];
  /** The value of the `error` member. */
  readonly error: string;
  /** What the suites call it where another exception has the same `error`. */
  readonly alias?: string;
  readonly reason?: readonly string[];
  readonly members?: readonly string[];
}

export interface MemberSpec {
  readonly type: 'string' | 'boolean' | 'integer' | 'long' | 'number' | 'list' | 'structure';
  readonly required?: boolean;
  readonly sensitive?: boolean;
}

export interface GrantSpec {
  /** Set where it counts only for a target that declares it, and in a profile that has this requirement. */
  readonly declaredBy?: string;
  /** What the operation may answer a request with this grant with: each is a cell of the matrix. */
  readonly exceptions: readonly string[];
}

export interface OperationSpec {
  readonly method: string;
  /** Where it is below the endpoint of the service; absent where no document fixes that. */
  readonly path?: string;
  /** The member of the metadata that has its URL. */
  readonly endpoint?: string;
  /** The names that a document may have below `/.well-known/`. */
  readonly wellKnown?: readonly string[];
  /** `client`: by the method that the client is registered for. */
  readonly authentication: 'none' | 'client' | 'bearer' | 'sigv4';
  /** It only tells of tokens that others issued: cases ask it for evidence, and no rule judges its own answers. */
  readonly helper?: true;
  /** How its requests are written; JSON where nothing is said. */
  readonly body?: 'form' | 'json';
  /** Of a success; 200 where nothing is said. */
  readonly status?: number;
  readonly request: Readonly<Record<string, MemberSpec>>;
  readonly response: Readonly<Record<string, MemberSpec>>;
  readonly exceptions: readonly string[];
  readonly grants?: Readonly<Record<string, GrantSpec>>;
}

export interface DialectSpec {
  readonly dialect: DialectName;
  readonly exceptions: Readonly<Record<string, ExceptionSpec>>;
  readonly operations: Readonly<Record<string, OperationSpec>>;
}

/** A question that the documents answer in more than one way, and which answer counts. */
export interface Choice {
  readonly question: string;
  readonly documents: string;
  readonly chosen: string;
  /** The rules that it concerns. */
  readonly requirements: readonly string[];
}

/** A versioned list of the requirements that a certificate of this name stands for. */
export interface Profile {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly dialect: DialectName;
  /** Profiles whose operations, levels and exclusions this one takes over. */
  readonly includes?: readonly string[];
  readonly operations: readonly string[];
  /** Some of its rules have no case yet: nobody can be certified against it. */
  readonly draft?: true;
  /** Levels that this profile reads otherwise than the source does, and why. */
  readonly levels: Readonly<Record<string, { readonly level: Level; readonly because: string }>>;
  /** Where the documents contradict each other or leave room; absent where they are of one mind. */
  readonly choices?: readonly Choice[];
  /** Rules that apply to the dialect but that no case probes, and why. */
  readonly excluded: Readonly<Record<string, string>>;
}

/** The whole requirement catalogue, in the order of its files. */
export function readRequirements(): Requirement[] {
  return readdirSync(new URL('requirements/', import.meta.url))
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => {
      const { source, dialects, profiles, requirements } = read(`requirements/${file}`) as Counting &
        Pick<Requirement, 'profiles' | 'source'> & { requirements: Omit<Requirement, 'source'>[] };
      return requirements.map((requirement) => ({
        ...(dialects !== undefined && { dialects }),
        ...(profiles !== undefined && { profiles }),
        ...requirement,
        source,
      }));
    });
}

/** The operations and exceptions of a dialect, such as `aws-json`. */
export function readDialect(name: string): DialectSpec {
  return read(`operations/${name}.yaml`) as DialectSpec;
}

/** A set of AWS regions with the DNS names of their endpoints. */
export interface Partition {
  readonly name: string;
  /** A regular expression that the names of its regions match. */
  readonly regions: string;
  readonly dnsSuffix: string;
  readonly dualStackDnsSuffix: string;
  /** FIPS endpoints have the plain name here. */
  readonly fipsIsPlain?: true;
}

/** The AWS partitions; the first is for regions that no other matches. */
export function readPartitions(): Partition[] {
  return (read('partitions.yaml') as { partitions: Partition[] }).partitions;
}

/** Names of the profiles of a dialect, or of all of them. */
export function profileNames(dialect?: DialectName): string[] {
  return readdirSync(new URL('profiles/', import.meta.url))
    .map((file) => file.replace(/\.yaml$/, ''))
    .filter((name) => dialect === undefined || dialectIn(name) === dialect);
}

/** The dialect of the targets that a profile is for; undefined when there is no such profile. */
export function dialectOfProfile(name: string): DialectName | undefined {
  return profileNames().includes(name) ? dialectIn(name) : undefined;
}

/** Read by its line alone: to parse a whole profile takes as long as a few requests. */
function dialectIn(profile: string): DialectName {
  const path = `profiles/${profile}.yaml`;
  const [, name] = /^dialect: (\S+)$/m.exec(readFileSync(new URL(path, import.meta.url), 'utf8')) ?? [];
  const known = dialectNames.find((one) => one === name);
  if (known === undefined) throw new Error(`specs/${path} names no dialect`);
  return known;
}

/** A profile, with everything that it includes. */
export function readProfile(name: string): Profile {
  const profile = read(`profiles/${name}.yaml`) as Profile;
  const all = [profile, ...(profile.includes ?? []).map(readProfile)];
  return {
    ...profile,
    operations: all.flatMap(({ operations }) => operations),
    levels: Object.assign({}, ...all.map(({ levels }) => levels)),
    excluded: Object.assign({}, ...all.map(({ excluded }) => excluded)),
  };
}

const contents = new Map<string, unknown>();

/** What a file says, which is part of the program: it is read once, and nobody changes what was read. */
function read(path: string): unknown {
  const content = contents.get(path) ?? parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  contents.set(path, content);
  return content;
}
