import type { Operation } from '../../core/operation.ts';
import { refusalFor } from '../../core/refusal.ts';
import type { Service } from '../../core/service.ts';
import { type Input, wrong } from '../../fixtures/input.ts';
import type { JsonObject } from '../../wire.ts';
import type { OAuthRefusal } from './answers.ts';
import { oauthOf } from './state.ts';

const ofEverybody = ['invalid_request', 'server_error', 'temporarily_unavailable'];
const ofClients = [...ofEverybody, 'invalid_client', 'unauthorized_client', 'invalid_scope'];

/** The errors of each operation: RFC 6749 section 5.2, RFC 8628 section 3.5, RFC 8707 section 2, RFC 7591 section 3.2.2. */
const errors = {
  token: [
    ...ofClients,
    'invalid_grant',
    'unsupported_grant_type',
    'invalid_target',
    'authorization_pending',
    'slow_down',
    'access_denied',
    'expired_token',
  ],
  device_authorization: ofClients,
  /** RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6. */
  authorization: [
    ...ofEverybody,
    'access_denied',
    'unauthorized_client',
    'invalid_scope',
    'login_required',
    'consent_required',
    'interaction_required',
    'account_selection_required',
  ],
  register: [
    ...ofEverybody,
    'invalid_redirect_uri',
    'invalid_client_metadata',
    'invalid_software_statement',
    'unapproved_software_statement',
  ],
} satisfies Partial<Record<Operation | 'authorization', readonly string[]>>;

/** Arms an error. */
export function fault({ state }: Service, input: Input): JsonObject {
  const operation = input.oneOf('operation', Object.keys(errors) as (keyof typeof errors)[]);
  const exception = input.text('exception');
  if (!errors[operation].includes(exception)) throw wrong('exception', 'is not one of that operation');
  const clientId = input.optionalText('clientId');
  if (clientId !== undefined && (operation === 'register' || !state.clients.has(clientId)))
    throw wrong('clientId', `is not known to ${operation}`);
  const times = input.number('times');
  if (!Number.isSafeInteger(times) || times < 1) throw wrong('times', 'must be a whole number, at least 1');
  const members = input.optionalObject('members');
  const refusal: OAuthRefusal = { ...refusalFor(exception), ...(members && { members }) };
  const armed = { clientId, refusal, left: times };
  if (operation === 'authorization') oauthOf(state).faults.add(armed);
  else state.faults.add({ operation, ...armed });
  return {};
}
