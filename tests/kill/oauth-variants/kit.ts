import { refusalFor } from '../../../emulator/core/refusal.ts';
import { type Change, replacingOAuth } from '../../../emulator/defects/defect.ts';
import { usual } from '../../../emulator/defects/oauth-form/by-attempt.ts';
import type { OAuthAttempt, OAuthCheck } from '../../../emulator/fronts/oauth-form/attempt.ts';
import { paths } from '../../../emulator/fronts/oauth-form/paths.ts';
import type { OAuthBehaviours } from '../../../emulator/fronts/oauth-form/service.ts';
import { jsonObject } from '../../../emulator/json.ts';
import type { JsonObject, WireRequest, WireResponse } from '../../../emulator/wire.ts';

/** Other answers, at every endpoint. */
export const answering = (
  change: (response: WireResponse, request: WireRequest) => WireResponse,
): Change => ({
  oauth: { middleware: () => async (request, endpoint) => change(await endpoint(request), request) },
});

/** Another JSON body. */
export const editing = (
  change: (body: JsonObject, response: WireResponse, request: WireRequest) => JsonObject,
): Change =>
  answering((response, request) => {
    const body = bodyOf(response);
    return body ? { ...response, body: JSON.stringify(change(body, response, request)) } : response;
  });

/** Another body where tokens are granted. */
export const editingTokens = (change: (body: JsonObject) => JsonObject): Change =>
  editing((body, { status }, { path }) => (path === paths.token && status === 200 ? change(body) : body));

/** Another body of what the server says of itself. */
export const editingMetadata = (change: (body: JsonObject) => JsonObject): Change =>
  editing((body, _, { path }) => (path.includes('/.well-known/') ? change(body) : body));

/** Another response to refusals of the token endpoint. */
export const refusals = (change: (response: WireResponse, request: WireRequest) => WireResponse): Change =>
  answering((response, request) =>
    request.path === paths.token && response.status >= 400 ? change(response, request) : response,
  );

export function bodyOf({ body }: WireResponse): JsonObject | undefined {
  return typeof body === 'string' && body !== '' ? jsonObject(body) : undefined;
}

type CheckName = {
  [Name in keyof OAuthBehaviours]: OAuthBehaviours[Name] extends OAuthCheck ? Name : never;
}[keyof OAuthBehaviours];

/** Checks rightly, and refuses with another error. */
export const refusing = (error: string, ...checks: readonly CheckName[]): Change =>
  replacingOAuth(() =>
    Object.fromEntries(
      checks.map((name) => [
        name,
        (attempt: OAuthAttempt) => ((usual[name] as OAuthCheck)(attempt) ? refusalFor(error) : undefined),
      ]),
    ),
  );

/** Leaves checks out. */
export const allowing = (...checks: readonly CheckName[]): Change =>
  replacingOAuth(() => Object.fromEntries(checks.map((name) => [name, () => undefined])));

/** The same checks in another order. */
export const reordering = (
  order: (names: readonly string[], attempt: OAuthAttempt) => readonly string[],
): Change =>
  replacingOAuth(() => ({
    'order-of-checks': (operation, grant, attempt) =>
      order(usual['order-of-checks'](operation, grant, attempt), attempt as OAuthAttempt) as ReturnType<
        OAuthBehaviours['order-of-checks']
      >,
  }));

/** So many characters of an alphabet, by chance. */
export const text = (length: number, alphabet: string): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(length)), (one) => alphabet[one % alphabet.length]).join(
    '',
  );

/** What RFC 6749 appendix A calls VSCHAR. */
export const visible = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('');
export const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
