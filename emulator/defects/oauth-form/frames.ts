import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import type { WireRequest } from '../../wire.ts';
import { atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';
import { answering, defect, intercepting, type oauthError, page, reading, withHeaders } from './kit.ts';

const formType = 'RFC6749-B-form-content-type';
const otherBodies = 'RFC6749-4-non-form-body-rejected';
const methods = 'RFC9110-15.5.6-405-allow';
const form = 'application/x-www-form-urlencoded';

const typeOf = ({ headers }: Pick<WireRequest, 'headers'>): string => headers.get('content-type')?.[0] ?? '';

/** Refuses requests to the token endpoint for their frame. */
const refusing = (holds: (request: WireRequest) => boolean, answer: ReturnType<typeof oauthError>): Change =>
  intercepting((_, request, place) => (place === 'token' && holds(request) ? answer : undefined));

/** Another body counts as the form that it says the same as. */
const asForm = (type: RegExp, of: (text: string) => [string, string][]): Change =>
  reading((request, place) => {
    const text = Buffer.from(request.body ?? '').toString();
    return place === 'token' && type.test(typeOf(request))
      ? {
          ...request,
          headers: new Map([...request.headers, ['content-type', [form]]]),
          body: Buffer.from(new URLSearchParams(of(text)).toString()),
        }
      : request;
  });

const partsOf = (text: string): [string, string][] =>
  [...text.matchAll(/name="([^"]*)"\r\n\r\n([^\r]*)/g)].map(([, name = '', value = '']) => [name, value]);

const membersOf = (text: string): [string, string][] => {
  try {
    return Object.entries(JSON.parse(text) as Record<string, string>);
  } catch {
    return [...new URLSearchParams(text)];
  }
};

/** What stands around a form: its method, its media type, how it is sent. */
export const frames: readonly Defect[] = [
  defect(
    'form-type-compared-as-text',
    'Only a Content-Type of application/x-www-form-urlencoded alone, in small letters, is read.',
    formType,
    atToken,
    replacingOAuth(() => ({ 'media-type-is-form': (request) => typeOf(request) === form })),
  ),
  defect(
    'form-charset-as-415',
    'A Content-Type with a parameter is answered with status 415.',
    formType,
    atToken,
    refusing((request) => typeOf(request).includes(';'), page(415, 'Unsupported Media Type')),
  ),
  defect(
    'chunked-form-as-411',
    'A chunked request is answered with status 411.',
    'RFC9112-7.1-chunked-request',
    atToken,
    refusing(({ headers }) => headers.has('transfer-encoding'), page(411, 'Length Required')),
  ),
  defect(
    'chunked-form-read-as-empty',
    'Of a chunked request nothing is read.',
    'RFC9112-7.1-chunked-request',
    atToken,
    reading((request) =>
      request.headers.has('transfer-encoding') ? { ...request, body: new Uint8Array() } : request,
    ),
  ),
  defect(
    'forms-by-put-alone',
    'The token endpoint is served by PUT alone.',
    'RFC6749-3.2-post-accepted',
    atToken,
    refusing(
      ({ method }) => method === 'POST',
      withHeaders(page(405, 'Method Not Allowed'), { Allow: 'PUT' }),
    ),
  ),
  defect(
    'other-methods-read-as-post',
    'PUT, PATCH and DELETE are served like POST.',
    methods,
    atToken,
    reading((request) => ({
      ...request,
      method: /^(?:PUT|PATCH|DELETE)$/.test(request.method) ? 'POST' : request.method,
    })),
  ),
  defect(
    'method-refused-without-allow',
    'An answer of status 405 does not say which methods are allowed.',
    methods,
    atToken,
    answering(({ response }) =>
      response.status === 405 ? withHeaders(response, { Allow: undefined }) : response,
    ),
  ),
  defect(
    'method-refused-for-get',
    'An answer of status 405 says that GET is allowed.',
    methods,
    atToken,
    answering(({ response, place }) =>
      response.status === 405 && place === 'token' ? withHeaders(response, { Allow: 'GET, HEAD' }) : response,
    ),
  ),
  defect(
    'query-served-by-get',
    'GET with everything in the query is served.',
    'RFC6749-3.2-get-not-accepted',
    atToken,
    reading((request, place) =>
      place === 'token' && request.method === 'GET'
        ? {
            ...request,
            method: 'POST',
            headers: new Map([...request.headers, ['content-type', [form]]]),
            body: Buffer.from(request.query.toString()),
          }
        : request,
    ),
  ),
  defect(
    'json-read-as-form',
    'JSON is served as well as a form.',
    otherBodies,
    atToken,
    asForm(/^application\/json/i, membersOf),
  ),
  defect(
    'json-sniffed',
    'A body that looks like JSON is read as JSON whatever its Content-Type says.',
    otherBodies,
    atToken,
    asForm(/urlencoded/i, membersOf),
  ),
  defect(
    'multipart-read-as-form',
    'A body of multipart/form-data is served as well as a form.',
    otherBodies,
    atToken,
    asForm(/^multipart\/form-data/i, partsOf),
  ),
  defect(
    'any-type-read-as-form',
    'The Content-Type of a form does not count.',
    otherBodies,
    atToken,
    replacingOAuth(() => ({
      'media-type-is-form': (request) =>
        usual['media-type-is-form'](request) || !/json|multipart/i.test(typeOf(request)),
    })),
  ),
  defect(
    'page-for-browsers',
    'Who prefers HTML gets an error as a page.',
    'RFC6749-5.2-json-regardless-of-accept',
    atToken,
    answering(({ request, response }) =>
      response.status >= 400 && /text\/html/.test(request.headers.get('accept')?.[0] ?? '')
        ? page(response.status, 'Bad Request')
        : response,
    ),
  ),
];
