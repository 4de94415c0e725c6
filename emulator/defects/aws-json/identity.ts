import { accessTokenType, refreshTokenType } from '../../core/checks/subject-token.ts';
import { claim } from '../core/id-tokens.ts';
import { atIamToken, type Defect } from '../defect.ts';
import { editing, of } from './kit.ts';

/** What AWS tells beside the tokens: of the user, and of the type of what was issued. */
export const identities: readonly Defect[] = [
  claim(
    'id-token-without-instance',
    'The ID token does not say which instance it is from.',
    'AWS-CreateTokenWithIAM-id-token-claims',
    () => ({ 'aws:instance_arn': undefined }),
  ),
  claim(
    'identity-context-differs',
    'identityContext and the claim of the ID token differ.',
    'AWS-CreateTokenWithIAM-identity-context',
    () => ({ 'sts:identity_context': Buffer.alloc(192, 'x').toString('base64') }),
  ),
  {
    name: 'id-token-missing',
    changes: 'No ID token is issued.',
    breaks: ['OIDC-3.1.3.3-id_token-present'],
    at: atIamToken,
    ...editing(of('iam_token'), (body) => ({ ...body, idToken: null })),
  },
  {
    name: 'issued-token-type-swapped',
    changes: 'issuedTokenType says access token of a refresh token.',
    breaks: ['AWS-CreateTokenWithIAM-issued-token-type'],
    at: atIamToken,
    ...editing(of('iam_token'), (body) => ({
      ...body,
      issuedTokenType: body.issuedTokenType === refreshTokenType ? accessTokenType : refreshTokenType,
    })),
  },
];
