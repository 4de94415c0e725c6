import { describe, expect, test } from 'vitest';
import { refusalFor } from '../../emulator/core/refusal.ts';
import { credentialReading } from '../../emulator/fronts/oauth-form/credentials.ts';
import { formReading } from '../../emulator/fronts/oauth-form/form.ts';
import type { OAuthBehaviours } from '../../emulator/fronts/oauth-form/service.ts';
import { certifyHere } from '../support/certify.ts';
import { endpointsOf, startEmulator } from '../support/emulator.ts';

/** How a server may be wrong about its clients, and the cases that say so. */

const all = ['client-authentication/*', 'client-basic/*', 'client-secret-jwt/*', 'private-key-jwt/*'];

async function certify(
  behaviours: Partial<OAuthBehaviours>,
  limits: readonly { fixture: 'client'; reason: string }[] = [],
  cases: readonly string[] = all,
) {
  const emulator = await startEmulator({ oauth: { behaviours } });
  const { issuer, fixtures } = emulator.oauth;
  const scopes = ['openid', 'offline_access'];
  const target = {
    dialect: 'oauth-form',
    profile: 'oidc',
    endpoint: endpointsOf(issuer),
    fixtures,
    issuer,
    scopes,
    limits,
  } as const;
  try {
    return (await certifyHere(target, { selection: { cases } })).verdicts;
  } finally {
    await emulator.close();
  }
}

const off = (...names: (keyof OAuthBehaviours)[]): Partial<OAuthBehaviours> =>
  Object.fromEntries(names.map((name) => [name, () => undefined]));

const readBasic = credentialReading['basic-credentials'];
/** A pair that is read with nothing but a split. */
const splitting = (of: (parts: readonly string[]) => string | undefined): Partial<OAuthBehaviours> => ({
  'basic-credentials': (header) => {
    const parts = Buffer.from(header.split(' ')[1] ?? '', 'base64')
      .toString()
      .split(':');
    const [id = ''] = parts;
    const secret = of(parts);
    return !/^basic /i.test(header) || secret === undefined ? undefined : { id, secret };
  },
});

describe('a server that', () => {
  test.each<[string, Partial<OAuthBehaviours>, string[]]>([
    [
      'takes any scheme',
      { 'basic-credentials': (header) => readBasic(header.replace(/^\S+/, 'Basic')) },
      ['client-basic/scheme-foo-with-credentials', 'client-basic/scheme-basics-with-credentials'],
    ],
    [
      'knows one spelling of the scheme',
      { 'basic-credentials': (header) => (header.startsWith('Basic ') ? readBasic(header) : undefined) },
      ['client-basic/scheme-in-lower-case', 'client-basic/scheme-in-upper-case'],
    ],
    ['decodes no form', splitting((parts) => parts.slice(1).join(':')), ['client-basic/spelled-out']],
    [
      'stops at the second colon',
      splitting((parts) => parts[1]),
      ['client-basic/second-colon-behind-secret'],
    ],
    ['takes the last colon', splitting((parts) => parts.at(-1)), ['client-basic/second-colon-before-secret']],
    [
      'takes two methods at once',
      off('one-method-only'),
      ['client-authentication/basic-and-post', 'client-authentication/basic-and-wrong-post'],
    ],
    [
      'takes the last of two parameters',
      { 'form-pairs': (text) => [...new Map(formReading['form-pairs'](text) ?? [])] },
      [
        'client-authentication/post-client-id-twice-alike',
        'client-authentication/post-client-secret-twice-alike',
      ],
    ],
    ['looks at no secret', off('client-secret-right'), ['client-authentication/post-wrong-secret']],
    [
      'verifies no assertion',
      off('client-assertion-signature-right'),
      [
        'private-key-jwt/other-key',
        'private-key-jwt/own-key-in-header',
        'private-key-jwt/altered-claims',
        'client-secret-jwt/other-secret',
        'client-secret-jwt/unknown-critical-header',
      ],
    ],
    ...(
      [
        ['issuer-right', 'other-iss'],
        ['audience-right', 'aud-with-more'],
        ['expiry-present', 'no-exp'],
        ['not-expired', 'expired'],
        ['already-valid', 'not-yet-valid'],
        ['type-right', 'saml-type'],
      ] as const
    ).map(([check, id]): [string, Partial<OAuthBehaviours>, string[]] => [
      `does not ask ${check}`,
      off(`client-assertion-${check}`),
      [`private-key-jwt/${id}`, `client-secret-jwt/${id}`],
    ]),
  ])('%s is found', async (_, behaviours, ids) => {
    const folders = [...new Set(ids.map((id) => id.replace(/[^/]*$/, '*')))];
    const failed = (await certify(behaviours, [], folders)).filter(({ verdict }) => verdict === 'fail');
    expect(failed.map((one) => one.case)).toEqual(expect.arrayContaining(ids));
  });

  test('decodes no form, and whose first credentials a form does not spell otherwise, is found', async () => {
    let made = 0;
    const next = () => String(made++).padStart(40, 'a');
    const behaviours: Partial<OAuthBehaviours> = {
      ...splitting((parts) => parts.slice(1).join(':')),
      'new-client-id': next,
      'new-client-secret': () => (made % 4 === 1 ? next() : `-${next()}`),
    };
    const verdicts = await certify(behaviours, [], ['client-basic/spelled-out*']);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
  });

  test('does not know itself by its issuer is told so, and no more', async () => {
    const verdicts = await certify({ 'accepted-audiences': (_, issuer) => [`${issuer}/token`] });
    const broken = verdicts.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-tested');
    expect(broken.map((one) => [one.case, one.verdict])).toEqual([
      ['private-key-jwt/aud-issuer', 'warn'],
      ['client-secret-jwt/aud-issuer', 'warn'],
    ]);
  });

  test('registers no other method than Basic is asked for no other', async () => {
    const onlyBasic: Partial<OAuthBehaviours> = {
      'metadata-method-known': ({ members }) =>
        members.token_endpoint_auth_method === 'client_secret_basic'
          ? undefined
          : refusalFor('invalid_client_metadata'),
    };
    const verdicts = await certify(onlyBasic, [{ fixture: 'client', reason: 'clients register themselves' }]);
    const of = (id: string) => verdicts.find((one) => one.case === id)?.verdict;
    expect(of('client-basic/spelled-out')).toBe('pass');
    expect(of('client-authentication/post')).toBe('not-applicable');
    expect(of('private-key-jwt/valid')).toBe('not-applicable');
    expect(verdicts.filter(({ verdict }) => verdict === 'fail' || verdict === 'not-tested')).toEqual([]);
  });
});
