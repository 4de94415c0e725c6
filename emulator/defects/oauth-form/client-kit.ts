import { coreBehaviours } from '../../core/behaviours.ts';
import { refusalFor } from '../../core/refusal.ts';
import type { OAuthAttempt, OAuthCheck } from '../../fronts/oauth-form/attempt.ts';
import { oauthFormBehaviours } from '../../fronts/oauth-form/behaviours.ts';
import type { OAuthCheckName } from '../../fronts/oauth-form/order.ts';
import { paths } from '../../fronts/oauth-form/paths.ts';
import { jsonObject, utf8Text } from '../../json.ts';
import type { JsonObject, WireRequest, WireResponse } from '../../wire.ts';
import { type Change, replacingOAuth } from '../defect.ts';

const usual = { ...coreBehaviours, ...oauthFormBehaviours } as unknown as Readonly<
  Record<OAuthCheckName, OAuthCheck>
>;

type Circumstance = (attempt: OAuthAttempt) => boolean;

/** Leaves checks of the standard front out where this holds. */
export const passingWhen = (holds: Circumstance, ...checks: readonly OAuthCheckName[]): Change =>
  wrapping(checks, (attempt, check) => (holds(attempt) ? undefined : check(attempt)));

/** Leaves checks of the standard front out. */
export const passing = (...checks: readonly OAuthCheckName[]): Change => passingWhen(() => true, ...checks);

/** Refuses besides where this holds. */
export const refusingWhen = (holds: Circumstance, error: string, check: OAuthCheckName): Change =>
  wrapping([check], (attempt, asked) => (holds(attempt) ? refusalFor(error) : asked(attempt)));

/** Checks rightly, and refuses with another error. */
export const refusingAs = (
  error: string,
  checks: readonly OAuthCheckName[],
  when: Circumstance = () => true,
): Change =>
  wrapping(checks, (attempt, check) => {
    const refusal = check(attempt);
    return refusal !== undefined && when(attempt) ? refusalFor(error) : refusal;
  });

/** Checks rightly, and breaks down where it should refuse. */
export const breakingAt = (...checks: readonly OAuthCheckName[]): Change =>
  wrapping(checks, (attempt, check) => {
    if (check(attempt)) throw new Error('This server was not ready for that.');
    return undefined;
  });

const wrapping = (
  checks: readonly OAuthCheckName[],
  wrapped: (attempt: OAuthAttempt, check: OAuthCheck) => ReturnType<OAuthCheck>,
): Change =>
  replacingOAuth(() =>
    Object.fromEntries(
      checks.map((name) => [name, (attempt: OAuthAttempt) => wrapped(attempt, usual[name])]),
    ),
  );

/** Reads another form than the one that came, with or without the Authorization header. */
export const rereading = (
  of: (form: URLSearchParams, header: string | undefined) => { readonly header?: false } | undefined,
): Change => ({
  oauth: {
    middleware: () => (request, endpoint) => {
      const form = new URLSearchParams(utf8Text(request.body ?? new Uint8Array()) ?? '');
      const before = form.toString();
      const { header } = of(form, request.headers.get('authorization')?.[0]) ?? {};
      return endpoint({
        ...request,
        ...(form.toString() !== before && { body: Buffer.from(form.toString()) }),
        ...(header === false && { headers: withoutHeader(request) }),
      });
    },
  },
});

const withoutHeader = ({ headers }: WireRequest) =>
  new Map([...headers].filter(([name]) => name !== 'authorization'));

/** Answers registrations otherwise. */
export const answeringRegistrations = (
  of: (response: WireResponse, asked: JsonObject) => WireResponse,
): Change => ({
  oauth: {
    middleware: () => async (request, endpoint) => {
      const response = await endpoint(request);
      return isRegistration(request) ? of(response, membersOf(request)) : response;
    },
  },
});

/** What a registration is answered with, made otherwise where there is one. */
export const tellingOf = (of: (body: JsonObject, asked: JsonObject) => JsonObject): Change =>
  answeringRegistrations((response, asked) => {
    const body = response.status === 201 ? jsonObject(String(response.body)) : undefined;
    return body ? { ...response, body: JSON.stringify(of(body, asked)) } : response;
  });

export const isRegistration = ({ method, path }: WireRequest): boolean =>
  method === 'POST' && path === paths.register;

export const membersOf = ({ body }: WireRequest): JsonObject =>
  (body && jsonObject(utf8Text(body) ?? '')) ?? {};
