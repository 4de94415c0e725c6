import type { Case } from '../../harness/case.ts';
import { documented, refused, rejected } from '../../harness/expectation.ts';
import { grant, type Refusal, refusal } from '../kit/cases.ts';
import { type Change, repeated, set } from '../kit/change.ts';
import {
  byMethod,
  expiredSecret,
  shownBy,
  unknownClient,
  withoutSecret,
  wrongSecret,
} from '../kit/credentials.ts';
import { asked, ways } from './kit.ts';

const dialects = ['oauth-form'] as const;

const basic = {
  dialects,
  ways,
  needs: ['auth:client_secret_basic'],
  given: asked({ method: 'client_secret_basic' }),
} as const;

const post = {
  dialects,
  ways,
  needs: ['auth:client_secret_post'],
  given: asked({ method: 'client_secret_post' }),
} as const;

const none = {
  dialects,
  ways,
  needs: ['auth:none', 'feature:public-clients'],
  given: asked({ method: 'none' }),
} as const;

const invalidClient = rejected('invalid_client');

type Row = Pick<Refusal, 'title' | 'requirement' | 'expect'> & {
  readonly name: string;
  readonly change: Change;
};

/** A client that sends its secret in the body. */
const inBody: readonly (Row & Partial<Pick<Refusal, 'needs'>>)[] = [
  {
    name: 'wrong-secret',
    title: 'a wrong secret in the body',
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    change: wrongSecret(),
    expect: invalidClient,
  },
  {
    name: 'empty-secret',
    title: 'an empty secret in the body',
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    change: set('client_secret', ''),
    expect: rejected(
      'invalid_client',
      documented('invalid_request', 'RFC 6749 §3.2: as if it were left out'),
    ),
  },
  {
    name: 'no-secret',
    title: 'an id in the body, and no secret',
    requirement: 'RFC6749-5.2-invalid_client-no-auth',
    change: withoutSecret(),
    expect: rejected('invalid_client', documented('invalid_request', 'RFC 6749 §5.2: a missing parameter')),
  },
  {
    name: 'expired-secret',
    title: 'a secret in the body that has expired',
    requirement: 'RFC7591-3.2.1-expired-secret',
    needs: ['expire/clientSecret'],
    change: expiredSecret,
    expect: invalidClient,
  },
  {
    name: 'unknown-client',
    title: 'an id in the body that no client has',
    requirement: 'RFC6749-5.2-invalid_client-unknown-client',
    change: unknownClient(),
    expect: invalidClient,
  },
  ...(['client_id', 'client_secret'] as const).flatMap((member): Row[] => {
    const name = member.replace('_', '-');
    const about = { requirement: 'RFC6749-3.2-duplicate-client-params' };
    return [
      {
        ...about,
        name: `${name}-twice`,
        title: `${member} twice, with different values`,
        change: repeated(member, (valid, world) => world.garbage(valid.length)),
        expect: rejected(
          'invalid_request',
          documented('invalid_client', 'tolerated: the one that counts is wrong'),
        ),
      },
      {
        ...about,
        name: `${name}-twice-alike`,
        title: `${member} twice, with the same value`,
        change: repeated(member, (valid) => valid),
        expect: rejected('invalid_request'),
      },
    ];
  }),
];

/** The client is registered for one of the two methods, so the other is a mistake of its own. */
const twoAtOnce = rejected(
  'invalid_request',
  documented('invalid_client', 'RFC 6749 §5.2: an unsupported authentication method'),
);

/** Who authenticates by more than one method, or by another than its own. */
const mixed: readonly ((Row & typeof basic) | (Row & typeof post))[] = [
  {
    ...basic,
    name: 'basic-and-post',
    title: 'the right secret in the Authorization header and in the body',
    requirement: 'RFC6749-5.2-multiple-auth-invalid_request',
    change: shownBy({ also: { method: 'client_secret_post' } }),
    expect: twoAtOnce,
  },
  {
    ...basic,
    name: 'basic-and-wrong-post',
    title: 'the right secret in the Authorization header, and a wrong one in the body',
    requirement: 'RFC6749-5.2-multiple-auth-invalid_request',
    change: (valid, world) =>
      shownBy({ also: { method: 'client_secret_post', client_secret: world.garbage(32) } })(valid, world),
    expect: twoAtOnce,
  },
  {
    ...post,
    name: 'post-and-wrong-basic',
    title: 'the right secret in the body, and a wrong one in the Authorization header',
    requirement: 'RFC6749-5.2-multiple-auth-invalid_request',
    change: (valid, world) =>
      shownBy({ also: { method: 'client_secret_basic', client_secret: world.garbage(32) } })(valid, world),
    expect: twoAtOnce,
  },
  {
    ...basic,
    name: 'post-of-basic-client',
    title: 'the secret in the body, from a client that registered for HTTP Basic',
    requirement: 'RFC6749-2.3-one-method-per-client',
    change: byMethod('client_secret_post'),
    expect: invalidClient,
  },
  {
    ...post,
    name: 'basic-of-post-client',
    title: 'HTTP Basic, from a client that registered for the body',
    requirement: 'RFC6749-2.3-one-method-per-client',
    change: byMethod('client_secret_basic'),
    expect: invalidClient,
  },
];

/** How clients authenticate, whatever the grant. */
export const clientAuthentication: readonly Case[] = [
  grant({
    ...basic,
    id: 'client-authentication/basic',
    title: 'HTTP Basic, and no client_id in the body',
    requirement: 'RFC6749-2.3.1-basic-supported',
  }),
  grant({
    ...post,
    id: 'client-authentication/post',
    title: 'client id and secret in the body',
    requirement: 'RFC6749-2.3.1-post-supported',
  }),
  ...inBody.map(({ name, needs = [], ...row }) =>
    refusal({
      ...post,
      ...row,
      needs: [...post.needs, ...needs],
      id: `client-authentication/post-${name}`,
    }),
  ),
  ...mixed.map(({ name, ...row }) => refusal({ ...row, id: `client-authentication/${name}` })),
  refusal({
    ...none,
    id: 'client-authentication/public-client-with-secret',
    title: 'a public client that asks for a token of its own with a made-up secret',
    requirement: 'RFC6749-2.3-public-client-with-secret',
    change: ({ operation, by }, world) => ({
      operation,
      by: { ...by, method: 'client_secret_post', client_secret: world.garbage(32) },
      members: { grant_type: 'client_credentials' },
    }),
    expect: refused(),
  }),
];
