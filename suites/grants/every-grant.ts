import type { Case } from '../../harness/case.ts';
import { documented, inferred, refused, rejected } from '../../harness/expectation.ts';
import { ofAws } from '../aws/evidence.ts';
import { faultsOf } from '../aws/faults.ts';
import { scopes } from '../aws/scopes.ts';
import { grant, refusal } from '../kit/cases.ts';
import { type Change, madeUp, onTheWire, repeated, set, swappedCase, without } from '../kit/change.ts';
import {
  byNobody,
  expiredSecret,
  secretOf,
  unknownClient,
  withoutId,
  withoutSecret,
  wrongSecret,
} from '../kit/credentials.ts';
import { type AnyGrantAt, type GrantAt, ofGrant } from '../kit/grant.ts';
import { withMember } from '../kit/member.ts';
import { type ByClient, type GrantType, grants } from './table.ts';

const malformedEncoding = 'RFC6749-5.2-malformed-encoding';

const inputSanitised = 'RFC6749-10.14-input-sanitised';

const invalidClient = rejected('invalid_client');

const missing = rejected(
  'invalid_request',
  documented('invalid_client', 'RFC 6749 §5.2: no client authentication included'),
);

const unsupported = rejected(
  'unsupported_grant_type',
  ofAws(
    documented(
      'invalid_grant',
      'AWS: InvalidGrantException "can occur if a client makes a CreateToken request with an invalid grant type"',
    ),
  ),
);

interface Row<Of> extends Pick<Case, 'dialects' | 'refuses'> {
  readonly name: string;
  readonly title: string;
  readonly requirement: string | ((of: Of) => string);
  readonly change: (of: Of) => Change;
  readonly expect: ReturnType<typeof rejected>;
  readonly needs?: Case['needs'];
}

/** What is wrong with the client or with the grant type, whatever the grant. */
const wrong: readonly Row<AnyGrantAt & ByClient>[] = [
  {
    name: 'unknown-client',
    title: 'a client that was never registered',
    requirement: 'RFC6749-5.2-invalid_client-unknown-client',
    change: unknownClient,
    expect: invalidClient,
  },
  {
    name: 'wrong-secret',
    title: 'a wrong client secret',
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    change: wrongSecret,
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
        return withMember(valid, 'client_secret', secretOf(other, world));
      },
    expect: invalidClient,
  },
  {
    name: 'expired-secret',
    title: 'a client secret that has expired',
    requirement: 'RFC7591-3.2.1-expired-secret',
    needs: ['expire/clientSecret'],
    change: () => expiredSecret,
    expect: invalidClient,
  },
  {
    name: 'no-secret',
    title: 'no client secret',
    requirement: (of) => of.authentication,
    change: withoutSecret,
    expect: missing,
  },
  {
    name: 'no-client-id',
    title: 'no client id',
    requirement: (of) => of.identification,
    change: withoutId,
    expect: missing,
  },
  {
    name: 'no-client-id-and-secret',
    title: 'neither client id nor client secret',
    requirement: 'RFC6749-5.2-invalid_client-no-auth',
    change: byNobody,
    expect: missing,
  },
  {
    name: 'no-grant-type',
    title: 'no grant type',
    requirement: ({ grant, required }) =>
      grant === 'authorization_code' ? 'RFC6749-5.2-missing-grant_type' : required,
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
    refuses: 'password',
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
      ofAws(documented('invalid_grant', 'AWS: "an invalid grant type"')),
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
        body: (text) =>
          text.replace('"grantType"', '"GrantType"').replace(/(^|&|")grant_type(?=["=])/, '$1Grant_Type'),
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
    dialects: ['aws-json'],
    title: 'the client id twice, with different values',
    requirement: 'RFC6749-3.2-duplicate-client-params',
    change: () => repeated('client_id', (_, world) => world.garbage()),
    expect: rejected(
      'invalid_request',
      documented('invalid_client', 'tolerated: the client that counts is unknown'),
    ),
  },
];

const artefactTwice: Row<GrantAt> = {
  name: 'artefact-twice',
  title: 'the code or token twice, with different values',
  requirement: 'RFC6749-3.2-duplicate-grant-params',
  change: ({ artefact }) => repeated(artefact, (valid, world) => world.garbage(valid.length)),
  expect: rejected('invalid_request'),
};

const refusalOf = <Of extends AnyGrantAt>(of: Of, row: Row<Of>): Case =>
  refusal({
    ...ofGrant(of),
    ...(row.dialects && { dialects: row.dialects }),
    ...(row.refuses && { refuses: row.refuses }),
    id: `${of.folder}/${row.name}`,
    title: row.title,
    requirement: typeof row.requirement === 'string' ? row.requirement : row.requirement(of),
    needs: [...of.needs, ...(row.needs ?? [])],
    change: row.change(of),
    expect: row.expect,
  });

/** What is wrong with the client or with the grant type; some of it may be right in a grant. */
export const wrongRequests = (
  of: AnyGrantAt & ByClient,
  { except = [] }: { readonly except?: readonly string[] } = {},
): Case[] => wrong.filter(({ name }) => !except.includes(name)).map((row) => refusalOf(of, row));

export const presentsTwo = (of: GrantAt): Case => refusalOf(of, artefactTwice);

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

interface Allowed extends Pick<Case, 'dialects'> {
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
        [`x${world.garbage(32).replace(/[^A-Za-z0-9]/g, 'x')}`]:
          world.bodyType('token') === 'json' ? { deep: [1, null] } : 'a=b&c',
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
    dialects: ['aws-json'],
    title: 'null in members that do not belong to the grant',
    requirement: 'RFC6749-3.2-empty-optional-param',
    change: (valid) => ({
      ...valid,
      members: { code: null, device_code: null, refresh_token: null, scope: null, ...valid.members },
    }),
  },
];

export const everyGrant: readonly Case[] = grants.flatMap((of) => {
  const { folder, grant: grantType, needs, given } = of;
  const about = { grant: grantType, given, needs };
  return [
    ...wrongRequests(of),
    presentsTwo(of),
    ...rare.map(({ member, value, ...row }) =>
      refusal({
        ...about,
        ...row,
        ...(typeof value !== 'string' && { dialects: ['aws-json'] as const }),
        id: `${folder}/${row.name}`,
        change: madeUp(member(of), value),
        expect: refused(),
      }),
    ),
    ...allowed.map((row) => grant({ ...about, ...row, id: `${folder}/${row.name}` })),
    ...scopes(about, folder),
    ...faultsOf(about, folder),
  ];
});
