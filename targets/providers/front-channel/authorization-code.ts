import { randomBytes } from 'node:crypto';
import type { Credential } from '../../authentication/authentication.ts';
import type { Target } from '../../target/target.ts';
import type { Transport } from '../../transport/transport.ts';
import { pushed } from './pushed.ts';
import { plain } from './told.ts';
import { Ended, goThrough, isRefusal } from './walk.ts';

type Input = Readonly<Record<string, unknown>>;

export interface CodeParts {
  readonly target: Target;
  /** The URL of the authorization endpoint. */
  readonly authorization: string;
  readonly transport: Pick<Transport, 'send'>;
  /** The client, where who asks has it. */
  readonly by: Credential | undefined;
}

/** An authorization request as a browser makes it. */
export interface CodeRequest {
  readonly url: string;
  readonly state: string;
  /** The answer in a URL that is its redirect; undefined for any other. */
  readonly answerIn: (to: string) => URLSearchParams | undefined;
}

/**
 * The request for a code with just the parameters of the input, besides what every request has.
 *
 * @throws {Ended} (the promise rejects) when the server wants it pushed, and does not take it
 */
export async function requestForCode(
  input: Input,
  { target, authorization, transport, by }: CodeParts,
): Promise<CodeRequest> {
  const { redirectUri } = input;
  const redirect = typeof redirectUri === 'string' ? redirectUri : undefined;
  const state = randomBytes(16).toString('base64url');
  const parameters = requestFor(input, state);
  const endpoints = typeof target.endpoint === 'object' ? target.endpoint : {};
  const { pushed_authorization: push } = endpoints;
  const shown =
    push === undefined
      ? parameters
      : {
          client_id: parameters.client_id ?? '',
          request_uri: await pushed(push, parameters, { target, transport, by }),
        };
  const url = new URL(authorization);
  for (const [name, value] of Object.entries(shown)) url.searchParams.append(name, value);
  return { url: url.href, state, answerIn: (to) => answerIn(to, redirect, state) };
}

/**
 * The code that a server gives for that request. The output says by `exactly` that nothing was put in.
 *
 * @throws {Ended} (the promise rejects) when the server refuses, or a page cannot be passed
 */
export async function authorizationCode(input: Input, parts: CodeParts): Promise<Input> {
  const { url, state, answerIn: answered } = await requestForCode(input, parts);
  const walk = { url, decision: 'approve', login: parts.target.login, answerIn: answered } as const;
  const answer = await goThrough(walk, parts.transport);
  return { code: codeIn(answer ?? new URLSearchParams(), state), exactly: true };
}

/** RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2.1, OpenID Connect Core §3.1.2.1. */
function requestFor(
  { clientId, redirectUri, scope, nonce, resource, codeChallenge, codeChallengeMethod }: Input,
  state: string,
): Record<string, string> {
  const scopes = Array.isArray(scope) ? scope.map(String) : typeof scope === 'string' ? scope.split(' ') : [];
  // OpenID Connect Core §11: without it the server has to ignore offline_access, alone as well.
  const isOffline = scopes.includes('offline_access');
  const wished = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.length > 0 ? scopes.join(' ') : undefined,
    state,
    nonce,
    resource,
    code_challenge: codeChallenge,
    code_challenge_method: codeChallengeMethod,
    prompt: isOffline ? 'consent' : undefined,
  };
  return Object.fromEntries(
    Object.entries(wished).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/**
 * The answer in a URL at the redirect URI. Where the request named none, only the server knows it: then it is the first
 * URL that brings the state back together with an answer.
 */
function answerIn(to: string, redirectUri: string | undefined, state: string): URLSearchParams | undefined {
  const url = new URL(to);
  const parameters = new URLSearchParams([...url.searchParams, ...new URLSearchParams(url.hash.slice(1))]);
  const isAnswer = parameters.get('state') === state && (parameters.has('code') || parameters.has('error'));
  const isThere = redirectUri !== undefined && leadsTo(url, redirectUri);
  if (redirectUri === undefined ? isAnswer : isThere) return parameters;
  if (isAnswer && parameters.has('code'))
    throw new Ended('stuck', 'the code is sent to another place than the redirect URI of the request');
  return undefined;
}

/** The same place, whose own query stays (RFC 6749 §3.1.2). */
function leadsTo(url: URL, redirectUri: string): boolean {
  const asked = URL.parse(redirectUri);
  if (asked === null) return false;
  const isSame = (['protocol', 'host', 'pathname'] as const).every((part) => url[part] === asked[part]);
  return (
    isSame && [...asked.searchParams].every(([name, value]) => url.searchParams.getAll(name).includes(value))
  );
}

/**
 * The code in an answer to a request with this state.
 *
 * @throws {Ended} when there is none
 */
export function codeIn(answer: URLSearchParams, state: string): string {
  const [code, error] = [answer.get('code'), answer.get('error')];
  const told = answer.get('state');
  if (told !== state && (told !== null || error === null))
    throw new Ended('stuck', 'the server came back without the state of the request, or with another one');
  if (error !== null) {
    const why = plain(answer.get('error_description') ?? '', new Set([state]), 160);
    const said = `the authorization endpoint answered ${plain(error, new Set([state]), 40)}${why && `: ${why}`}`;
    throw new Ended(isRefusal(error) ? 'refused' : 'stuck', said);
  }
  if (code === null || code === '') throw new Ended('stuck', 'the server came back without a code');
  return code;
}
