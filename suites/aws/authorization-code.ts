import type { Case } from '../../harness/case.ts';
import { documented, rejected } from '../../harness/expectation.ts';
import { presentedCodes, spentCodes } from '../grants/authorization-code.ts';
import { nonce } from '../grants/nonces.ts';
import { refusal } from '../kit/cases.ts';
import { madeUp, without } from '../kit/change.ts';
import { ofGrant } from '../kit/grant.ts';
import { iamCode } from './grants.ts';
import { rowsOf } from './rows.ts';

/** Reports hold titles and evidence, so that what is worded in its own way here stays so. */
const row = rowsOf([...presentedCodes(iamCode), ...spentCodes(iamCode)]);

export const iamAuthorizationCode: readonly Case[] = [
  row('valid', 'a valid code'),
  row('unknown-code'),
  row('altered-code'),
  row('missing-code'),
  refusal({
    ...ofGrant(iamCode),
    id: 'iam-authorization-code/missing-redirect-uri',
    title: 'no redirect URI',
    requirement: 'RFC6749-4.1.3-redirect_uri-required',
    change: without('redirect_uri'),
    expect: rejected('invalid_request', documented('invalid_grant', 'RFC 6749 §5.2')),
  }),
  row('redirect-uri-other-path', 'a redirect URI with another path'),
  refusal({
    ...ofGrant(iamCode),
    id: 'iam-authorization-code/wrong-verifier',
    title: 'another well-formed verifier',
    requirement: 'RFC7636-4.6-wrong-verifier',
    change: madeUp('code_verifier', 'A'.repeat(43)),
    expect: rejected('invalid_grant'),
  }),
  refusal({
    ...ofGrant(iamCode),
    id: 'iam-authorization-code/missing-verifier',
    title: 'no verifier',
    requirement: 'RFC7636-4.6-missing-verifier',
    change: without('code_verifier'),
    expect: rejected('invalid_grant', documented('invalid_request', 'OAuth 2.1 draft §4.1.3')),
  }),
  row('other-clients-code'),
  row('expired-code'),
  row('redeemed'),
  row('redeemed-in-parallel'),
  nonce(iamCode),
];
