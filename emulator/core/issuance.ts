import { randomInt, randomUUID } from 'node:crypto';
import { randomBytes } from '../random.ts';
import type { Attempt } from './attempt.ts';
import type { Client } from './state.ts';

/** How values that must not be guessed are made, and how many seconds things last. */
export const issuance = {
  'new-access-token': (_: Attempt): string => token('aoa'),
  'new-refresh-token': (_: Attempt): string => token('aor'),
  'new-code': (): string => randomBytes(48).toString('base64url'),
  'new-device-code': (): string => randomBytes(64).toString('base64url'),
  'new-user-code': (): string => `${letters(4)}-${letters(4)}`,
  'new-user-id': (): string => randomUUID(),
  'new-subject-token': (): string => token('aoak'),

  'access-token-lifetime': (client: Client | undefined): number =>
    client?.scopes.length === 0 ? 28_800 : 3600,
  'iam-access-token-lifetime': (): number => 3600,
  'subject-token-lifetime': (): number => 3600,
  'refresh-token-lifetime': (): number => 7 * 86_400,
  'code-lifetime': (): number => 600,
  'device-code-lifetime': (): number => 600,
  'client-secret-lifetime': (): number => 7_776_000,
  'polling-interval': (): number => 1,
  /** Polls that may come at once before they have to keep to the interval. */
  'polling-burst': (): number => 3,

  'default-grant-types': (): readonly string[] => [
    'urn:ietf:params:oauth:grant-type:device_code',
    'refresh_token',
  ],
};

const token = (prefix: string): string =>
  `${prefix}${randomBytes(48).toString('base64url')}:${randomBytes(48).toString('base64')}`;

const letters = (count: number): string =>
  Array.from({ length: count }, () => String.fromCharCode(65 + randomInt(26))).join('');
