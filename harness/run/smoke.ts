import { readJson } from '../../targets/json.ts';
import type { Probe } from '../probe.ts';
import { createSender, type SenderParts } from '../send/sender.ts';
import { Stop } from '../stop.ts';
import { namesIn, speaksOfTheOperation } from './own-words.ts';

/** Why an operation cannot be judged, found before any of its cases is run. */
export interface Refused {
  readonly operation: string;
  /** What all its cases come to. */
  readonly verdict: 'inconclusive' | 'not-tested';
  readonly reason: string;
  /** The same for the one who reads nothing else. */
  readonly diagnosis: string;
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

const probe: Probe = {
  id: 'smoke/credentials',
  title: 'a signed request',
  requirement: '',
  operation: 'iam_token',
  needs: [],
  expect: {},
};

/** Names that the operation shares with what checks its signature: they tell nothing of who answered. */
const shared = /^(?:ExpiredToken|AccessDenied)Exception$/;

/**
 * Sends one signed request before the cases, so that wrong credentials are one diagnosis and not fifty
 * failures. What the request asks for does not matter: whoever answers it in the terms of the operation
 * accepted the signature.
 *
 * @param isInFront something in front of the endpoint is known to refuse what is not signed: then an answer in no words at
 *   all is taken for one of that, and not for one of a broken endpoint
 */
export async function smoke(
  parts: Omit<SenderParts, 'probe' | 'exchanges' | 'sent'>,
  isInFront = false,
): Promise<Refused | undefined> {
  const operation = parts.dialect.nameOf('iam_token');
  const sender = createSender({ ...parts, probe, exchanges: [], sent: { requests: 0 } });
  try {
    const client_id = 'arn:aws:sso::000000000000:application/ssoins-0000000000000000/apl-0000000000000000';
    const { exchange } = await sender.send(isInFront ? 'given: smoke' : 'smoke', {
      operation: 'iam_token',
      by: { method: 'sigv4', client_id },
      members: { grant_type: 'refresh_token' },
    });
    const { response } = exchange;
    const statuses = isInFront ? [401, 403, 407] : [401, 403];
    if (response === undefined || !statuses.includes(response.status)) return undefined;
    if (speaksOfTheOperation(response, operation, parts.dialect, shared)) return undefined;
    const { message, Message } = readJson(response.body).object ?? {};
    const said = [...namesIn(response), message ?? Message].filter((one) => typeof one === 'string');
    const words = said
      .join(' ')
      .replace(/:http\S*/, '')
      .trim();
    const meaning =
      meanings.find(([pattern]) => pattern.test(said.join(' ')))?.[1] ?? 'the target refuses the signature';
    const reason = `${meaning} (status ${response.status}${words === '' ? '' : `: ${words}`})`;
    return {
      operation,
      verdict: 'not-tested',
      reason,
      diagnosis: `The signed operation was not judged: ${reason}.`,
    };
  } catch (error) {
    if (error instanceof Stop) return undefined;
    throw error;
  }
}
