import type { Case } from '../harness/case.ts';
import type { Client } from '../harness/world/artefacts.ts';
import type { World } from '../harness/world/world.ts';
import {
  anyRefreshToken,
  approvedDevice,
  codeClient,
  deviceClient,
  deviceCodeGrant,
  freshCode,
  freshRefreshToken,
  type Given,
  refreshClient,
} from './kit/given.ts';

/** What the cases over every grant have to know of one. */
export interface GrantType {
  readonly folder: string;
  readonly grant: string;
  readonly needs: Case['needs'];
  readonly given: Given;
  readonly client: (world: World, wishes: { name: string }) => Promise<Client>;
  /** Its name in the standards, and the one member that carries its artefact. */
  readonly artefact: string;
  /** Which rule says that the client authenticates itself here. */
  readonly authentication: string;
  readonly identification: string;
  /** A spelling of the grant type that is nearly right. */
  readonly misspelt: string;
}

/** The grants of the operation that knows clients by a secret, a row each. */
export const grants: readonly GrantType[] = [
  {
    folder: 'authorization-code',
    grant: 'authorization_code',
    needs: ['authorization-code'],
    given: freshCode,
    client: codeClient,
    artefact: 'code',
    authentication: 'RFC6749-5.2-invalid_client-no-auth',
    identification: 'RFC6749-3.2.1-public-client_id-required',
    misspelt: 'authorization-code',
  },
  {
    folder: 'device-code',
    grant: deviceCodeGrant,
    needs: ['device-decision'],
    given: approvedDevice,
    client: deviceClient,
    artefact: 'device_code',
    authentication: 'RFC8628-3.4-client-identification',
    identification: 'RFC8628-3.4-client-identification',
    misspelt: 'urn:ietf:params:oauth:grant-type:device-code',
  },
  {
    folder: 'refresh-token',
    grant: 'refresh_token',
    needs: [anyRefreshToken],
    given: freshRefreshToken,
    client: refreshClient,
    artefact: 'refresh_token',
    authentication: 'RFC6749-6-client-auth-required',
    identification: 'AWS-CreateToken-required-members',
    misspelt: 'refresh-token',
  },
];
