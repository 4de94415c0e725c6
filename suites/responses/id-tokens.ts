import { marksIn, readMark } from '../../harness/capture/vault.ts';
import { headerOf } from '../../harness/exchange.ts';
import { isLoopback } from '../../harness/loopback.ts';
import type { Observation } from '../../harness/probe.ts';
import { jwtBearerGrant, tokenExchangeGrant } from '../kit/given.ts';
import { clientOf, idTokenOf, isPresent, member, type RuleRow, requestOf, show, when } from '../kit/rule.ts';

export const hasIdToken = (seen: Observation) =>
  seen.reply.outcome === 'granted' && idTokenOf(seen)?.claims !== undefined;
export const claims = (seen: Observation): Readonly<Record<string, unknown>> => idTokenOf(seen)?.claims ?? {};
const header = (seen: Observation): Readonly<Record<string, unknown>> => idTokenOf(seen)?.header ?? {};
const granted = ({ reply }: Observation) => reply.outcome === 'granted';
/** The algorithms of HMAC sign with the secret of the client, and with no key of a set. */
const isSymmetric = (seen: Observation) => /^HS\d+$/.test(String(header(seen).alg));
const nowOf = ({ exchange }: Observation) => exchange.startedAt / 1_000;
/** Seconds by which the target's clock may be ahead; a claim may follow it or the time of this machine. */
const advancedOf = ({ exchange }: Observation) => exchange.clockAdvanced ?? 0;
const skew = 300;
const isNumber = (value: unknown): value is number => typeof value === 'number';

const grantsWithIdToken = new Set(['authorization_code', jwtBearerGrant, tokenExchangeGrant]);

/** What AWS and the standards say of different answers, or in different words; each has its row below in `shared`. */
interface Own {
  readonly present: RuleRow;
  readonly kid: RuleRow;
  readonly iss: RuleRow;
}

/** The rule that an ID token is there, in the words for one dialect; `name` is how the wire spells the member. */
const present = (name: string, row: Pick<RuleRow, 'expected' | 'applies' | 'optional'>): RuleRow => ({
  id: 'wire/id-token-present',
  title: 'the presence of an ID token',
  requirement: 'OIDC-3.1.3.3-id_token-present',
  ...row,
  problem: (seen) => {
    const facts = idTokenOf(seen);
    if (facts === undefined)
      return `${name} is ${show(member(seen, 'id_token'))} for the grant ${seen.exchange.grant}`;
    return when(
      facts.claims === undefined || facts.header === undefined,
      `${name} is no compact JWS (${facts.parts} parts)`,
    );
  },
});

const ofAws: Own = {
  present: present('idToken', {
    expected: 'an ID token, a compact JWS, for every grant but a refresh',
    applies: (seen) => granted(seen) && grantsWithIdToken.has(seen.exchange.grant ?? ''),
  }),
  kid: claim('kid', 'OIDC-10.1-kid', 'a kid in the header', (seen) =>
    when(typeof header(seen).kid !== 'string', `kid is ${show(header(seen).kid)}`),
  ),
  iss: claim('iss', 'OIDC-2-iss', 'an https URL without query and fragment', (seen) => {
    const { iss } = claims(seen);
    return when(typeof iss !== 'string' || !/^https:\/\/[^\s?#]+$/.test(iss), `iss is ${show(iss)}`);
  }),
};

const ofStandards: Own = {
  present: present('id_token', {
    expected: 'an ID token, a compact JWS, for a code whose scope has openid',
    // Where the response does not say which scope was granted, a case has to know.
    applies: (seen) =>
      granted(seen) &&
      isLookedAt(seen) &&
      (isPresent(member(seen, 'id_token')) ||
        (seen.exchange.grant === 'authorization_code' && isOpenId(member(seen, 'scope')))),
    optional: 'no response to a code says that openid was granted, and none has an ID token',
  }),
  kid: {
    ...claim('kid', 'OIDC-10.1-kid', 'a kid that is in the set, where that has several keys', (seen) =>
      when(idTokenOf(seen)?.keys?.named !== true, `kid is ${show(header(seen).kid)}`),
    ),
    needsKeys: true,
    applies: (seen) => hasIdToken(seen) && !isSymmetric(seen) && (idTokenOf(seen)?.keys?.count ?? 0) > 1,
    optional: 'the JWK Set has one key alone, or the ID tokens are signed with secrets',
    couldHave: (seen) => hasIdToken(seen) && idTokenOf(seen)?.keys !== undefined,
  },
  iss: claim(
    'iss',
    'OIDC-2-iss',
    'an https URL without query and fragment, or one of http on loopback',
    (seen) => {
      const { iss } = claims(seen);
      const isUrl = typeof iss === 'string' && /^https?:\/\/[^\s?#]+$/.test(iss) && URL.canParse(iss);
      return when(!isUrl || (iss.startsWith('http:') && !isLoopback(iss)), `iss is ${show(iss)}`);
    },
  ),
};

/** Of answers to generated requests that were kept for their shape the tokens were not. */
const isLookedAt = (seen: Observation) =>
  idTokenOf(seen) !== undefined || readMark(member(seen, 'id_token')) === undefined;

const isOpenId = (scope: unknown) => Array.isArray(scope) && scope.includes('openid');

/** The ID token, in the order in which each check may rely on the ones before it. */
const shared = ({ present, kid, iss }: Own): RuleRow[] => [
  present,
  claim('unique-claims', 'RFC7519-4-unique-claims', 'no name twice in header or claims', (seen) => {
    const repeated = idTokenOf(seen)?.repeated ?? [];
    return when(repeated.length > 0, `${repeated.join(', ')} twice`);
  }),
  claim('alg-none', 'OIDC-2-alg-none', 'an alg other than none', (seen) =>
    when(String(header(seen).alg ?? 'none').toLowerCase() === 'none', `alg is ${show(header(seen).alg)}`),
  ),
  {
    id: 'wire/id-token-signature',
    title: 'the signature of the ID token',
    requirement: 'OIDC-2-signed',
    needsKeys: true,
    expected: 'it verifies with a published key (where the target file names the keys)',
    applies: (seen) => hasIdToken(seen) && idTokenOf(seen)?.signature !== 'unchecked',
    problem: (seen) => when(idTokenOf(seen)?.signature !== 'valid', 'the signature does not verify'),
  },
  kid,
  claim('header-keys', 'OIDC-2-no-header-keys', 'no x5u, x5c, jku or jwk in the header', (seen) => {
    const found = ['x5u', 'x5c', 'jku', 'jwk'].find((name) => isPresent(header(seen)[name]));
    return when(found !== undefined, `the header has ${found}`);
  }),
  iss,
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
    const client = clientOf(seen);
    const isWrong =
      client === undefined ? !list.every((one) => typeof one === 'string') : !list.includes(client);
    return when(isWrong, `aud is ${show(aud)}`);
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
      when(claims(seen).azp !== clientOf(seen), `azp is ${show(claims(seen).azp)}`),
    ),
    applies: (seen) => {
      const { aud, azp } = claims(seen);
      // Of who showed an assertion alone the request does not say it.
      if (clientOf(seen) === undefined) return false;
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
    applies: (seen) =>
      hasIdToken(seen) && isPresent(claims(seen).at_hash) && idTokenOf(seen)?.hashes?.at_hash !== undefined,
    optional: 'no ID token has at_hash',
    couldHave: hasIdToken,
  },
  {
    ...claim('c-hash', 'OIDC-3.3.3.6-c_hash', 'the hash of the code', (seen) =>
      when(idTokenOf(seen)?.hashes?.c_hash !== true, 'c_hash is wrong'),
    ),
    applies: (seen) =>
      hasIdToken(seen) && isPresent(claims(seen).c_hash) && idTokenOf(seen)?.hashes?.c_hash !== undefined,
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

/** The rules over ID tokens of AWS. */
export const awsIdTokens = shared(ofAws);

/** What AWS's part of the catalogue does not have. */
const further: readonly RuleRow[] = [
  {
    ...claim(
      'key-size',
      'FAPI1-5.2.2-signing-key-size',
      'a key of 2048 bits or more if it is one of RSA, else of 160',
      (seen) => {
        const bits = idTokenOf(seen)?.keys?.bits ?? 0;
        const needed = /^[RP]S/.test(String(header(seen).alg)) ? 2_048 : 160;
        return when(bits < needed, `the key has ${bits} bits`);
      },
    ),
    needsKeys: true,
    applies: (seen) => hasIdToken(seen) && !isSymmetric(seen) && idTokenOf(seen)?.keys?.bits !== undefined,
    optional: 'no ID token is signed with a key of RSA or of an elliptic curve that can be told',
    couldHave: (seen) => hasIdToken(seen) && idTokenOf(seen)?.keys !== undefined,
  },
  {
    ...claim('auth-time', 'OIDC-2-auth_time', 'a number of seconds that is not in the future', (seen) => {
      const { auth_time: time } = claims(seen);
      return when(
        !isNumber(time) || time > nowOf(seen) + advancedOf(seen) + skew,
        `auth_time is ${show(time)}`,
      );
    }),
    applies: (seen) => hasIdToken(seen) && isPresent(claims(seen).auth_time),
    optional: 'no ID token has auth_time, and nothing asked for it',
    couldHave: hasIdToken,
  },
  {
    ...claim(
      'secret-length',
      'OIDC-16.19-hmac-secret-length',
      'a secret that is as long as the hash of the HMAC',
      (seen) => {
        const { length = 0 } = secretOf(seen) ?? {};
        const needed = Number(String(header(seen).alg).slice(2)) / 8;
        return when(
          length < needed,
          `the secret has ${length} characters, ${header(seen).alg} needs ${needed}`,
        );
      },
    ),
    // A secret that only keyed an assertion cannot be measured.
    applies: (seen) => hasIdToken(seen) && isSymmetric(seen) && !isPresent(requestOf(seen).client_assertion),
    optional: 'no ID token is signed with the secret of a client',
    couldHave: hasIdToken,
  },
];

const secretOf = ({ exchange: { request } }: Observation) =>
  [request.body, headerOf(request.headers, 'authorization')]
    .flatMap((text) => marksIn(text ?? ''))
    .find(({ kind }) => kind.startsWith('clientSecret'));

/** Those of every other token endpoint. */
export const standardIdTokens = [...shared(ofStandards), ...further].map(
  (row): RuleRow => ({ ...row, operation: 'token', dialects: ['oauth-form'] }),
);

const texts =
  'name given_name family_name middle_name nickname preferred_username profile picture website email gender birthdate zoneinfo locale phone_number';

const claimTypes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(texts.split(' ').map((name) => [name, 'string'])),
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
    id: `wire/id-token-${name}`,
    title: `${name} of the ID token`,
    requirement,
    expected,
    applies: hasIdToken,
    problem,
  };
}
