import { headerOf } from '../targets/headers.ts';
import { readJson } from '../targets/json.ts';
import type { Case } from './case.ts';
import { createSender, type SenderParts } from './sender.ts';
import { Stop } from './stop.ts';

/** Why signed operations cannot be judged, found before any of them is. */
export interface Refused {
  readonly operation: string;
  readonly reason: string;
}

/** What AWS and the emulators that follow it answer, and what it means for the one who holds the credentials. */
const meanings: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [
    /UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId/,
    'the access key is not known to the target, or its session token does not belong to it',
  ],
  [/ExpiredToken/, 'the session token has expired: get new temporary credentials'],
  [
    /Signature expired|Signature not yet current|RequestExpired|RequestTimeTooSkewed/,
    'the clock of this machine and that of the target differ too much: set it right',
  ],
  [/InvalidSignature|SignatureDoesNotMatch/, 'the signature does not match: the secret access key is wrong'],
  [
    /MissingAuthenticationToken|IncompleteSignature/,
    'the signature did not arrive: does something in between take headers away?',
  ],
];

const probe: Case = {
  id: 'smoke/credentials',
  title: 'a signed request',
  requirement: '',
  operation: 'iam_token',
  needs: [],
  expect: {},
  run: async () => undefined,
};

/** Names that the operation shares with what checks its signature: they tell nothing of who answered. */
const shared = /^(?:ExpiredToken|AccessDenied)Exception$/;

/** Whether an answer comes from behind the signature, by whatever it says: an `error`, or the name of an exception. */
function speaksOfTheOperation(
  named: readonly unknown[],
  error: unknown,
  isDocumented: (exception: string) => boolean,
): boolean {
  if (typeof error === 'string' && error !== '') return true;
  return named
    .filter((one) => typeof one === 'string')
    .map((one) => one.split(':')[0]?.split('#').at(-1)?.trim() ?? '')
    .some((exception) => isDocumented(exception) && !shared.test(exception));
}

/**
 * Sends one signed request before the cases, so that wrong credentials are one diagnosis and not fifty
 * failures. What the request asks for does not matter: whoever answers it in the terms of the operation
 * accepted the signature.
 */
export async function smoke(
  parts: Omit<SenderParts, 'probe' | 'exchanges' | 'sent'>,
): Promise<Refused | undefined> {
  const operation = parts.dialect.nameOf('iam_token');
  const sender = createSender({ ...parts, probe, exchanges: [], sent: { requests: 0 } });
  try {
    const members = {
      client_id: 'arn:aws:sso::000000000000:application/ssoins-0000000000000000/apl-0000000000000000',
      grant_type: 'refresh_token',
    };
    const { exchange } = await sender.send('smoke', { operation: 'iam_token', members });
    const { response } = exchange;
    if (response === undefined || (response.status !== 401 && response.status !== 403)) return undefined;
    const body = readJson(response.body).object ?? {};
    const named = [headerOf(response.headers, 'x-amzn-errortype'), body.__type, body.code];
    const exceptions = parts.dialect.spec.operations[operation]?.exceptions ?? [];
    if (speaksOfTheOperation(named, body.error, (name) => exceptions.includes(name))) return undefined;
    const said = [...named, body.message ?? body.Message].filter((one) => typeof one === 'string').join(' ');
    const meaning =
      meanings.find(([pattern]) => pattern.test(said))?.[1] ?? 'the target refuses the signature';
    return {
      operation,
      reason: `${meaning} (status ${response.status}: ${said.replace(/:http\S*/, '').trim()})`,
    };
  } catch (error) {
    if (error instanceof Stop) return undefined;
    throw error;
  }
}
