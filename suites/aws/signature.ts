import type { Case } from '../../harness/case.ts';
import { noToken } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import type { AuthChange, Credentials, World } from '../../harness/world/world.ts';
import { refusal } from '../kit/cases.ts';
import { anyGrant, anyWay } from './given.ts';

type Signing = NonNullable<AuthChange['signing']>;
type Tamper = NonNullable<Signing['tamper']>;

const withCredentials =
  (change: (valid: Credentials, world: World) => Credentials) =>
  async (world: World): Promise<Signing> => ({ credentials: change(await world.credentials(true), world) });

const header =
  (name: string, change: (value: string) => string | undefined): Tamper =>
  (signed) => ({
    ...signed,
    headers: signed.headers.flatMap(([key, value]) => {
      const changed = key.toLowerCase() === name ? change(value) : value;
      return changed === undefined ? [] : [[key, changed] as const];
    }),
  });

/** What AWS answers to each is inferred only: a case demands refusal and reports what was seen. */
const wrong: readonly [
  name: string,
  title: string,
  signing: Signing | ((world: World) => Promise<Signing>),
  needs?: Case['needs'],
][] = [
  ['unsigned', 'no signature', { none: true }],
  [
    'wrong-secret-key',
    'a signature made with another secret key',
    withCredentials((valid) => ({ ...valid, secretAccessKey: `${valid.secretAccessKey}x` })),
    ['credentials'],
  ],
  [
    'unknown-access-key',
    'an access key that does not exist',
    withCredentials((valid, world) => ({
      ...valid,
      accessKeyId: `AKIA${world
        .garbage(16)
        .toUpperCase()
        .replace(/[^A-Z0-9]/g, 'X')}`,
    })),
    ['credentials'],
  ],
  [
    'wrong-session-token',
    'another session token',
    withCredentials((valid, world) => ({ ...valid, sessionToken: world.garbage(64) })),
    ['credentials'],
  ],
  ['an-hour-late', 'a signature that is an hour old', { skewSeconds: -3_600 }],
  ['an-hour-early', 'a signature from the next hour', { skewSeconds: 3_600 }],
  ['other-region', 'a signature for another region', { region: 'ap-southeast-2' }],
  ['other-service', 'a signature for another service', { service: 'sts' }],
  [
    'other-day',
    'a credential scope of another day than the date of the signature',
    { written: (dates) => ({ ...dates, shortDate: '20200101' }) },
  ],
  [
    'malformed-date',
    'a date that is none',
    { written: ({ shortDate }) => ({ shortDate, longDate: `${shortDate}T999999Z` }) },
  ],
  ['host-not-signed', 'a signature that leaves the host out', { unsigned: ['host'] }],
  [
    'altered-signature',
    'a signature with one digit changed',
    { tamper: header('authorization', (value) => value.replace(/.$/, (last) => (last === '0' ? '1' : '0'))) },
  ],
  ['cut-signature', 'half a signature', { tamper: header('authorization', (value) => value.slice(0, -32)) }],
  ['empty-authorization', 'an empty Authorization header', { tamper: header('authorization', () => '') }],
  ['no-date', 'no date', { tamper: header('x-amz-date', () => undefined) }],
  [
    'altered-date',
    'a date that was changed after signing',
    {
      tamper: header('x-amz-date', (value) =>
        value.replace(/\d{2}Z$/, (seconds) => (seconds === '00Z' ? '01Z' : '00Z')),
      ),
    },
  ],
  [
    'altered-body',
    'a body that was changed after signing',
    { tamper: (signed) => ({ ...signed, body: String(signed.body).replace('{', '{"hello":"world",') }) },
  ],
  [
    'altered-payload-hash',
    'a body and a payload hash that do not belong together',
    {
      tamper: header('x-amz-content-sha256', (value) =>
        value.replace(/^./, (first) => (first === '0' ? '1' : '0')),
      ),
    },
  ],
  [
    'altered-query',
    'a query that was changed after signing',
    { tamper: (signed) => ({ ...signed, url: `${signed.url}&x=1` }) },
  ],
];

const about = {
  operation: 'iam_token',
  ways: anyWay,
  requirement: 'AWS-CreateTokenWithIAM-signature-required',
  given: anyGrant,
  expect: noToken(),
} as const;

export const iamSignature: readonly Case[] = [
  ...wrong.map(([name, title, signing, needs = []]) =>
    refusal({
      ...about,
      needs,
      id: `iam-signature/${name}`,
      title,
      ...(name === 'other-region' && { requirement: 'AWS-CreateTokenWithIAM-signature-region' }),
      change: async (valid, world) => ({
        ...valid,
        as: { signing: typeof signing === 'function' ? await signing(world) : signing },
      }),
    }),
  ),
  refusal({
    ...about,
    needs: ['credentials'],
    mayLack: ['sessionExpiry'],
    id: 'iam-signature/expired-session-token',
    title: 'credentials whose session has expired',
    change: async (valid, world) => {
      const credentials = await world.credentials(true);
      const { sessionToken } = credentials;
      if (sessionToken === undefined || !(await world.expireIfOffered('sessionToken', sessionToken)))
        throw notOffered('sessionExpiry');
      return { ...valid, as: { signing: { credentials } } };
    },
  }),
];
