import { readSchema } from '../../schemas/read.ts';
import type { Dialect, Operation } from '../../targets/dialect.ts';

/** A member of a request as its contract describes it. */
export interface Member {
  /** Its name in the standards: `client_id`. */
  readonly name: string;
  /** Its name on the wire: `clientId`. */
  readonly wire: string;
  readonly required: boolean;
  readonly type: 'string' | 'array' | 'other';
  /** The values that it may have, where the contract lists them. */
  readonly values: readonly unknown[] | undefined;
}

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly allOf?: readonly { readonly if?: Schema; readonly then?: Schema }[];
}

const known = new Map<string, readonly Member[]>();

/** The members of an operation's requests, read from its JSON Schema; for a grant also what its branch adds. */
export function contractOf(
  dialect: Dialect,
  operation: Operation,
  grant: string | undefined,
): readonly Member[] {
  const key = `${dialect.requestSchema(operation)} ${grant}`;
  const members = known.get(key) ?? readContract(dialect, operation, grant);
  known.set(key, members);
  return members;
}

function readContract(dialect: Dialect, operation: Operation, grant: string | undefined): readonly Member[] {
  const schema = readSchema(dialect.requestSchema(operation)) as Schema;
  const branches = (schema.allOf ?? []).filter(({ if: when }) =>
    Object.values(when?.properties ?? {}).some((one) => one.const === grant),
  );
  const parts = [schema, ...branches.flatMap(({ then }) => then ?? [])];
  const required = new Set(parts.flatMap((part) => part.required ?? []));
  const properties: Record<string, Schema> = Object.assign({}, ...parts.map((part) => part.properties));
  return Object.entries(properties).map(([wire, { type, const: only, enum: some }]) => ({
    name: dialect.memberSpelt(operation, wire),
    wire,
    required: required.has(wire),
    type: type === 'string' || type === 'array' ? type : 'other',
    values: some ?? (only === undefined ? undefined : [only]),
  }));
}
