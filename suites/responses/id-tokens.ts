import { readMark } from '../../harness/capture/vault.ts';
import type { JwtFacts } from '../../harness/exchange.ts';
import type { Observation } from '../../harness/probe.ts';
import { jwtBearerGrant, tokenExchangeGrant } from '../kit/given.ts';
import { isPresent, member, type RuleRow, requestOf, show, when } from '../kit/rule.ts';

const idTokenOf = ({ exchange }: Observation): JwtFacts | undefined =>
  exchange.jwts?.find((one) => one.member === 'idToken');
export const hasIdToken = (seen: Observation) =>
  seen.reply.outcome === 'granted' && idTokenOf(seen)?.claims !== undefined;
export const claims = (seen: Observation): Readonly<Record<string, unknown>> => idTokenOf(seen)?.claims ?? {};
const header = (seen: Observation): Readonly<Record<string, unknown>> => idTokenOf(seen)?.header ?? {};
const granted = ({ reply }: Observation) => reply.outcome === 'granted';
const nowOf = ({ exchange }: Observation) => exchange.startedAt / 1_000;
/** Seconds by which the target's clock may be ahead; a claim may follow it or the time of this machine. */
const advancedOf = ({ exchange }: Observation) => exchange.clockAdvanced ?? 0;
const skew = 300;
const isNumber = (value: unknown): value is number => typeof value === 'number';

const grantsWithIdToken = new Set(['authorization_code', jwtBearerGrant, tokenExchangeGrant]);

/** The ID token, in the order in which each check may rely on the ones before it. */
export const idTokens: RuleRow[] = [
  {
    id: 'wire/iam/id-token-present',
    title: 'the presence of an ID token',
    requirement: 'OIDC-3.1.3.3-id_token-present',
    expected: 'an ID token, a compact JWS, for every grant but a refresh',
    applies: (seen) => granted(seen) && grantsWithIdToken.has(seen.exchange.grant ?? ''),
    problem: (seen) => {
      const facts = idTokenOf(seen);
      if (facts === undefined)
        return `idToken is ${show(member(seen, 'id_token'))} for the grant ${seen.exchange.grant}`;
      return when(
        facts.claims === undefined || facts.header === undefined,
        `idToken is no compact JWS (${facts.parts} parts)`,
      );
    },
  },
  claim('unique-claims', 'RFC7519-4-unique-claims', 'no name twice in header or claims', (seen) => {
    const repeated = idTokenOf(seen)?.repeated ?? [];
    return when(repeated.length > 0, `${repeated.join(', ')} twice`);
  }),
  claim('alg-none', 'OIDC-2-alg-none', 'an alg other than none', (seen) =>
    when(String(header(seen).alg ?? 'none').toLowerCase() === 'none', `alg is ${show(header(seen).alg)}`),
  ),
  {
    id: 'wire/iam/id-token-signature',
    title: 'the signature of the ID token',
    requirement: 'OIDC-2-signed',
    needsKeys: true,
    expected: 'it verifies with a published key (where the target file names the keys)',
    applies: (seen) => hasIdToken(seen) && idTokenOf(seen)?.signature !== 'unchecked',
    problem: (seen) => when(idTokenOf(seen)?.signature !== 'valid', 'the signature does not verify'),
  },
  claim('kid', 'OIDC-10.1-kid', 'a kid in the header', (seen) =>
    when(typeof header(seen).kid !== 'string', `kid is ${show(header(seen).kid)}`),
  ),
  claim('header-keys', 'OIDC-2-no-header-keys', 'no x5u, x5c, jku or jwk in the header', (seen) => {
    const found = ['x5u', 'x5c', 'jku', 'jwk'].find((name) => isPresent(header(seen)[name]));
    return when(found !== undefined, `the header has ${found}`);
  }),
  claim('iss', 'OIDC-2-iss', 'an https URL without query and fragment', (seen) => {
    const { iss } = claims(seen);
    return when(typeof iss !== 'string' || !/^https:\/\/[^\s?#]+$/.test(iss), `iss is ${show(iss)}`);
  }),
  claim('sub', 'OIDC-2-sub', '1 to 255 ASCII characters', (seen) => {
    const { sub } = claims(seen);
    const mark = readMark(sub);
    if (mark !== undefined)
      return when(mark.length > 255 || mark.alphabet === 'other', `sub has ${mark.length} characters`);
    return when(typeof sub !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(sub), `sub is ${show(sub)}`);
  }),
  claim('aud', 'OIDC-2-aud', 'the client id, alone or in a list', (seen) => {
    const { aud } = claims(seen);
    const list = Array.isArray(aud) ? aud : [aud];
    return when(!list.includes(requestOf(seen).client_id), `aud is ${show(aud)}`);
  }),
  claim('exp', 'OIDC-2-exp', 'a number of seconds in the future', (seen) => {
    const { exp } = claims(seen);
    if (!isNumber(exp)) return `exp is ${show(exp)}`;
    return when(
      exp <= nowOf(seen) - skew || exp > nowOf(seen) + advancedOf(seen) + 10 * 366 * 86_400,
      `exp is ${exp}, ${Math.round(exp - nowOf(seen))} seconds from now`,
    );
  }),
  claim('iat', 'OIDC-2-iat', 'a number of seconds within five minutes of now', (seen) => {
    const { iat } = claims(seen);
    if (!isNumber(iat)) return `iat is ${show(iat)}`;
    const off = Math.min(...[0, advancedOf(seen)].map((advanced) => Math.abs(iat - nowOf(seen) - advanced)));
    return when(off > skew, `iat is ${Math.round(off)} seconds off`);
  }),
  {
    ...claim('nbf', 'RFC7519-4.1.5-nbf', 'a number that is not in the future', (seen) => {
      const { nbf } = claims(seen);
      return when(!isNumber(nbf) || nbf > nowOf(seen) + advancedOf(seen) + skew, `nbf is ${show(nbf)}`);
    }),
    applies: (seen) => hasIdToken(seen) && isPresent(claims(seen).nbf),
    optional: 'no ID token has nbf',
    couldHave: hasIdToken,
  },
  {
    ...claim('azp', 'OIDC-2-azp', 'the client id', (seen) =>
      when(claims(seen).azp !== requestOf(seen).client_id, `azp is ${show(claims(seen).azp)}`),
    ),
    applies: (seen) => {
      const { aud, azp } = claims(seen);
      return hasIdToken(seen) && (isPresent(azp) || (Array.isArray(aud) && aud.length > 1));
    },
    optional: 'no ID token has azp',
    couldHave: hasIdToken,
  },
  {
    ...claim('acr-amr', 'OIDC-2-acr-amr-types', 'acr a string, amr a list of strings', (seen) => {
      const { acr, amr } = claims(seen);
      if (isPresent(acr) && (typeof acr !== 'string' || acr === '')) return `acr is ${show(acr)}`;
      return when(
        isPresent(amr) && !(Array.isArray(amr) && amr.every((one) => typeof one === 'string')),
        `amr is ${show(amr)}`,
      );
    }),
    applies: (seen) => hasIdToken(seen) && (isPresent(claims(seen).acr) || isPresent(claims(seen).amr)),
    optional: 'no ID token has acr or amr',
    couldHave: hasIdToken,
  },
  {
    ...claim('at-hash', 'OIDC-3.1.3.6-at_hash', 'the hash of the access token', (seen) =>
      when(idTokenOf(seen)?.hashes?.at_hash !== true, 'at_hash is wrong'),
    ),
    applies: (seen) => hasIdToken(seen) && isPresent(claims(seen).at_hash),
    optional: 'no ID token has at_hash',
    couldHave: hasIdToken,
  },
  {
    ...claim('c-hash', 'OIDC-3.3.3.6-c_hash', 'the hash of the code', (seen) =>
      when(idTokenOf(seen)?.hashes?.c_hash !== true, 'c_hash is wrong'),
    ),
    applies: (seen) => hasIdToken(seen) && isPresent(claims(seen).c_hash),
    optional: 'no ID token has c_hash',
    couldHave: hasIdToken,
  },
  claim('claim-types', 'OIDC-5.1-standard-claim-types', 'standard claims in their JSON types', (seen) => {
    const wrong = Object.entries(claimTypes).find(
      ([name, type]) => isPresent(claims(seen)[name]) && typeof claims(seen)[name] !== type,
    );
    return when(wrong !== undefined, `${wrong?.[0]} is ${show(claims(seen)[wrong?.[0] ?? ''])}`);
  }),
  claim(
    'no-personal-claims',
    'OIDC-5.4-no-unrequested-claims',
    'no personal claims that nobody asked for',
    (seen) => {
      const found = ['email', 'phone_number', 'birthdate', 'address', 'gender'].find((name) =>
        isPresent(claims(seen)[name]),
      );
      return when(found !== undefined, `the ID token has ${found}`);
    },
  ),
];

const claimTypes = {
  name: 'string',
  given_name: 'string',
  family_name: 'string',
  email: 'string',
  email_verified: 'boolean',
  phone_number_verified: 'boolean',
  updated_at: 'number',
  address: 'object',
};

/** A rule on every ID token that could be read. */
export function claim(
  name: string,
  requirement: string,
  expected: string,
  problem: RuleRow['problem'],
): RuleRow {
  return {
    id: `wire/iam/id-token-${name}`,
    title: `${name} of the ID token`,
    requirement,
    expected,
    applies: hasIdToken,
    problem,
  };
}
