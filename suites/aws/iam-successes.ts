import { readMark } from '../../harness/capture/vault.ts';
import type { Observation } from '../../harness/probe.ts';
import { accessTokenType, refreshTokenType, tokenExchangeGrant } from '../kit/given.ts';
import { isPresent, member, type RuleRow, requestOf, show, when } from '../kit/rule.ts';
import { awsIdTokens, claim, claims, hasIdToken } from '../responses/id-tokens.ts';

const granted = ({ reply }: Observation) => reply.outcome === 'granted';

const contextOf = (seen: Observation): unknown =>
  (member(seen, 'aws_additional_details') as { identityContext?: unknown } | null | undefined)
    ?.identityContext;
/** Whether the scopes that were granted, as far as they are told, have the identity context among them. */
const isContextGranted = (seen: Observation): boolean => {
  const scope = member(seen, 'scope');
  return !Array.isArray(scope) || scope.includes('sts:identity_context');
};

const members: RuleRow[] = [
  {
    id: 'wire/iam/success-shape',
    title: 'the members of a success',
    requirement: 'AWS-CreateTokenWithIAM-success-shape',
    expected: 'the members and JSON types that CreateTokenWithIAM documents',
    problem: (seen) => seen.reply.problems,
  },
  {
    id: 'wire/iam/issued-token-type',
    title: 'the type of the issued token',
    requirement: 'AWS-CreateTokenWithIAM-issued-token-type',
    expected: 'refresh_token, except access_token for a token exchange that does not ask for a refresh token',
    applies: granted,
    problem: (seen) => {
      const asked = requestOf(seen).requested_token_type ?? accessTokenType;
      const expected = seen.exchange.grant === tokenExchangeGrant ? asked : refreshTokenType;
      const value = member(seen, 'issued_token_type');
      return when(
        value !== expected,
        `issuedTokenType is ${show(value)} for the grant ${seen.exchange.grant}`,
      );
    },
  },
  {
    id: 'wire/iam/token-type-of-no-access-token',
    title: 'the token type',
    requirement: 'RFC8693-2.2.1-token_type-N_A',
    expected: 'Bearer, as AWS documents, or N_A where the issued token is no access token',
    applies: (seen) => granted(seen) && seen.exchange.grant === tokenExchangeGrant,
    problem: (seen) =>
      when(
        !/^(bearer|n_a)$/i.test(String(member(seen, 'token_type'))),
        `tokenType is ${show(member(seen, 'token_type'))}`,
      ),
  },
  {
    id: 'wire/iam/expires-in-present',
    title: 'the lifetime',
    requirement: 'RFC8693-2.2.1-expires_in',
    expected: 'the lifetime is included',
    applies: granted,
    problem: (seen) => when(!isPresent(member(seen, 'expires_in')), 'the lifetime is missing'),
  },
  {
    id: 'wire/iam/scope-list',
    title: 'the scope of a success',
    requirement: 'AWS-CreateTokenWithIAM-scope-list',
    expected: 'a list of non-empty strings, one scope each',
    applies: granted,
    problem: (seen) => {
      const scope = member(seen, 'scope');
      const isList =
        Array.isArray(scope) && scope.every((one) => typeof one === 'string' && /^\S+$/.test(one));
      return when(!isList, `scope is ${show(scope)}`);
    },
  },
  {
    id: 'wire/iam/scope-when-different',
    title: 'the scope that was granted',
    requirement: 'RFC8693-2.2.1-scope',
    expected: 'scope is there when one was asked for',
    applies: (seen) => granted(seen) && isPresent(requestOf(seen).scope),
    problem: (seen) => when(!isPresent(member(seen, 'scope')), 'scope is missing'),
  },
  {
    id: 'wire/iam/absent-members',
    title: 'members that do not belong to the grant',
    requirement: 'AWS-CreateTokenWithIAM-absent-members',
    expected:
      'no idToken and no awsAdditionalDetails after a refresh; no refreshToken when an access token was asked for',
    applies: (seen) =>
      granted(seen) && ['refresh_token', tokenExchangeGrant].includes(seen.exchange.grant ?? ''),
    problem: (seen) => {
      const forAccess = (requestOf(seen).requested_token_type ?? accessTokenType) === accessTokenType;
      const absent =
        seen.exchange.grant === 'refresh_token'
          ? ['id_token', 'aws_additional_details']
          : forAccess
            ? ['refresh_token']
            : [];
      const there = absent.find((name) => isPresent(member(seen, name)));
      return when(there !== undefined, `${there} is there`);
    },
  },
  {
    id: 'wire/iam/identity-context',
    title: 'the identity context',
    requirement: 'AWS-CreateTokenWithIAM-identity-context',
    expected:
      'awsAdditionalDetails.identityContext equals the claim sts:identity_context, and is there where that scope was granted',
    applies: (seen) =>
      hasIdToken(seen) &&
      isPresent(claims(seen)['sts:identity_context']) &&
      (isPresent(contextOf(seen)) || isContextGranted(seen)),
    optional: 'no response has both an identity context and an ID token with that claim',
    couldHave: hasIdToken,
    problem: (seen) => {
      const [one, other] = [contextOf(seen), claims(seen)['sts:identity_context']].map(
        (value) => readMark(value)?.fingerprint,
      );
      if (one === undefined) return `identityContext is ${show(contextOf(seen))}`;
      return when(one !== other, 'identityContext and the claim differ');
    },
  },
];

/** What AWS says of the ID token. */
const idToken: RuleRow[] = [
  claim('lifetime', 'AWS-CreateTokenWithIAM-id-token-lifetime', 'exp an hour after iat', (seen) => {
    const { exp, iat } = claims(seen);
    return when(Number(exp) - Number(iat) !== 3_600, `exp is ${Number(exp) - Number(iat)} seconds after iat`);
  }),
  claim('aws-claims', 'AWS-CreateTokenWithIAM-id-token-claims', 'the claims of the AWS example', (seen) => {
    const optional = [
      ...(isContextGranted(seen) ? [] : ['sts:identity_context', 'sts:audit_context']),
      ...(seen.exchange.grant === tokenExchangeGrant ? ['sts:audit_context'] : []),
    ];
    const missing = awsClaims.find((name) => !optional.includes(name) && !isPresent(claims(seen)[name]));
    return when(missing !== undefined, `${missing} is missing`);
  }),
];

const awsClaims = [
  'sts:identity_context',
  'sts:audit_context',
  'aws:identity_store_id',
  'aws:identity_store_arn',
  'aws:instance_arn',
  'aws:instance_account',
  'aws:credential_id',
];

/** Rules over every success of CreateTokenWithIAM, beyond those of RFC 6749 §5.1. */
export const iamRules: readonly RuleRow[] = [
  ...members,
  ...[...awsIdTokens, ...idToken].map((row) => ({ ...row, id: row.id.replace('wire/', 'wire/iam/') })),
];
