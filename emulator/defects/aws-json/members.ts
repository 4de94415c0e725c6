import { defaultBehaviours as usual } from '../../behaviours.ts';
import type { JsonObject } from '../../wire.ts';
import {
  atDeviceAuthorization,
  atIamToken,
  atRegister,
  atToken,
  type Defect,
  everywhere,
  leaving,
  renaming,
  replacing,
  tokens,
} from '../defect.ts';
import { answering, editing, issuesTokens, of, type Passing } from './kit.ts';

const shapes = ['AWS-success-shape', 'AWS-CreateTokenWithIAM-success-shape'];
const token = (
  name: string,
  changes: string,
  breaks: Defect['breaks'],
  edit: (body: JsonObject, passing: Passing) => unknown,
): Defect => ({ name, changes, breaks, at: tokens, ...editing(issuesTokens, edit) });
const snake = (body: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
const registration = 'AWS-RegisterClient-success-shape';
const device = 'AWS-StartDeviceAuthorization-success-shape';
const devices = 'RFC8628-3.2-response-members';

/** Members of a success. */
export const members: readonly Defect[] = [
  token(
    'members-in-snake-case',
    'The members of a success are in snake_case.',
    ['RFC6749-5.1-access_token-present', 'RFC6749-5.1-token_type-present', ...shapes],
    snake,
  ),
  token(
    'members-in-pascal-case',
    'The members of a success begin with capitals.',
    ['RFC6749-5.1-access_token-present', 'RFC6749-5.1-token_type-present', ...shapes],
    (body) =>
      Object.fromEntries(
        Object.entries(body).map(([name, value]) => [`${name[0]?.toUpperCase()}${name.slice(1)}`, value]),
      ),
  ),
  token(
    'success-wrapped',
    'A success is wrapped in an object called data.',
    ['RFC6749-5.1-access_token-present', ...shapes],
    (body) => ({
      data: body,
    }),
  ),
  token(
    'access-token-empty',
    'The access token is empty.',
    ['RFC6749-5.1-access_token-present', ...shapes],
    (body) => ({
      ...body,
      accessToken: '',
    }),
  ),
  token(
    'access-token-as-object',
    'The access token is an object.',
    ['RFC6749-5.1-access_token-present', ...shapes],
    (body) => ({
      ...body,
      accessToken: { value: body.accessToken },
    }),
  ),
  token(
    'access-token-not-ascii',
    'Access tokens have letters outside ASCII.',
    ['RFC6749-A.12-access_token-charset'],
    (body) => ({
      ...body,
      accessToken: `${body.accessToken}ü`,
    }),
  ),
  token(
    'access-token-with-line-break',
    'Access tokens end in a line break.',
    ['RFC6749-A.12-access_token-charset'],
    (body) => ({
      ...body,
      accessToken: `${body.accessToken}\n`,
    }),
  ),
  token(
    'refresh-token-empty',
    'Where there is no refresh token, it is an empty string.',
    ['RFC6749-A.17-refresh_token-charset', ...shapes],
    (body) => ({
      ...body,
      refreshToken: '',
    }),
  ),
  token(
    'refresh-token-not-ascii',
    'Refresh tokens have letters outside ASCII.',
    ['RFC6749-A.17-refresh_token-charset'],
    (body) => (body.refreshToken ? { ...body, refreshToken: `${body.refreshToken}ü` } : body),
  ),
  token('token-type-missing', 'The token type is missing.', ['RFC6749-5.1-token_type-present'], (body) =>
    leaving(body, 'tokenType'),
  ),
  token('token-type-mac', 'The token type is mac.', ['RFC6749-5.1-token_type-value'], (body) => ({
    ...body,
    tokenType: 'mac',
  })),
  token(
    'token-type-with-space',
    'The token type is "Bearer " with a space.',
    ['RFC6749-5.1-token_type-value'],
    (body) => ({
      ...body,
      tokenType: 'Bearer ',
    }),
  ),
  token(
    'token-type-as-number',
    'The token type is a number.',
    ['RFC6749-5.1-token_type-present', 'RFC6749-5.1-token_type-value', ...shapes],
    (body) => ({
      ...body,
      tokenType: 1,
    }),
  ),
  token(
    'token-type-of-exchange',
    'The token type is the token type identifier.',
    ['RFC8693-2.2.1-token_type-N_A', 'RFC6749-5.1-token_type-value'],
    (body) => ({
      ...body,
      tokenType: 'urn:ietf:params:oauth:token-type:access_token',
    }),
  ),
  token(
    'lifetime-as-text',
    'The lifetime is a string.',
    ['RFC6749-5.1-expires_in-number', ...shapes],
    (body) => ({
      ...body,
      expiresIn: String(body.expiresIn),
    }),
  ),
  token('lifetime-negative', 'The lifetime is negative.', ['RFC6749-5.1-expires_in-number'], (body) => ({
    ...body,
    expiresIn: -1,
  })),
  token(
    'lifetime-missing',
    'The lifetime is missing.',
    ['RFC6749-5.1-expires_in-present', 'RFC8693-2.2.1-expires_in'],
    (body) => leaving(body, 'expiresIn'),
  ),
  token(
    'lifetime-as-moment',
    'The lifetime is the moment of expiry.',
    ['RFC6749-5.1-expires_in-plausible'],
    (body) => ({
      ...body,
      expiresIn: Math.floor(Date.now() / 1000) + Number(body.expiresIn),
    }),
  ),
  token(
    'lifetime-in-milliseconds',
    'The lifetime is in milliseconds.',
    ['RFC6750-5.3-short-lived-access-token'],
    (body) => ({
      ...body,
      expiresIn: Number(body.expiresIn) * 1000,
    }),
  ),
  {
    name: 'lifetime-with-exponent',
    changes: 'The lifetime is written with an exponent.',
    breaks: ['AWS-integers-plain', ...shapes],
    at: tokens,
    ...answering((passing) =>
      issuesTokens(passing)
        ? {
            ...passing.response,
            body: String(passing.response.body).replace(/"expiresIn":(\d+)/, '"expiresIn":$1e0'),
          }
        : passing.response,
    ),
  },
  {
    name: 'lifetime-with-point',
    changes: 'The lifetime is written with a decimal point.',
    breaks: ['AWS-integers-plain', ...shapes],
    at: everywhere,
    ...answering((passing) => ({
      ...passing.response,
      body: String(passing.response.body).replace(/"expiresIn":(\d+)/, '"expiresIn":$1.0'),
    })),
  },
  {
    name: 'id-token-of-create-token',
    changes: 'CreateToken issues an ID token.',
    breaks: ['AWS-CreateToken-no-id-token'],
    at: atToken,
    ...editing(of('token'), (body) => ({ ...body, idToken: 'eyJhbGciOiJub25lIn0.e30.' })),
  },
  {
    name: 'scope-as-text',
    changes: 'scope is a string with spaces.',
    breaks: ['AWS-CreateTokenWithIAM-scope-list', 'AWS-CreateTokenWithIAM-success-shape'],
    at: atIamToken,
    ...editing(of('iam_token'), (body) => ({
      ...body,
      scope: Array.isArray(body.scope) ? body.scope.join(' ') : body.scope,
    })),
  },
  {
    name: 'scopes-in-one-item',
    changes: 'scope is a list of one text with all scopes.',
    breaks: ['AWS-CreateTokenWithIAM-scope-list'],
    at: atIamToken,
    ...editing(of('iam_token'), (body) => ({
      ...body,
      scope: Array.isArray(body.scope) ? [body.scope.join(' ')] : body.scope,
    })),
  },
  {
    name: 'scope-missing',
    changes: 'scope is never there.',
    breaks: ['RFC8693-2.2.1-scope', 'AWS-CreateTokenWithIAM-scope-list'],
    at: atIamToken,
    ...editing(of('iam_token'), (body) => leaving(body, 'scope')),
  },
  {
    name: 'identity-context-missing',
    changes: 'awsAdditionalDetails is always empty.',
    breaks: ['AWS-CreateTokenWithIAM-identity-context'],
    at: atIamToken,
    ...editing(of('iam_token'), (body) => ({ ...body, awsAdditionalDetails: {} })),
  },
  {
    name: 'refresh-token-of-exchange',
    changes: 'A token exchange for an access token brings a refresh token too.',
    breaks: ['AWS-CreateTokenWithIAM-absent-members'],
    at: atIamToken,
    ...editing(of('iam_token'), (body) => ({
      ...body,
      refreshToken: body.refreshToken ?? 'aorAAAAAGh1bmV4cGVjdGVk:c2lnbmF0dXJl',
    })),
  },
  {
    name: 'registration-in-snake-case',
    changes: 'The members of a registration are in snake_case too.',
    breaks: [registration],
    at: atRegister,
    ...editing(of('register'), (body) => ({
      ...body,
      clientIdIssuedAt: String(body.clientIdIssuedAt),
      client_id: body.clientId,
    })),
  },
  {
    name: 'registration-without-secret',
    changes: 'A registration brings no client secret.',
    breaks: ['RFC7591-3.2.1-registration-response', registration],
    at: atRegister,
    ...editing(of('register'), (body) => leaving(body, 'clientSecret')),
  },
  {
    name: 'verification-uri-misspelt',
    changes: 'The verification URI is called verification_url.',
    breaks: [devices, device],
    at: atDeviceAuthorization,
    ...editing(of('device_authorization'), (body) => renaming(body, 'verificationUri', 'verification_url')),
  },
  {
    name: 'verification-uri-relative',
    changes: 'The verification URI has no host.',
    breaks: [devices],
    at: atDeviceAuthorization,
    ...editing(of('device_authorization'), (body) => ({ ...body, verificationUri: '/device' })),
  },
  {
    name: 'verification-uri-without-tls',
    changes: 'The verification URI is an http URI of a public host.',
    breaks: ['RFC8628-3.2-verification_uri-https'],
    at: atDeviceAuthorization,
    ...editing(of('device_authorization'), (body) => ({
      ...body,
      verificationUri: 'http://device.sso.us-east-1.amazonaws.com/',
    })),
  },
  {
    name: 'complete-uri-of-the-device-before',
    changes: 'The complete verification URI has the user code of the device that was started before.',
    breaks: ['RFC8628-3.2-complete-uri-same-code'],
    at: atDeviceAuthorization,
    ...replacing(() => {
      let before = 'BCDF-GHJK';
      return {
        'device-authorization-body': (device, page) => {
          const body = usual['device-authorization-body'](device, page);
          const verificationUriComplete = `${body.verificationUri}?user_code=${before}`;
          before = device.userCode;
          return { ...body, verificationUriComplete };
        },
      };
    }),
  },
  {
    name: 'interval-as-text',
    changes: 'The interval is a string.',
    breaks: [device],
    at: atDeviceAuthorization,
    ...editing(of('device_authorization'), (body) => ({ ...body, interval: String(body.interval) })),
  },
];
