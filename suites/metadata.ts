import type { Case } from '../harness/case.ts';
import { documented, granted } from '../harness/expectation.ts';
import type { Observation } from '../harness/probe.ts';
import { notOffered } from '../harness/stop.ts';
import type { Call, World } from '../harness/world/world.ts';
import { codeGrant } from './grants/table.ts';
import { flow } from './kit/cases.ts';
import { anyWay } from './kit/given.ts';
import { openIdCode } from './kit/grant.ts';
import { idTokenOf } from './kit/rule.ts';

/** A request for the metadata, or for the JWK Set; a case does not apply where nothing says where that is. */
function reading(operation: 'metadata' | 'jwks', { target }: World): Call {
  const { endpoint, jwks } = target;
  const isKnown = typeof endpoint === 'object' && endpoint[operation] !== undefined;
  if (!isKnown && (operation === 'metadata' || jwks === undefined)) throw notOffered('metadata');
  return { operation, members: {} };
}

const of = {
  dialects: ['oauth-form'],
  operation: 'metadata',
  needs: ['feature:metadata'],
  mayLack: ['metadata'],
} as const;

/** Those that one client of a fixture provider cannot be mistaken in; others take a key, or the same secret. */
const methods = ['client_secret_basic', 'none'] as const;

const list = (seen: Observation | undefined, name: string): readonly unknown[] | undefined => {
  const value = seen?.reply.members[name];
  return Array.isArray(value) ? value : undefined;
};

/** An ID token beside the metadata of who issued it, and what is wrong between the two. */
const withIdToken = (
  row: Pick<Case, 'id' | 'title' | 'requirement'>,
  problem: (document: Observation, idToken: NonNullable<ReturnType<typeof idTokenOf>>) => string | undefined,
): Case =>
  flow({
    ...of,
    ...row,
    needs: [...of.needs, 'feature:openid', ...codeGrant.needs],
    presupposes: [codeGrant.grant],
    expect: { 'control: metadata': granted(), probe: granted() },
    holds: (answers) => {
      const [document, seen] = ['control: metadata', 'probe'].map((step) => answers[step]?.[0]);
      const idToken = idTokenOf(seen);
      if (document === undefined) return [];
      return idToken === undefined ? ['there is no ID token'] : [problem(document, idToken) ?? []].flat();
    },
    run: async (world) => {
      await world.send('control: metadata', reading('metadata', world));
      await world.send('probe', await openIdCode(codeGrant)(world));
    },
  });

/** What a server says of itself (RFC 8414, OpenID Connect Discovery), beside what it does. */
export const metadata: readonly Case[] = [
  flow({
    ...of,
    id: 'metadata/document',
    title: 'the metadata of the server',
    requirement: 'RFC8414-2-token_endpoint',
    expect: { probe: granted() },
    run: async (world) => {
      await world.send('probe', reading('metadata', world));
    },
  }),
  flow({
    ...of,
    id: 'metadata/discovery',
    title: 'the metadata that every client of MCP looks for',
    requirement: 'MCP-overview-discovery',
    expect: { probe: granted() },
    run: async (world) => {
      await world.send('probe', reading('metadata', world));
    },
  }),
  flow({
    ...of,
    operation: 'jwks',
    needs: [],
    id: 'metadata/key-set',
    title: 'the JWK Set of the server',
    requirement: 'RFC7517-jwks-valid',
    expect: { probe: granted() },
    run: async (world) => {
      await world.send('probe', reading('jwks', world));
    },
  }),
  withIdToken(
    {
      id: 'metadata/issuer-of-id-tokens',
      title: 'the issuer of the metadata, and that of an ID token',
      requirement: 'OIDC-2-iss',
    },
    ({ reply: { members } }, { claims = {} }) =>
      claims.iss === members.issuer
        ? undefined
        : `iss is ${JSON.stringify(claims.iss)}, and the metadata has the issuer ${JSON.stringify(members.issuer)}`,
  ),
  withIdToken(
    {
      id: 'metadata/algorithm-of-id-tokens',
      title: 'the algorithms of ID tokens in the metadata, and that of an ID token',
      requirement: 'OIDCD-3-id-token-algs',
    },
    (document, { header = {} }) => {
      const known = list(document, 'id_token_signing_alg_values_supported');
      return known?.includes(header.alg)
        ? undefined
        : `alg is ${JSON.stringify(header.alg)}, and the metadata lists ${JSON.stringify(known)}`;
    },
  ),
  flow({
    ...of,
    id: 'metadata/authentication-methods',
    title: 'HTTP Basic and public clients, where the metadata lists them',
    requirement: 'RFC8414-2-auth-methods-truthful',
    needs: [...of.needs, ...codeGrant.needs],
    presupposes: [codeGrant.grant],
    expect: {
      'control: metadata': granted(),
      ...Object.fromEntries(methods.map((method) => [method, granted()])),
    },
    optional: Object.fromEntries(methods.map((method) => [method, `${method} is not listed`])),
    run: async (world) => {
      const sent = await world.send('control: metadata', reading('metadata', world));
      const { token_endpoint_auth_methods_supported: listed = ['client_secret_basic'] } = sent.reply.members;
      for (const method of methods.filter((one) => Array.isArray(listed) && listed.includes(one))) {
        const client = await codeGrant.client(world, { name: method, method });
        await world.send(method, (await codeGrant.obtain(world, client)).request(client));
      }
    },
  }),
  flow({
    ...of,
    id: 'metadata/grant-types',
    title: 'each grant type of the metadata',
    requirement: 'RFC8414-2-grant-types-truthful',
    ways: anyWay,
    expect: {
      'control: metadata': granted(),
      'control: grant': granted(),
      probe: {
        kind: 'refused',
        orGranted: 'RFC 8414 §2: it is supported, whatever else it should have taken',
      },
      'client credentials': {
        kind: 'rejected',
        accept: [
          'unauthorized_client',
          'invalid_request',
          'invalid_client',
          'invalid_scope',
          'invalid_target',
        ].map((error) => documented(error, 'RFC 6749 §5.2, RFC 8707 §2')),
        orGranted: 'RFC 6749 §4.4.2: this grant takes nothing but the client',
      },
    },
    optional: {
      probe: 'the metadata lists no grant type that takes more than the client',
      'client credentials': '',
    },
    holds: ({ probe = [] }) =>
      probe
        .filter(({ reply }) => reply.error === 'unsupported_grant_type')
        .map(
          ({ exchange }) =>
            `the metadata lists ${exchange.grant}, which is answered with unsupported_grant_type`,
        ),
    run: async (world) => {
      const sent = await world.send('control: metadata', reading('metadata', world));
      const valid = await world.way(anyWay).given(world);
      await world.send('control: grant', valid);
      const { grant_types_supported: listed = ['authorization_code'] } = sent.reply.members;
      // Without anything but the client: whatever else is wrong with it, the grant type is known.
      for (const grant_type of Array.isArray(listed) ? listed : [])
        if (typeof grant_type === 'string' && grant_type !== 'implicit')
          await world.send(grant_type === 'client_credentials' ? 'client credentials' : 'probe', {
            operation: 'token',
            members: { grant_type },
            ...(valid.by && { by: valid.by }),
          });
    },
  }),
];
