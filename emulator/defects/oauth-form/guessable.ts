import { createHash } from 'node:crypto';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import type { OAuthBehaviours } from '../../fronts/oauth-form/service.ts';
import { randomBytes } from '../../random.ts';
import { atRegister, atToken, type Defect, replacingOAuth } from '../defect.ts';
import { defect } from './kit.ts';

const access = 'RFC6749-10.10-access-token-entropy-128';
const secret = 'RFC6749-10.10-client-secret-entropy-128';

const token = (
  name: string,
  changes: string,
  make: () => OAuthBehaviours['new-access-token'],
  breaks = access,
): Defect =>
  defect(
    name,
    changes,
    breaks,
    atToken,
    replacingOAuth(() => ({ 'new-access-token': make() })),
  );

const ofClients = (
  name: string,
  changes: string,
  make: () => OAuthBehaviours['new-client-secret'],
  breaks = secret,
): Defect =>
  defect(
    name,
    changes,
    breaks,
    atRegister,
    replacingOAuth(() => ({ 'new-client-secret': make() })),
  );

/** As long as any, but made from so many bits. */
const weak = (bits: number): string =>
  randomBytes(bits / 8)
    .toString('hex')
    .padStart(64, '0');

const counter = (): (() => number) => {
  let next = 1_000_000;
  return () => next++;
};

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Tokens and secrets of the standard endpoint that can be guessed, or that come again. */
export const guessableAtOAuth: readonly Defect[] = [
  token('bearer-token-counts', 'Access tokens count up.', () => {
    const next = counter();
    return () => `at-ZvbGF0aWxlLXRva2VuLWZvci1ldmVyeWJvZHk${next()}`;
  }),
  token('bearer-token-from-time', 'Access tokens are made from the time.', () => {
    let last = 0;
    return () => {
      last = Math.max(last + 1, Date.now());
      return `at-${Buffer.from(String(last)).toString('base64url')}`;
    };
  }),
  token('bearer-token-of-64-bits', 'Access tokens have 64 unpredictable bits.', () => () => `at-${weak(64)}`),
  token(
    'bearer-token-of-100-bits',
    'Access tokens have about 100 unpredictable bits.',
    () => () => `at-${weak(96)}`,
    'RFC6749-10.10-access-token-entropy-160',
  ),
  token('bearer-token-of-everybody', 'All who ask within the life of a token share it.', () => {
    let shared: string | undefined;
    return (attempt) => {
      shared ??= usual['new-access-token'](attempt);
      return shared;
    };
  }),
  token('bearer-token-of-its-client', 'A client gets the same access token for every user.', () => {
    const known = new Map<string, string>();
    return (attempt) => {
      const id = attempt.client?.id ?? '';
      const value = known.get(id) ?? usual['new-access-token'](attempt);
      known.set(id, value);
      return value;
    };
  }),
  token('bearer-token-repeated', 'Every thirtieth access token is one that was issued before.', () => {
    const next = counter();
    let first: string | undefined;
    return (attempt) => {
      first ??= usual['new-access-token'](attempt);
      return next() % 30 === 29 ? first : usual['new-access-token'](attempt);
    };
  }),
  ofClients(
    'registered-secret-of-32-bits',
    'Client secrets have 32 unpredictable bits.',
    () => () => weak(32),
  ),
  ofClients('registered-secret-counts', 'Client secrets count up.', () => {
    const next = counter();
    return () => `secret-of-a-confidential-client-${next()}`;
  }),
  ofClients(
    'registered-secret-from-time',
    'Client secrets are a hash of the second in which they are made.',
    () =>
      ({ issuedAt }) =>
        md5(String(Math.floor(issuedAt / 1000))),
  ),
];
