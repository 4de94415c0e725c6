import type { Reply, ResponseText } from '../../dialect.ts';
import { readJson } from '../../json.ts';
import { headersIn } from '../reading.ts';

/** What it is called that an introspected token is not active: RFC 7662 §2.2 has no error for it. */
export const inactive = 'inactive';

/**
 * What a helper says of a token: `granted` where the token is accepted (or the revocation is), `rejected` where it is not,
 * or where the question is refused. Of the shape of such an answer nothing is asked.
 */
export function readHelper(operation: string, response: ResponseText): Reply {
  const json = readJson(response.body);
  const members = { ...json.object };
  const error = errorIn(operation, response, members);
  const outcome =
    error !== undefined ? 'rejected' : isAccepted(operation, response, members) ? 'granted' : 'malformed';
  return { outcome, ...(error !== undefined && { error }), json, members, problems: [] };
}

type Members = Readonly<Record<string, unknown>>;

/** RFC 7009 §2.2.1, RFC 7662 §2.3: in the body, as of the token endpoint; RFC 6750 §3: in the challenge. */
function errorIn(operation: string, response: ResponseText, { error, active }: Members): string | undefined {
  if (typeof error === 'string' && error !== '') return error;
  const challenges = headersIn(response).get('www-authenticate') ?? [];
  const [, named] = /\berror="?(\w{1,40})/i.exec(challenges.join(', ')) ?? [];
  if (named !== undefined && response.status >= 400) return named;
  if (operation === 'introspection' && response.status === 200 && active === false) return inactive;
  // RFC 6750 §3.1 has these statuses for a token that is not accepted; that the error is named is a should.
  if (operation === 'userinfo' && [400, 401, 403].includes(response.status)) return 'invalid_token';
  return [401, 403].includes(response.status) ? 'invalid_client' : undefined;
}

function isAccepted(operation: string, response: ResponseText, { active, sub }: Members): boolean {
  if (response.status < 200 || response.status >= 300) return false;
  if (operation === 'introspection') return active === true;
  if (operation === 'revocation') return true;
  // OpenID Connect Core §5.3.2: claims, as they are or in a JWT.
  const [type = ''] = headersIn(response).get('content-type') ?? [];
  return typeof sub === 'string' || /^application\/jwt\b/i.test(type);
}
