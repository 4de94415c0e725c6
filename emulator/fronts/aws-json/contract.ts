import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type Operation = 'CreateToken' | 'CreateTokenWithIAM' | 'RegisterClient' | 'StartDeviceAuthorization';

export interface MemberSpec {
  readonly type: 'string' | 'list';
  readonly required?: boolean;
}

interface Contract {
  readonly exceptions: Readonly<Record<string, { readonly status: number; readonly error: string }>>;
  readonly operations: Readonly<
    Record<
      Operation,
      {
        readonly path: string;
        readonly request: Readonly<Record<string, MemberSpec>>;
        readonly exceptions: readonly string[];
      }
    >
  >;
}

/** The AWS contract as data: what each operation takes and which exceptions it may answer. */
export const contract: Contract = parse(
  readFileSync(new URL('../../../specs/operations/aws-json.yaml', import.meta.url), 'utf8'),
);
