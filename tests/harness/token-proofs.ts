import type { Absence } from '../../harness/absences.ts';
import type { Exchange } from '../../harness/exchange.ts';
import type { Probe } from '../../harness/probe.ts';
import type { Dialect } from '../../targets/dialect.ts';
import { oauthForm } from '../../targets/dialects/oauth-form/dialect.ts';

export const mark = (kind: string, fingerprint: string) =>
  `[${kind} 40 chars vschar #${fingerprint.repeat(12)}]`;

export function exchange(
  step: string,
  operation: string,
  sent: Record<string, unknown>,
  status: number,
  answer: Record<string, unknown>,
  exception?: string,
): Exchange {
  const { grantType } = sent;
  return {
    step,
    operation,
    ...(typeof grantType === 'string' && { grant: grantType }),
    request: { method: 'POST', url: 'http://t/token', headers: [], body: JSON.stringify(sent) },
    response: {
      status,
      headers: [
        ['Content-Type', 'application/json'],
        ...(exception === undefined ? [] : [['x-amzn-ErrorType', exception] as const]),
      ],
      body: JSON.stringify(answer),
      bytes: 0,
      utf8: true,
      cut: false,
    },
    attempts: 1,
    startedAt: 0,
    durationMs: 1,
  };
}

/** What shows an absence, and what does not. */
export interface Row {
  /** The first of all where nothing is said. */
  readonly dialect?: Dialect;
  /** What is the same in both. */
  readonly probe?: Partial<Probe>;
  readonly shown: readonly Exchange[];
  /** Exchanges of a target that has it, or of a case that cannot end so. */
  readonly forged: readonly Exchange[];
  readonly forgedProbe?: Partial<Probe>;
}

/** Of the standard dialect; a helper is asked with a token, and answers with what it knows of it. */
const oauth = (
  step: string,
  operation: string,
  asked: Record<string, string>,
  answer: Record<string, unknown>,
  jwts?: Exchange['jwts'],
): Exchange => {
  const { request, ...one } = exchange(step, operation, {}, answer.error === undefined ? 200 : 400, answer);
  const body = new URLSearchParams(asked).toString();
  return { ...one, request: { ...request, body }, ...(jwts && { jwts }) };
};
const bearing = (step: string, which: string, members: object = {}, jwts?: Exchange['jwts']) =>
  oauth(
    step,
    'token',
    {},
    { access_token: mark('accessToken', which), token_type: 'Bearer', ...members },
    jwts,
  );
const introspected = (step: string, members: object = { active: true }) =>
  oauth(step, 'introspection', { token: mark('token', 'a') }, { ...members });
const delegated = (step: string, answer: Record<string, unknown>) =>
  oauth(step, 'token', { actor_token: mark('actorToken', 'a') }, answer);
const jwt = (member: string, claims: object = {}): NonNullable<Exchange['jwts']> => [
  { member, parts: 3, claims: { ...claims }, repeated: [], signature: 'valid' },
];
const forResource = (step: string, members: object, jwts?: Exchange['jwts']) =>
  oauth(
    step,
    'token',
    { resource: 'https://a' },
    { access_token: mark('accessToken', 'a'), token_type: 'Bearer', ...members },
    jwts,
  );
const reading = { readsTokens: true as const };

const reached: readonly Exchange[] = [bearing('control', 'c'), bearing('probe', 'd')];

/** What cases that ask helpers may lack. */
export const tokenRows = {
  endpoint: { dialect: oauthForm, probe: { mayLack: ['endpoint'] }, shown: [], forged: reached },
  bothGrants: {
    dialect: oauthForm,
    probe: { mayLack: ['bothGrants'] },
    shown: reached.slice(0, 1),
    forged: reached,
  },
  look: {
    dialect: oauthForm,
    shown: [bearing('control', 'a'), introspected('look', { active: false })],
    forged: [introspected('look'), introspected('probe', { active: false })],
  },
  revocation: {
    dialect: oauthForm,
    shown: [oauth('revocation', 'revocation', {}, { error: 'unsupported_token_type' })],
    forged: [oauth('revocation', 'revocation', {}, {}), introspected('look', { active: false })],
  },
  tokenLife: {
    dialect: oauthForm,
    probe: { overTime: true },
    shown: [bearing('control', 'a', { expires_in: 8 * 86_400 })],
    forged: [bearing('control', 'a', { expires_in: 3_600 }), introspected('look')],
  },
  givenAgain: {
    dialect: oauthForm,
    shown: [bearing('control', 'a'), bearing('probe', 'b')],
    forged: [bearing('control', 'a'), bearing('probe', 'a')],
  },
  untoldScope: {
    dialect: oauthForm,
    probe: reading,
    shown: [bearing('code', 'a'), introspected('look at first')],
    forged: [bearing('code', 'a'), introspected('look at first', { active: true, scope: 'a' })],
  },
  untoldAudience: {
    dialect: oauthForm,
    probe: reading,
    shown: [bearing('probe', 'a', {}, jwt('id_token')), introspected('look', { active: true, sub: 'u' })],
    forged: [introspected('look', { active: true, aud: 'a' })],
  },
  resource: { dialect: oauthForm, probe: { mayLack: ['resource'] }, shown: [], forged: reached },
  unrestricted: {
    dialect: oauthForm,
    probe: reading,
    shown: [forResource('control', {}), introspected('look at control', { active: true, aud: 'https://b' })],
    forged: [forResource('control', {}, jwt('access_token', { aud: ['https://a'] }))],
  },
  untoldActor: {
    dialect: oauthForm,
    probe: reading,
    shown: [bearing('probe', 'a'), introspected('look', { active: true, aud: 'a' })],
    forged: [bearing('probe', 'a', {}, jwt('access_token'))],
  },
  subject: {
    dialect: oauthForm,
    probe: reading,
    shown: [
      bearing('control: user', 'a', {}, jwt('id_token', { sub: 'u' })),
      introspected('look', { active: true, sub: 'c' }),
    ],
    forged: ['look at user', 'look'].map((step) => introspected(step, { active: true, sub: 'c' })),
  },
  actor: {
    dialect: oauthForm,
    shown: [delegated('asked', { error: 'invalid_request' })],
    forged: [
      delegated('probe', { error: 'invalid_request' }),
      delegated('asked', { access_token: mark('accessToken', 'a') }),
    ],
  },
} satisfies Partial<Record<Absence, Row>>;
