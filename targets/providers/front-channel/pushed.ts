import { headersBy, presented, proven, ready } from '../../authentication/all.ts';
import type { Credential } from '../../authentication/authentication.ts';
import { form } from '../../bodies/form.ts';
import { readJson } from '../../json.ts';
import { endpointOf, type Target } from '../../target/target.ts';
import type { Transport } from '../../transport/transport.ts';
import { plain } from './told.ts';
import { Ended } from './walk.ts';

/**
 * Pushes the parameters of an authorization request (RFC 9126 §2).
 *
 * @returns the `request_uri` that stands for them
 * @throws {Ended} (the promise rejects) when the server takes them not, or nobody can authenticate the client
 */
export async function pushed(
  url: string,
  parameters: Readonly<Record<string, string>>,
  {
    target,
    transport,
    by,
  }: {
    readonly target: Target;
    readonly transport: Pick<Transport, 'send'>;
    readonly by: Credential | undefined;
  },
): Promise<string> {
  if (by === undefined)
    throw new Ended(
      'stuck',
      'the server wants its authorization requests pushed, by a client that nobody knows the secret of',
    );
  const tokenEndpoint = () => endpointOf(target, 'token', '');
  const parts = {
    target,
    ahead: 0,
    tokenEndpoint,
    credentials: () => Promise.reject(new Error('nothing is signed')),
  };
  const who = await ready(by, {}, parts);
  const request = {
    method: 'POST',
    url,
    headers: [
      ['Accept', 'application/json'],
      ['Content-Type', form.mediaType],
      ['User-Agent', 'token-conformance'],
      ...Object.entries(headersBy(who)),
    ] as [string, string][],
    body: form.write({ ...parameters, ...presented({}, who) }),
  };
  const { response, failure } = await transport.send(await proven(request, who, {}, parts));
  if (response === undefined)
    throw new Ended(
      'stuck',
      `the endpoint for pushed authorization requests did not answer: ${failure?.message}`,
    );
  const { object = {} } = readJson(response.body.toString('utf8'));
  const { request_uri, error, error_description } = object;
  if (response.status < 300 && typeof request_uri === 'string' && request_uri !== '') return request_uri;
  const told = [error, error_description]
    .filter((one) => typeof one === 'string')
    .map((one) => plain(one, new Set(), 120));
  const isRefusal = response.status === 400 && typeof error === 'string' && error !== 'invalid_client';
  const said = [`status ${response.status}`, ...told].join(', ');
  throw new Ended(
    isRefusal ? 'refused' : 'stuck',
    `the endpoint for pushed authorization requests answered ${said}`,
  );
}
