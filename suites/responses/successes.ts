import { marksIn, readMark } from '../../harness/capture/vault.ts';
import { carriesToken } from '../../harness/judge/observe.ts';
import type { Observation } from '../../harness/probe.ts';
import { createGrants } from '../../harness/send/issued.ts';
import { tokenMembers } from '../aws/responses.ts';
import { accessTokenType, tokenExchangeGrant } from '../kit/given.ts';
import {
  body,
  hasJwt,
  header,
  isJsonType,
  isPresent,
  listed,
  member,
  noStore,
  type RuleRow,
  requestOf,
  show,
  status,
  when,
} from '../kit/rule.ts';

/** An exchange that brings something else than an access token says so (RFC 8693 §2.2.1). */
const isNoAccessToken = (seen: Observation) =>
  seen.exchange.grant === tokenExchangeGrant &&
  member(seen, 'issued_token_type') !== accessTokenType &&
  /^n_a$/i.test(String(member(seen, 'token_type')));

/** A lifetime in text is one too, though not one to be measured. */
const hasNoLifetime = (seen: Observation) => !isPresent(member(seen, 'expires_in'));

/** Who asks with an assertion is not named beside it. */
const areTwo = (one: unknown, other: unknown): boolean =>
  one !== undefined && other !== undefined && one !== other;

interface Given {
  readonly seen: Observation;
  /** What tells the grant from others. */
  readonly grant: string;
  readonly client: unknown;
  readonly lifetime: number;
}

const presentable = new Set(['code', 'deviceCode', 'refreshToken', 'assertion', 'subjectToken']);

/**
 * Every access token, with those answers before it that gave the same one. Documents do not forbid that while it
 * lives, as long as it goes to the same client for the same grant.
 */
function givenAgain(all: readonly Observation[]): (Given & { readonly before: readonly Given[] })[] {
  const grantOf = createGrants();
  const given = new Map<string, Given[]>();
  const inTime = all.toSorted((one, other) => one.exchange.startedAt - other.exchange.startedAt);
  return inTime.map((seen) => {
    const { body: sent = '' } = seen.exchange.request;
    const client = requestOf(seen).client_id;
    const grant = grantOf({
      client,
      presented: marksIn(sent).find(({ kind }) => presentable.has(kind))?.fingerprint,
      next: readMark(member(seen, 'refresh_token'))?.fingerprint,
    });
    const token = readMark(member(seen, 'access_token'))?.fingerprint ?? '';
    const before = given.get(token) ?? [];
    const one = { seen, grant, client, lifetime: Number(member(seen, 'expires_in')) };
    given.set(token, [...before, one]);
    return { ...one, before };
  });
}

/** RFC 6749 §5.1: successful responses of the token operation. */
export const tokenSuccess: RuleRow[] = [
  {
    id: 'wire/success-status',
    title: 'the status of a granted request',
    requirement: 'RFC6749-5.1-status-200',
    expected: 'status 200 whenever a token is issued',
    applies: carriesToken,
    problem: (seen) => when(status(seen) !== 200, `status ${status(seen)}`),
  },
  {
    id: 'wire/success-content-type',
    title: 'the media type of a success',
    requirement: 'RFC6749-5.1-content-type-json',
    expected: 'Content-Type: application/json',
    problem: (seen) =>
      when(
        !isJsonType(header(seen, 'content-type')),
        `Content-Type is ${show(header(seen, 'content-type'))}`,
      ),
  },
  {
    id: 'wire/success-json-object',
    title: 'the body of a success',
    requirement: 'RFC6749-5.1-json-object',
    expected: 'one JSON object in UTF-8',
    problem: (seen) => {
      const { error, object } = body(seen);
      if (seen.exchange.response?.utf8 === false) return 'the body is not UTF-8';
      if (error !== undefined) return `the body is not JSON: ${error}`;
      return when(object === undefined, 'the body is JSON, but not an object');
    },
  },
  {
    id: 'wire/access-token-present',
    title: 'the access token of a success',
    requirement: 'RFC6749-5.1-access_token-present',
    expected: 'the access token is a non-empty string',
    problem: (seen) => {
      const value = member(seen, 'access_token');
      return when(
        typeof value !== 'string' || value === '',
        `the access token is ${typeof value === 'string' ? 'empty' : show(value)}`,
      );
    },
  },
  {
    id: 'wire/access-token-charset',
    title: 'the characters of access tokens',
    requirement: 'RFC6749-A.12-access_token-charset',
    expected: 'printable ASCII only',
    applies: (seen) => readMark(member(seen, 'access_token')) !== undefined,
    problem: (seen) =>
      when(
        readMark(member(seen, 'access_token'))?.alphabet === 'other',
        'the access token has other characters',
      ),
  },
  {
    id: 'wire/access-tokens-unique',
    title: 'the access tokens of the run',
    requirement: 'RFC6749-10.10-access-token-entropy-128',
    expected: 'no access token is given to two grants',
    applies: (seen) => readMark(member(seen, 'access_token')) !== undefined,
    problem: () => undefined,
    acrossProblem: 'another grant was given the same one before',
    across: (all) =>
      givenAgain(all)
        .filter(({ seen, grant, client, before }) =>
          before.some((one) => (hasJwt(seen) ? areTwo(one.client, client) : one.grant !== grant)),
        )
        .map(({ seen }) => seen),
  },
  {
    id: 'wire/refresh-token-charset',
    title: 'the refresh token of a success',
    requirement: 'RFC6749-A.17-refresh_token-charset',
    expected: 'absent, null, or a non-empty string of printable ASCII',
    applies: (seen) => isPresent(member(seen, 'refresh_token')),
    optional: 'no response has a refresh token',
    problem: (seen) => {
      const mark = readMark(member(seen, 'refresh_token'));
      if (mark === undefined) return `the refresh token is ${show(member(seen, 'refresh_token'))}`;
      return when(mark.alphabet === 'other', 'the refresh token has other characters');
    },
  },
  {
    id: 'wire/token-type-present',
    title: 'the token type of a success',
    requirement: 'RFC6749-5.1-token_type-present',
    expected: 'the token type is a non-empty string',
    problem: (seen) => {
      const value = member(seen, 'token_type');
      return when(typeof value !== 'string' || value === '', `the token type is ${show(value)}`);
    },
  },
  {
    id: 'wire/token-type-value',
    title: 'the value of the token type',
    requirement: 'RFC6749-5.1-token_type-value',
    expected: 'Bearer, in any case',
    applies: (seen) => isPresent(member(seen, 'token_type')),
    problem: (seen) => {
      const value = member(seen, 'token_type');
      return when(
        String(value).toLowerCase() !== 'bearer' && !isNoAccessToken(seen),
        `the token type is ${show(value)}`,
      );
    },
  },
  {
    id: 'wire/expires-in-present',
    title: 'the lifetime of a success',
    requirement: 'RFC6749-5.1-expires_in-present',
    expected: 'the lifetime is included',
    problem: (seen) => when(!isPresent(member(seen, 'expires_in')), 'the lifetime is missing'),
  },
  {
    id: 'wire/expires-in-number',
    title: 'the JSON type of the lifetime',
    requirement: 'RFC6749-5.1-expires_in-number',
    expected: 'a JSON number of whole seconds, 0 or more',
    applies: (seen) => isPresent(member(seen, 'expires_in')),
    optional: 'no response has a lifetime',
    problem: (seen) => {
      const value = member(seen, 'expires_in');
      return when(!Number.isInteger(value) || Number(value) < 0, `the lifetime is ${show(value)}`);
    },
  },
  {
    id: 'wire/expires-in-plausible',
    title: 'the size of the lifetime',
    requirement: 'RFC6749-5.1-expires_in-plausible',
    expected:
      'more than 0 and at most 31,536,000 seconds, and no more than before where a token is given again',
    applies: (seen) => typeof member(seen, 'expires_in') === 'number',
    optional: 'no response has a lifetime',
    couldHave: hasNoLifetime,
    problem: (seen) => {
      const value = Number(member(seen, 'expires_in'));
      return when(value <= 0 || value > 31_536_000, `the lifetime is ${value}`);
    },
    acrossProblem: 'the same access token had less time left before',
    across: (all) =>
      givenAgain(all)
        .filter(({ grant, lifetime, before }) =>
          before.some((one) => one.grant === grant && lifetime > one.lifetime),
        )
        .map(({ seen }) => seen),
  },
  {
    id: 'wire/expires-in-short',
    title: 'the lifetime of bearer tokens',
    requirement: 'RFC6750-5.3-short-lived-access-token',
    expected: 'an hour or less',
    applies: (seen) => typeof member(seen, 'expires_in') === 'number' && !isNoAccessToken(seen),
    optional: 'no response has a lifetime',
    couldHave: hasNoLifetime,
    problem: (seen) =>
      when(
        Number(member(seen, 'expires_in')) > 3_600,
        `the lifetime is ${member(seen, 'expires_in')} seconds`,
      ),
  },
  {
    id: 'wire/no-error-in-success',
    title: 'an error within a success',
    requirement: 'RFC6749-5.1-no-error-member',
    expected: 'no error member in a 200 response',
    applies: (seen) => status(seen) < 300,
    problem: (seen) =>
      when(
        isPresent(member(seen, 'error')),
        `status ${status(seen)} with the error ${show(member(seen, 'error'))}`,
      ),
  },
  ...tokenMembers,
  {
    id: 'wire/no-store',
    title: 'caching of tokens',
    requirement: 'RFC6749-5.1-cache-control',
    expected: 'Cache-Control with no-store',
    applies: carriesToken,
    problem: noStore,
  },
  {
    id: 'wire/pragma',
    title: 'caching of tokens by HTTP/1.0',
    requirement: 'RFC6749-5.1-pragma',
    expected: 'Pragma: no-cache',
    applies: carriesToken,
    problem: (seen) =>
      when(!/no-cache/i.test(listed(seen, 'pragma') ?? ''), `Pragma is ${show(listed(seen, 'pragma'))}`),
  },
];
