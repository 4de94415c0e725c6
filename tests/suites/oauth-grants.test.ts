import { describe, expect, test } from 'vitest';
import type { OAuthBehaviours } from '../../emulator/fronts/oauth-form/service.ts';
import { certifyHere } from '../support/certify.ts';
import { startEmulator } from '../support/emulator.ts';

/** The other grants of the standard token endpoint: what is wrong in each of them is found, and what may differ is not. */

async function verdictsOf(behaviours: Partial<OAuthBehaviours>, cases: readonly string[]) {
  const emulator = await startEmulator({ oauth: { behaviours } });
  const { issuer, fixtures } = emulator.oauth;
  try {
    const report = await certifyHere(
      {
        dialect: 'oauth-form',
        profile: 'oauth2',
        endpoint: { token: `${issuer}/token`, register: `${issuer}/register` },
        fixtures,
        scopes: ['openid', 'offline_access', 'read'],
      },
      { selection: { cases } },
    );
    return Object.fromEntries(report.verdicts.map((one) => [one.case, one.verdict] as [string, string]));
  } finally {
    await emulator.close();
  }
}

const unasked = () => undefined;
const malformed = () => ({ error: 'invalid_request', description: 'refused' });
const anyScope: Partial<OAuthBehaviours> = {
  'scope-well-formed': unasked,
  'scope-of-application': unasked,
  'scope-within-grant': unasked,
  'scope-for-clients': unasked,
  'scope-for-anybody': unasked,
};

describe('whatever the error is that a server tells,', () => {
  const again: Partial<OAuthBehaviours> = {
    'code-not-redeemed': ({ code }) => (code?.redeemed ? malformed() : undefined),
  };
  test.each<[string, Partial<OAuthBehaviours>]>([
    ['authorization-code/replay-revokes-refresh-token', again],
    ['authorization-code/replay-revokes-later-tokens', again],
    ['authorization-code/redeemed-in-parallel', again],
    ['authorization-code/everything-in-query', { 'grant-type-present': unasked }],
    ['request/form-in-query', { 'grant-type-present': unasked }],
    ['request/form-text', { 'grant-type-present': unasked }],
  ])('%s is judged by what was given', async (id, behaviours) => {
    expect(await verdictsOf(behaviours, [id])).toEqual({ [id]: 'pass' });
  });
});

interface Row {
  readonly what: string;
  readonly behaviours: Partial<OAuthBehaviours>;
}

const broken: readonly (Row & { readonly cases: readonly string[] })[] = [
  {
    what: 'grants any scope',
    behaviours: anyScope,
    cases: [
      'refresh-token/unknown-scope',
      'refresh-token/malformed-scope',
      'refresh-token/scope-beyond-the-grant',
      'client-credentials/unknown-scope',
      'client-credentials/other-scope-told',
      'jwt-bearer/unknown-scope',
      'token-exchange/other-scope-told',
    ],
  },
  {
    what: 'lets any client use any grant',
    behaviours: { 'grant-allowed': unasked },
    cases: [
      'client-credentials/grant-not-registered',
      'jwt-bearer/grant-not-registered',
      'token-exchange/grant-not-registered',
    ],
  },
  {
    what: 'lets public clients ask for themselves',
    behaviours: { 'client-confidential': unasked },
    cases: ['client-credentials/public-client'],
  },
  {
    what: 'does not look at secrets',
    behaviours: { 'client-secret-right': unasked },
    cases: [
      'client-credentials/wrong-secret',
      'jwt-bearer/with-wrong-credentials',
      'token-exchange/wrong-secret',
    ],
  },
  {
    what: 'does not look at audiences',
    behaviours: { 'assertion-audience-right': unasked },
    cases: ['jwt-bearer/wrong-audience', 'jwt-bearer/no-audience'],
  },
  {
    what: 'is content with half an actor',
    behaviours: {
      'actor-token-present': unasked,
      'actor-token-type-present': unasked,
      'actor-token-alive': unasked,
    },
    cases: ['token-exchange/actor-token-without-type', 'token-exchange/actor-token-type-alone'],
  },
  {
    what: 'knows every type of token',
    behaviours: { 'requested-token-type-offered': unasked },
    cases: ['token-exchange/unknown-requested-token-type'],
  },
  {
    what: 'takes one target alone',
    behaviours: {
      'target-acceptable': ({ members: { resource = [], audience = [] } }) =>
        Math.max(resource.length, audience.length) > 1 ? malformed() : undefined,
    },
    cases: ['token-exchange/two-resources', 'token-exchange/two-audiences'],
  },
];

describe('a standard server that', () => {
  test.each(broken)('$what fails', async ({ behaviours, cases }) => {
    expect(await verdictsOf(behaviours, cases)).toEqual(Object.fromEntries(cases.map((id) => [id, 'fail'])));
  });
});

const differing: readonly Row[] = [
  { what: 'knows no jti', behaviours: { 'assertion-not-used': unasked } },
  {
    what: 'issues no refresh token for a subject token',
    behaviours: {
      'requested-token-type-allowed': ({ members }) =>
        members.requested_token_type?.endsWith(':refresh_token') ? malformed() : undefined,
    },
  },
  {
    what: 'gives a scope of its own in place of any other, and says so',
    behaviours: { ...anyScope, 'granted-scope': () => ['read'] },
  },
];

describe('a conformant server that', () => {
  test.each(differing)('$what fails nothing', async ({ behaviours }) => {
    const verdicts = await verdictsOf(behaviours, [
      'refresh-token/*scope*',
      'client-credentials/*',
      'jwt-bearer/*',
      'token-exchange/*',
    ]);
    const wrong = Object.entries(verdicts).filter(([, one]) => !['pass', 'not-applicable'].includes(one));
    expect(wrong).toEqual([]);
  });
});
