import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import type { Pair } from '../../fronts/oauth-form/form.ts';
import { atDeviceAuthorization, atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';
import { defect, intercepting, oauthError, page, reading } from './kit.ts';

const grantType = 'RFC6749-3.2-duplicate-grant_type';
const ofGrant = 'RFC6749-3.2-duplicate-grant-params';
const ofClient = 'RFC6749-3.2-duplicate-client-params';
const unknown = 'RFC6749-3.2-unknown-params-ignored';
const ofDevices = 'RFC8628-3.1-parameter-rules';
const values = 'RFC6749-B-utf8-values';
const encoding = 'RFC6749-5.2-malformed-encoding';
const noServerError = 'RFC6749-5.2-no-5xx-for-client-errors';
const bothForms: Defect['at'] = [...atToken, ...atDeviceAuthorization];

/** What becomes of the pairs of a form once they are decoded. */
const pairing = (of: (pairs: readonly Pair[], text: string) => readonly Pair[] | undefined): Change =>
  replacingOAuth(() => ({
    'form-pairs': (text) => {
      const pairs = usual['form-pairs'](text);
      return pairs && of(pairs, text);
    },
  }));

/** Another text is decoded than the one that came. */
const respelling = (of: (text: string) => string | undefined): Change =>
  replacingOAuth(() => ({
    'form-pairs': (text) => {
      const other = of(text);
      return other === undefined ? undefined : usual['form-pairs'](other);
    },
  }));

/** Of parameters that come more than once only these are left, by their decoded values. */
const merging = (of: (values: readonly string[]) => readonly string[]): Change =>
  pairing((pairs) =>
    [...new Set(pairs.map(([name]) => name))].flatMap((name) => {
      const all = pairs.filter(([one]) => one === name).map(([, value]) => value);
      return (usual['parameter-may-repeat'](name) ? all : of(all)).map((value): Pair => [name, value]);
    }),
  );

const piecesOf = (text: string): readonly (readonly [name: string, value: string])[] =>
  text
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const [name = '', ...value] = piece.split('=');
      return [name, value.join('=')];
    });

const spelt = (pieces: readonly (readonly [string, string])[]): string =>
  pieces.map((piece) => piece.join('=')).join('&');

const isKnown = (name: string) => usual['parameter-known'](name);

/** Refuses forms for a parameter that none of the endpoints knows. */
const minding = (
  holds: (name: string, value: string) => boolean,
  answer = oauthError('invalid_request'),
): Change =>
  intercepting((form, _, place) =>
    bothForms.some((one) => one === place) &&
    [...form].some(([name, value]) => !isKnown(name) && holds(name, value))
      ? answer
      : undefined,
  );

const utf8 = new TextDecoder();

/** How a form is read. */
export const forms: readonly Defect[] = [
  defect(
    'last-parameter-counts',
    'Of a parameter that comes twice the last one counts.',
    [grantType, ofGrant, ofClient, ofDevices],
    bothForms,
    merging((all) => all.slice(-1)),
  ),
  defect(
    'first-parameter-counts',
    'Of a parameter that comes twice the first one counts.',
    [grantType, ofGrant, ofClient],
    atToken,
    merging((all) => all.slice(0, 1)),
  ),
  defect(
    'repeated-parameters-joined',
    'The values of a parameter that comes twice are joined by a comma.',
    [grantType, ofGrant],
    atToken,
    merging((all) => [all.join(',')]),
  ),
  defect(
    'equal-parameters-may-repeat',
    'A parameter may come twice with the same value.',
    [grantType, ofClient],
    atToken,
    merging((all) => [...new Set(all)]),
  ),
  defect(
    'grant-parameters-may-repeat',
    'A parameter of the grant may come twice, and the first one counts.',
    [ofGrant],
    atToken,
    pairing((pairs) =>
      pairs.filter(
        ([name], at) =>
          /^(?:grant_type|client_|resource|audience)/.test(name) ||
          pairs.findIndex(([one]) => one === name) === at,
      ),
    ),
  ),
  defect(
    'grant-type-may-repeat',
    'The grant type may come twice, and the first one counts.',
    [grantType],
    atToken,
    pairing((pairs) =>
      pairs.filter(([name], at) => name !== 'grant_type' || pairs.findIndex(([one]) => one === name) === at),
    ),
  ),
  defect(
    'repeats-sought-before-decoding',
    'Whether a parameter comes twice is asked before names are decoded.',
    [ofGrant, grantType],
    atToken,
    respelling((text) => {
      const pieces = piecesOf(text);
      if (new Set(pieces.map(([name]) => name)).size < pieces.length) return text;
      const decoded = new Map(pieces.toReversed().map((one) => [decodeURIComponent(one[0]), one]));
      return spelt([...decoded.values()].toReversed());
    }),
  ),
  defect(
    'parameter-names-in-any-case',
    'The names of parameters are compared without regard to case.',
    'RFC6749-1.8-names-case-sensitive',
    atToken,
    pairing((pairs) => pairs.map(([name, value]): Pair => [name.toLowerCase(), value])),
  ),
  defect(
    'query-read-as-form',
    'Parameters in the query of the request count like those in its body.',
    ['RFC6749-2.3.1-credentials-not-in-uri', 'RFC6749-3.2-grant-params-not-in-query'],
    atToken,
    {
      oauth: {
        ...reading((request, place) => {
          if (place !== 'token' || request.method !== 'POST' || request.query.size === 0) return request;
          const all = [utf8.decode(request.body), request.query.toString()];
          return { ...request, body: Buffer.from(all.filter((one) => one !== '').join('&')) };
        }).oauth,
        // Where a client may use any method, its secret counts wherever it comes from.
        behaviours: () => ({ 'method-as-registered': () => undefined }),
      },
    },
  ),
  defect(
    'unknown-parameters-refused',
    'A parameter that is unknown is refused.',
    [unknown, ofDevices],
    bothForms,
    minding(() => true),
  ),
  defect(
    'unknown-parameters-as-500',
    'A parameter that is unknown is answered with status 500.',
    [unknown, ofDevices],
    bothForms,
    minding(() => true, page(500, 'Internal Server Error')),
  ),
  defect(
    'odd-parameter-names-refused',
    'A parameter whose name has more than letters, digits and underscores is refused.',
    [unknown, ofDevices],
    bothForms,
    minding((name) => /\W/.test(name)),
  ),
  defect(
    'inherited-names-as-500',
    'A parameter that is named like a member of every object is answered with status 500.',
    [unknown, noServerError],
    bothForms,
    minding((name) => name in {}, page(500, 'Internal Server Error')),
  ),
  defect(
    'unknown-values-outside-ascii-refused',
    'An unknown parameter with a value outside ASCII is refused.',
    [unknown, ofDevices],
    bothForms,
    minding((_, value) => /[^\0-\x7f]/.test(value)),
  ),
  defect(
    'long-parameter-names-refused',
    'A parameter with a name of more than 30 characters is refused.',
    [unknown],
    bothForms,
    minding((name) => name.length > 30),
  ),
  defect(
    'unknown-parameters-change-the-error',
    'A mistake beside an unknown parameter is answered with invalid_request.',
    [unknown],
    atToken,
    {
      oauth: {
        middleware: () => async (request, endpoint) => {
          const response = await endpoint(request);
          const names = [...new URLSearchParams(utf8.decode(request.body)).keys()];
          return response.status === 400 && names.some((name) => !isKnown(name))
            ? oauthError('invalid_request')
            : response;
        },
      },
    },
  ),
  defect(
    'ten-parameters-at-most',
    'A form of more than ten parameters is refused.',
    [unknown],
    atToken,
    intercepting((form, _, place) =>
      place === 'token' && form.size > 10 ? oauthError('invalid_request') : undefined,
    ),
  ),
  defect(
    'empty-parameters-kept',
    'A parameter without a value is one with an empty value.',
    ['RFC6749-3.2-empty-optional-param', 'RFC6749-3.2-empty-required-param', ofDevices],
    bothForms,
    replacingOAuth(() => ({ 'parameter-absent': () => false })),
  ),
  defect(
    'empty-parameters-refused',
    'A parameter without a value is refused.',
    ['RFC6749-3.2-empty-optional-param', ofDevices],
    bothForms,
    pairing((pairs) => (pairs.some(([, value]) => value === '') ? undefined : pairs)),
  ),
  defect(
    'empty-scope-as-invalid-scope',
    'A scope without a value is answered with invalid_scope.',
    'RFC6749-3.2-empty-optional-param',
    atToken,
    intercepting((form, _, place) =>
      place === 'token' && form.get('scope') === '' ? oauthError('invalid_scope') : undefined,
    ),
  ),
  defect(
    'form-decoded-twice',
    'Values of a form are decoded twice.',
    [values, 'RFC6749-4.1.3-redirect_uri-identical'],
    atToken,
    pairing((pairs) =>
      pairs.map(
        ([name, value]): Pair => [name, /%[\da-f]{2}/i.test(value) ? decodeURIComponent(value) : value],
      ),
    ),
  ),
  defect(
    'small-hex-digits-not-decoded',
    'Percent-encodings with small hex digits are left as they are.',
    values,
    atToken,
    respelling((text) => text.replaceAll(/%(?=[\dA-F]?[a-f])/g, '%25')),
  ),
  defect(
    'parameter-names-not-decoded',
    'The names of parameters are not decoded.',
    values,
    atToken,
    respelling((text) =>
      spelt(piecesOf(text).map(([name, value]) => [name.replaceAll('%', '%25'), value] as const)),
    ),
  ),
  defect(
    'letters-not-decoded',
    'Percent-encodings of letters and digits are left as they are.',
    values,
    atToken,
    respelling((text) => text.replaceAll(/%(?=3\d|[46][1-9a-f]|[57][\da])/gi, '%25')),
  ),
  defect(
    'plus-is-no-blank',
    'A plus sign in a form is a plus sign.',
    [values, 'RFC6749-6-refresh-success'],
    atToken,
    respelling((text) => text.replaceAll('+', '%2B')),
  ),
  defect(
    'broken-encodings-dropped',
    'A percent sign that starts no octet is dropped with what is behind it.',
    encoding,
    atToken,
    respelling((text) => text.replaceAll(/%(?![\da-f]{2})[^&=]*/gi, '')),
  ),
  defect(
    'octets-outside-utf-8-dropped',
    'Octets that are not UTF-8 are dropped.',
    encoding,
    atToken,
    replacingOAuth(() => ({
      'form-text': (bytes) => utf8.decode(bytes).replaceAll('\ufffd', ''),
      'form-pairs': (text) =>
        usual['form-pairs'](
          text.replaceAll(/(?:%[\da-f]{2})+/gi, (octets) => {
            const bytes = Buffer.from(octets.replaceAll('%', ''), 'hex');
            return encodeURIComponent(utf8.decode(bytes).replaceAll('\ufffd', ''));
          }),
        ),
    })),
  ),
  defect(
    'broken-encodings-as-500',
    'A form that cannot be decoded is answered with status 500.',
    [encoding, noServerError],
    atToken,
    intercepting((_, { body }, place) =>
      place === 'token' && undecodable(body) ? page(500, 'Internal Server Error') : undefined,
    ),
  ),
  defect(
    'broken-encodings-as-page',
    'A form that cannot be decoded is answered with a page of the framework.',
    [encoding, 'RFC6749-5.2-content-type-json'],
    atToken,
    intercepting((_, { body }, place) =>
      place === 'token' && undecodable(body) ? page(400, 'Malformed URI sequence') : undefined,
    ),
  ),
  defect(
    'broken-encodings-as-server-error',
    'A form that cannot be decoded is answered with status 400 and server_error.',
    [encoding, 'RFC6749-5.2-status-400'],
    atToken,
    intercepting((_, { body }, place) =>
      place === 'token' && undecodable(body) ? oauthError('server_error') : undefined,
    ),
  ),
  defect(
    'empty-form-as-500',
    'A form without parameters is answered with status 500.',
    [encoding, noServerError],
    atToken,
    intercepting((_, { body, method }, place) =>
      place === 'token' && method === 'POST' && body?.length === 0
        ? oauthError('server_error', 500)
        : undefined,
    ),
  ),
  defect(
    'nul-octets-as-500',
    'A NUL octet in a form is answered with status 500.',
    [encoding, noServerError],
    atToken,
    intercepting((_, { body }, place) =>
      place === 'token' && body?.includes(0) ? oauthError('server_error', 500) : undefined,
    ),
  ),
  defect(
    'list-names-as-500',
    'A parameter that is named like a list is answered with status 500.',
    [noServerError],
    atToken,
    intercepting((form, _, place) =>
      place === 'token' && [...form.keys()].some((name) => name.endsWith('[]'))
        ? page(500, 'TypeError')
        : undefined,
    ),
  ),
];

function undecodable(body: Uint8Array | undefined): boolean {
  const text = body && usual['form-text'](body);
  return text === undefined || usual['form-pairs'](text) === undefined;
}
