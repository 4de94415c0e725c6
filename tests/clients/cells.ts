import { type DialectName, readDialect } from '../../specs/read.ts';

/** What a client is to see: that a grant is granted, or one error of it. */
export interface Cell {
  readonly id: string;
  readonly dialect: DialectName;
  readonly operation: string;
  /** Of the operations that have grants. */
  readonly grant?: string;
  /** Absent where it is to be granted. */
  readonly exception?: string;
}

/** The operations that clients are tried at; what a client is told of metadata or keys has no error of its own. */
const operationsOf: Readonly<Record<DialectName, readonly string[]>> = {
  'aws-json': ['CreateToken', 'CreateTokenWithIAM', 'RegisterClient', 'StartDeviceAuthorization'],
  'oauth-form': ['token'],
};

/** Every operation and grant of a dialect, granted and with each error that its contract has for it. */
export function cellsOf(dialect: DialectName): readonly Cell[] {
  const { operations } = readDialect(dialect);
  return operationsOf[dialect].flatMap((operation) => {
    const spec = operations[operation];
    if (spec === undefined) throw new Error(`${dialect} has no operation ${operation}`);
    const grants = spec.grants ? Object.entries(spec.grants) : [[undefined, spec] as const];
    return grants.flatMap(([grant, { exceptions }]) =>
      [undefined, ...exceptions].map((exception) => ({
        id: [operation, ...(grant === undefined ? [] : [shortOf(grant)]), exception ?? 'granted'].join('/'),
        dialect,
        operation,
        ...(grant !== undefined && { grant }),
        ...(exception !== undefined && { exception }),
      })),
    );
  });
}

/** The last word of a grant type. */
export const shortOf = (grant: string): string => grant.slice(grant.lastIndexOf(':') + 1);
