import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Operation } from '../../core/operation.ts';

/** What AWS calls the operations of the core. */
export const names: Readonly<Record<Operation, string>> = {
  token: 'CreateToken',
  iam_token: 'CreateTokenWithIAM',
  device_authorization: 'StartDeviceAuthorization',
  register: 'RegisterClient',
};

export interface MemberSpec {
  readonly type: 'string' | 'list';
  readonly required?: boolean;
}

interface OperationSpec {
  readonly path: string;
  readonly request: Readonly<Record<string, MemberSpec>>;
  readonly exceptions: readonly string[];
}

interface Contract {
  readonly exceptions: Readonly<
    Record<string, { readonly statuses: readonly [number, ...number[]]; readonly error: string }>
  >;
  /** By the names of AWS. */
  readonly operations: Readonly<Record<string, OperationSpec>>;
}

/** The AWS contract as data: what each operation takes and which exceptions it may answer. */
export const contract: Contract = parse(
  readFileSync(new URL('../../../specs/operations/aws-json.yaml', import.meta.url), 'utf8'),
);

/** What the contract says of one operation. */
export function specOf(operation: Operation): OperationSpec {
  const spec = contract.operations[names[operation]];
  if (!spec) throw new Error(`the contract does not have ${names[operation]}`);
  return spec;
}

/** The operation that AWS calls so. */
export function operationNamed(name: string): Operation | undefined {
  return operations.find((operation) => names[operation] === name);
}

/** In the order in which the contract has them. */
export const operations = Object.keys(contract.operations).flatMap((name) =>
  (Object.keys(names) as Operation[]).filter((operation) => names[operation] === name),
);

/** The member in the words of the standards. A list of scopes is one `scope` there. */
export const standardName = (member: string): string =>
  member === 'scopes' ? 'scope' : member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
