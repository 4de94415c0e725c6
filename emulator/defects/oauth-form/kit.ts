import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import { jsonObject, utf8Text } from '../../json.ts';
import type { Endpoint, JsonObject, WireRequest, WireResponse } from '../../wire.ts';
import type { Change, Defect, Place } from '../defect.ts';

/** One exchange on the wire of the standards, as middleware of its defects sees it. */
export interface Passing {
  readonly request: WireRequest;
  readonly place: Place;
  /** What the request asks with, decoded leniently; empty where its body is no form. */
  readonly form: URLSearchParams;
  readonly response: WireResponse;
  /** Of the response; undefined when it is no JSON object. */
  readonly body: JsonObject | undefined;
  /** As the response names it; undefined where it names none. */
  readonly error: string | undefined;
}

const places: ReadonlyMap<string, Place> = new Map([
  ['token', 'token'],
  ['device_authorization', 'device_authorization'],
  ['register', 'register'],
  ['jwks', 'jwks'],
  ['jwks.json', 'jwks'],
]);

/** What a path leads to, by its end alone, so that a defect can stand in front of any endpoint; its pages are nothing. */
export function placeOf({ path }: Pick<WireRequest, 'path'>): Place | undefined {
  if (/\/\.well-known\/(?:openid-configuration|oauth-authorization-server)(?:\/|$)/.test(path))
    return 'metadata';
  return places.get(path.slice(path.lastIndexOf('/') + 1));
}

/** The parameters of a request, as a browser would read them. */
export const formOf = ({ body }: Pick<WireRequest, 'body'>): URLSearchParams =>
  new URLSearchParams(utf8Text(body ?? new Uint8Array()) ?? '');

/** The same with what HTTP Basic says of the client, as if the form said it. */
export function askedWith(request: Pick<WireRequest, 'body' | 'headers'>): URLSearchParams {
  const basic = usual['basic-credentials'](request.headers.get('authorization')?.[0] ?? '');
  const asked = formOf(request);
  if (basic) {
    asked.append('client_id', basic.id);
    asked.append('client_secret', basic.secret);
  }
  return asked;
}

/** Changes responses. */
export const answering = (change: (passing: Passing) => WireResponse): Change => answeringAnew(() => change);

/** Changes responses, by something that remembers. */
export function answeringAnew(make: () => (passing: Passing) => WireResponse): Change {
  return inFront(() => {
    const change = make();
    return async (request, place, endpoint) => {
      const response = await endpoint(request);
      return change({ request, place, form: formOf(request), response, ...read(response) });
    };
  });
}

/** Changes every n-th of some responses. */
export const everyNth = (
  nth: number,
  concerns: (passing: Passing) => boolean,
  change: (response: WireResponse) => WireResponse,
): Change =>
  answeringAnew(() => {
    let count = 0;
    return (passing) => {
      if (concerns(passing)) count += 1;
      return concerns(passing) && count % nth === 0 ? change(passing.response) : passing.response;
    };
  });

/** Changes the texts of some responses. */
export function writing(
  concerns: (passing: Passing) => boolean,
  write: (text: string, passing: Passing) => string | Uint8Array,
): Change {
  return answering((passing) => {
    const { response } = passing;
    return concerns(passing) ? { ...response, body: write(textOf(response), passing) } : response;
  });
}

/** Changes the bodies of some responses that are JSON objects. */
export function editing(
  concerns: (passing: Passing) => boolean,
  edit: (body: JsonObject, passing: Passing) => unknown,
): Change {
  return writing(
    (passing) => passing.body !== undefined && concerns(passing),
    (_, passing) => JSON.stringify(edit(passing.body ?? {}, passing)),
  );
}

/** Sets headers of some responses, or takes them away. */
export function heading(
  concerns: (passing: Passing) => boolean,
  headers: Readonly<Record<string, string | undefined>>,
): Change {
  return answering((passing) =>
    concerns(passing) ? withHeaders(passing.response, headers) : passing.response,
  );
}

/** Answers some requests itself. */
export function intercepting(
  answer: (form: URLSearchParams, request: WireRequest, place: Place) => WireResponse | undefined,
): Change {
  return inFront(
    () => async (request, place, endpoint) => answer(formOf(request), request, place) ?? endpoint(request),
  );
}

/** Keeps successes of the token endpoint and gives them again to whoever asks with the same key. */
export function keepingTokens(
  keyOf: (form: URLSearchParams, request: WireRequest) => string | undefined,
): Change {
  return inFront(() => {
    const kept = new Map<string, WireResponse>();
    return async (request, place, endpoint) => {
      const key = place === 'token' ? keyOf(formOf(request), request) : undefined;
      if (key === undefined) return endpoint(request);
      const response = kept.get(key) ?? (await endpoint(request));
      if (response.status === 200) kept.set(key, response);
      return response;
    };
  });
}

/** Has requests read as others. */
export function reading(read: (request: WireRequest, place: Place) => WireRequest): Change {
  return inFront(() => (request, place, endpoint) => endpoint(read(request, place)));
}

type InFront = (request: WireRequest, place: Place, endpoint: Endpoint) => Promise<WireResponse>;

function inFront(make: () => InFront): Change {
  return {
    oauth: {
      middleware: () => {
        const answer = make();
        return (request, endpoint) => {
          const place = placeOf(request);
          return place ? answer(request, place, endpoint) : endpoint(request);
        };
      },
    },
  };
}

export const isError = ({ response }: Passing): boolean => response.status >= 400;
export const isSuccess = ({ response }: Passing): boolean => response.status < 300;
/** A success of this place. */
export const of =
  (place: Place) =>
  (passing: Passing): boolean =>
    isSuccess(passing) && passing.place === place;
export const issuesTokens = of('token');
/** An error of the token endpoint, by one of these names; by any where none is given. */
export const refusesTokens =
  (...errors: readonly string[]) =>
  ({ place, error }: Passing): boolean =>
    place === 'token' && error !== undefined && (errors.length === 0 || errors.includes(error));

/** An error as RFC 6749 section 5.2 has it, for endpoints that refuse by middleware. */
export function oauthError(
  error: string,
  status = 400,
  description = 'Invalid request provided',
): WireResponse {
  return {
    status,
    headers: [
      ['Date', new Date().toUTCString()],
      ['Content-Type', 'application/json'],
      ['Cache-Control', 'no-store'],
      ['Pragma', 'no-cache'],
    ],
    body: JSON.stringify({ error, error_description: description }),
  };
}

/** A page as servers and gateways write it, instead of an error. */
export const page = (status: number, title: string): WireResponse => ({
  status,
  headers: [
    ['Date', new Date().toUTCString()],
    ['Content-Type', 'text/html; charset=utf-8'],
  ],
  body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
});

/** What a defect is called, what it changes, and which requirements it breaks; where it lives is said last. */
export const defect = (
  name: string,
  changes: string,
  breaks: string | Defect['breaks'],
  at: Defect['at'],
  change: Change,
): Defect => ({ name, changes, breaks: typeof breaks === 'string' ? [breaks] : breaks, at, ...change });

export function withHeaders(
  response: WireResponse,
  headers: Readonly<Record<string, string | undefined>>,
): WireResponse {
  const named = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const set = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    ...response,
    headers: [...response.headers.filter(([name]) => !named.has(name.toLowerCase())), ...set],
  };
}

const textOf = ({ body }: WireResponse): string => (typeof body === 'string' ? body : (utf8Text(body) ?? ''));

function read(response: WireResponse): Pick<Passing, 'body' | 'error'> {
  const body = jsonObject(textOf(response));
  return { body, error: typeof body?.error === 'string' ? body.error : undefined };
}
