import type { Case } from '../../harness/case.ts';
import { documented, inferred, refused, rejected, rejectedOrIgnored } from '../../harness/expectation.ts';
import type { Client } from '../../harness/world/artefacts.ts';
import type { World } from '../../harness/world/world.ts';
import { fault, flow, grant, refusal } from '../kit/cases.ts';
import { type Change, drawn, garbage, madeUp, onTheWire, repeated, set, without } from '../kit/change.ts';
import {
  anyGrant,
  anyRefreshToken,
  anyWay,
  approvedDevice,
  codeClient,
  deviceClient,
  deviceCodeGrant,
  freshCode,
  freshRefreshToken,
  type Given,
  refreshClient,
} from '../kit/given.ts';

interface GrantType {
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

const malformedEncoding = 'RFC6749-5.2-malformed-encoding';
const inputSanitised = 'RFC6749-10.14-input-sanitised';
const swappedCase = (text: string) =>
  text.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));

const invalidClient = rejected('invalid_client');
const missing = rejected(
  'invalid_request',
  documented('invalid_client', 'RFC 6749 §5.2: no client authentication included'),
);
const unsupported = rejected(
  'unsupported_grant_type',
  documented(
    'invalid_grant',
    'AWS: InvalidGrantException "can occur if a client makes a CreateToken request with an invalid grant type"',
  ),
);

interface Row {
  readonly name: string;
  readonly title: string;
  readonly requirement: string | ((of: GrantType) => string);
  readonly change: (of: GrantType) => Change;
  readonly expect: ReturnType<typeof rejected>;
  readonly needs?: Case['needs'];
}

/** What is wrong with the client or with the grant type, whatever the grant. */
const wrong: readonly Row[] = [
  {
    name: 'unknown-client',
    title: 'a client that was never registered',
    requirement: 'RFC6749-5.2-invalid_client-unknown-client',
    change: () => garbage('client_id'),
    expect: invalidClient,
  },
  {
    name: 'wrong-secret',
    title: 'a wrong client secret',
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    change: () => garbage('client_secret'),
    expect: invalidClient,
  },
  {
    name: 'altered-secret',
    title: 'the client secret with its last characters cut off',
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    change: () => set('client_secret', (valid: string) => valid.slice(0, -4)),
    expect: invalidClient,
  },
  {
    name: 'secret-in-other-case',
    title: 'the client secret with the case of its letters swapped',
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    change: () => set('client_secret', swappedCase),
    expect: invalidClient,
  },
  {
    name: 'other-clients-secret',
    title: "another client's secret",
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    change:
      ({ client }) =>
      async (valid, world) => {
        const other = await client(world, { name: 'other' });
        return { ...valid, members: { ...valid.members, client_secret: other.client_secret } };
      },
    expect: invalidClient,
  },
  {
    name: 'expired-secret',
    title: 'a client secret that has expired',
    requirement: 'RFC7591-3.2.1-expired-secret',
    needs: ['expire/clientSecret'],
    change: () => async (valid, world) => {
      await world.expire('clientSecret', String(valid.members.client_secret));
      return valid;
    },
    expect: invalidClient,
  },
  {
    name: 'no-secret',
    title: 'no client secret',
    requirement: (of) => of.authentication,
    change: () => without('client_secret'),
    expect: missing,
  },
  {
    name: 'no-client-id',
    title: 'no client id',
    requirement: (of) => of.identification,
    change: () => without('client_id'),
    expect: missing,
  },
  {
    name: 'no-client-id-and-secret',
    title: 'neither client id nor client secret',
    requirement: 'RFC6749-5.2-invalid_client-no-auth',
    change: () => without('client_id', 'client_secret'),
    expect: missing,
  },
  {
    name: 'no-grant-type',
    title: 'no grant type',
    requirement: ({ grant }) =>
      grant === 'authorization_code' ? 'RFC6749-5.2-missing-grant_type' : 'AWS-CreateToken-required-members',
    change: () => without('grant_type'),
    expect: rejected('invalid_request'),
  },
  {
    name: 'empty-grant-type',
    title: 'an empty grant type',
    requirement: 'RFC6749-3.2-empty-required-param',
    change: () => set('grant_type', ''),
    expect: rejected(
      'invalid_request',
      inferred(
        'unsupported_grant_type',
        'a server may read the empty string as a grant type that it does not know',
      ),
    ),
  },
  {
    name: 'unknown-grant-type',
    title: 'a grant type that does not exist',
    requirement: 'RFC6749-5.2-unsupported_grant_type',
    change: () => set('grant_type', 'urn:token-conformance:no-such-grant'),
    expect: unsupported,
  },
  {
    name: 'misspelt-grant-type',
    title: 'the grant type with a hyphen in place of the underscore',
    requirement: 'RFC6749-5.2-unsupported_grant_type',
    change: ({ misspelt }) => set('grant_type', misspelt),
    expect: unsupported,
  },
  {
    name: 'password-grant',
    title: 'the password grant',
    requirement: 'RFC9700-2.4-password-disabled',
    change: () => (valid, world) => ({
      ...valid,
      members: {
        ...valid.members,
        grant_type: 'password',
        username: world.garbage(),
        password: world.garbage(),
      },
    }),
    expect: rejected(
      'unsupported_grant_type',
      documented('unauthorized_client', 'RFC 6749 §5.2'),
      documented('invalid_grant', 'AWS: "an invalid grant type"'),
    ),
  },
  {
    name: 'grant-type-in-upper-case',
    title: 'the grant type in upper case',
    requirement: 'RFC6749-1.8-names-case-sensitive',
    change: () => set('grant_type', (valid: string) => valid.toUpperCase()),
    expect: unsupported,
  },
  {
    name: 'member-names-in-other-case',
    title: 'the name of the grant type member in other case',
    requirement: 'RFC6749-1.8-names-case-sensitive',
    change: () =>
      onTheWire({
        body: (json) => json.replace('"grantType"', '"GrantType"').replace('"grant_type"', '"Grant_Type"'),
      }),
    expect: rejected('invalid_request'),
  },
  {
    name: 'grant-type-twice',
    title: 'the grant type twice, with different values',
    requirement: 'RFC6749-3.2-duplicate-grant_type',
    change: () => repeated('grant_type', () => 'urn:token-conformance:no-such-grant'),
    expect: rejected('invalid_request'),
  },
  {
    name: 'grant-type-twice-alike',
    title: 'the grant type twice, with the same value',
    requirement: 'RFC6749-3.2-duplicate-grant_type',
    change: () => repeated('grant_type', (valid) => valid),
    expect: rejected('invalid_request'),
  },
  {
    name: 'client-id-twice',
    title: 'the client id twice, with different values',
    requirement: 'RFC6749-3.2-duplicate-client-params',
    change: () => repeated('client_id', (_, world) => world.garbage()),
    expect: rejected(
      'invalid_request',
      documented('invalid_client', 'tolerated: the client that counts is unknown'),
    ),
  },
  {
    name: 'artefact-twice',
    title: 'the code or token twice, with different values',
    requirement: 'RFC6749-3.2-duplicate-grant-params',
    change: ({ artefact }) => repeated(artefact, (valid, world) => world.garbage(valid.length)),
    expect: rejected('invalid_request'),
  },
];

/** Values that few clients send: they must be refused, and never break the service. */
const rare: readonly {
  name: string;
  title: string;
  requirement: string;
  member: (of: GrantType) => string;
  value: unknown;
}[] = [
  {
    name: 'artefact-as-number',
    title: 'a number in place of the code or token',
    requirement: malformedEncoding,
    member: (of) => of.artefact,
    value: 12345,
  },
  {
    name: 'artefact-as-list',
    title: 'a list in place of the code or token',
    requirement: malformedEncoding,
    member: (of) => of.artefact,
    value: ['a'],
  },
  {
    name: 'artefact-not-ascii',
    title: 'a code or token outside ASCII',
    requirement: inputSanitised,
    member: (of) => of.artefact,
    value: 'çödé-🔑-\u202e',
  },
  {
    name: 'artefact-of-64-kib',
    title: 'a code or token of 64 KiB',
    requirement: inputSanitised,
    member: (of) => of.artefact,
    value: 'A'.repeat(65_536),
  },
  {
    name: 'secret-as-number',
    title: 'a number in place of the client secret',
    requirement: malformedEncoding,
    member: () => 'client_secret',
    value: 12345,
  },
  {
    name: 'secret-not-ascii',
    title: 'a client secret outside ASCII',
    requirement: inputSanitised,
    member: () => 'client_secret',
    value: 'gehëim-🔑-geheim',
  },
  {
    name: 'grant-type-as-number',
    title: 'a number in place of the grant type',
    requirement: malformedEncoding,
    member: () => 'grant_type',
    value: 12345,
  },
  {
    name: 'null-artefact',
    title: 'null in place of the code or token',
    requirement: malformedEncoding,
    member: (of) => of.artefact,
    value: null,
  },
  {
    name: 'null-secret',
    title: 'null in place of the client secret',
    requirement: malformedEncoding,
    member: () => 'client_secret',
    value: null,
  },
];

interface Allowed {
  readonly name: string;
  readonly title: string;
  readonly requirement: string;
  readonly change: Change;
}

/** Differences that must not matter, whatever the grant. */
const allowed: readonly Allowed[] = [
  {
    name: 'with-unknown-members',
    title: 'two members that no document knows',
    requirement: 'RFC6749-3.2-unknown-params-ignored',
    change: (valid, world) => ({
      ...valid,
      members: {
        ...valid.members,
        hello: 'world',
        [`x${world.garbage(32).replace(/[^A-Za-z0-9]/g, 'x')}`]: { deep: [1, null] },
      },
    }),
  },
  {
    name: 'with-empty-scope',
    title: 'an empty list of scopes',
    requirement: 'RFC6749-3.2-empty-optional-param',
    change: set('scope', []),
  },
  {
    name: 'with-null-members',
    title: 'null in members that do not belong to the grant',
    requirement: 'RFC6749-3.2-empty-optional-param',
    change: (valid) => ({
      ...valid,
      members: { code: null, device_code: null, refresh_token: null, scope: null, ...valid.members },
    }),
  },
  {
    name: 'with-registered-scope',
    title: 'the registered scopes',
    requirement: 'AWS-scope-inert',
    change: drawn('scope', ({ target }) => target.scopes),
  },
];

/** Exceptions that no circumstance provokes under a grant: the fault fixture is asked for them. */
const faults: Readonly<Record<string, readonly string[]>> = {
  authorization_code: [
    'access_denied',
    'authorization_pending',
    'expired_token',
    'server_error',
    'invalid_scope',
    'slow_down',
    'unauthorized_client',
    'unsupported_grant_type',
  ],
  [deviceCodeGrant]: [
    'expired_token',
    'server_error',
    'invalid_scope',
    'slow_down',
    'unauthorized_client',
    'unsupported_grant_type',
  ],
  refresh_token: [
    'access_denied',
    'authorization_pending',
    'expired_token',
    'server_error',
    'invalid_scope',
    'slow_down',
    'unauthorized_client',
    'unsupported_grant_type',
  ],
};

const exceptionRequirement: Readonly<Record<string, string>> = {
  access_denied: 'AWS-CreateToken-AccessDenied',
  authorization_pending: 'AWS-CreateToken-AuthorizationPending',
  expired_token: 'AWS-CreateToken-ExpiredToken',
  server_error: 'AWS-CreateToken-InternalServer',
  invalid_scope: 'AWS-CreateToken-InvalidScope',
  slow_down: 'AWS-CreateToken-SlowDown',
  unauthorized_client: 'AWS-CreateToken-UnauthorizedClient',
  unsupported_grant_type: 'AWS-CreateToken-UnsupportedGrantType',
};

const kmsReasons = {
  access_denied: ['KMS_AccessDeniedException'],
  invalid_request: [
    'KMS_NotFoundException',
    'KMS_InvalidKeyUsageException',
    'KMS_InvalidStateException',
    'KMS_DisabledException',
  ],
};

export const everyGrant: readonly Case[] = grants.flatMap((of) => {
  const { folder, grant: grantType, needs, given } = of;
  const about = { grant: grantType, given, needs };
  return [
    ...wrong.map((row) =>
      refusal({
        ...about,
        id: `${folder}/${row.name}`,
        title: row.title,
        requirement: typeof row.requirement === 'string' ? row.requirement : row.requirement(of),
        needs: [...needs, ...(row.needs ?? [])],
        change: row.change(of),
        expect: row.expect,
      }),
    ),
    ...rare.map(({ member, value, ...row }) =>
      refusal({
        ...about,
        ...row,
        id: `${folder}/${row.name}`,
        change: madeUp(member(of), value),
        expect: refused(),
      }),
    ),
    ...allowed.map((row) => grant({ ...about, ...row, id: `${folder}/${row.name}` })),
    flow({
      ...about,
      id: `${folder}/with-unknown-scope`,
      title: 'a scope that was never registered',
      requirement: 'AWS-scope-inert',
      expect: {
        probe: rejectedOrIgnored('invalid_scope', 'AWS: scope has no effect on CreateToken'),
      },
      run: async (world) => {
        const request = await given(world);
        await world.send('probe', await set('scope', ['token-conformance:never-registered'])(request, world));
      },
    }),
    ...(faults[grantType] ?? []).map((error) =>
      fault({
        ...about,
        id: `${folder}/fault-${error.replaceAll('_', '-')}`,
        title: `${error}, provoked by the fault fixture`,
        requirement: exceptionRequirement[error] ?? '',
        error,
      }),
    ),
  ];
});

/** The documented `reason` values of the two exceptions that have them, shown on any grant. */
export function reasonCases(
  about: Pick<Case, 'operation' | 'ways'> & { readonly given: Given },
  folder: string,
  requirementOf: (error: string) => string,
): Case[] {
  return Object.entries(kmsReasons).flatMap(([error, values]) =>
    values.map((reason) =>
      fault({
        ...about,
        id: `${folder}/fault-${error.replaceAll('_', '-')}-${kebab(reason.replace(/^KMS_|Exception$/g, ''))}`,
        title: `${error} with the reason ${reason}, provoked by the fault fixture`,
        requirement: requirementOf(error),
        error,
        members: { reason },
      }),
    ),
  );
}

function kebab(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
}

export const reasons: readonly Case[] = reasonCases(
  { operation: 'token', ways: anyWay, given: anyGrant },
  'authorization-code',
  (error) => (error === 'access_denied' ? 'AWS-CreateToken-AccessDenied' : 'AWS-CreateToken-InvalidRequest'),
);
