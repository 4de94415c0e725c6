import { encoded, form, json, pairsIn } from '../../harness/body.ts';
import type { Case } from '../../harness/case.ts';
import { type Accepted, documented, inferred, refused, rejected } from '../../harness/expectation.ts';
import { presented } from '../../harness/world/world.ts';
import { type Grant, grant, type Refusal, refusal } from '../kit/cases.ts';
import { type Change, inQuery, onTheWire } from '../kit/change.ts';
import { formOf, multipart, type Pair, percent, presenting, presents } from '../kit/form.ts';
import { framed } from './request.ts';

/** A change of the text of a form. */
const inForm = (body: (form: string) => string | Buffer, headers = {}) =>
  onTheWire({ bodyType: 'form', headers, body });

/** A change of the pairs of a form, as they are spelt. */
const inPairs = (of: (pairs: readonly Pair[]) => readonly (Pair | string)[]) =>
  inForm((text) => formOf(of(pairsIn(text))));

const contentType = (value: string | undefined) => onTheWire({ headers: { 'Content-Type': value } });

const respelt = (digits?: (hex: string) => string) => {
  const all = (text: string) => percent(text, digits);
  return inForm((text) =>
    Object.entries(form.read(text) ?? {})
      .map(([name, value]) => `${all(name)}=${all(String(value))}`)
      .join('&'),
  );
};

const invalidRequest = (...others: readonly Accepted[]) => rejected('invalid_request', ...others);
/** A reader of the URL Standard has no errors: it sees another value. */
const otherValue = inferred(
  'invalid_grant',
  'URL Standard §5.1: what cannot be decoded stays, or is replaced',
);
const noClient = documented('invalid_client', 'RFC 6749 §5.2: no client authentication included');

type Mistake = Pick<Refusal, 'id' | 'title' | 'requirement' | 'change' | 'cell' | 'expect'>;

/** Where the parameters have to be is one thing; with which error their lack is told, has cases of its own. */
const elsewhere = { cell: 'invalid_request', expect: refused() } as const;

const undecodable = (id: string, title: string, behind: string): Mistake => ({
  id: `request/form-${id}`,
  title,
  requirement: 'RFC6749-5.2-malformed-encoding',
  change: inForm((text) => presenting(text, (spelt) => spelt + behind)),
  expect: invalidRequest(otherValue),
});

const unlabelled = (id: string, title: string, change: Change): Mistake => ({
  id: `request/form-${id}`,
  title,
  requirement: 'RFC6749-4-non-form-body-rejected',
  change,
  ...elsewhere,
});

/** What no reader of forms may take for a valid request, however lenient it is. */
export const formMistakes: readonly Mistake[] = [
  undecodable('percent-without-digits', 'a percent sign with no digits behind the code or token', '%zz'),
  undecodable('percent-cut', 'a body that ends in the middle of a percent-encoding', '%4'),
  undecodable('percent-u', 'a percent-encoding of a code point, which no standard has', '%u0041'),
  undecodable('invalid-utf-8', 'percent-encoded bytes that are no UTF-8', '%C3%28'),
  undecodable('overlong-utf-8', 'a character in more bytes than UTF-8 allows', '%C0%AF'),
  {
    ...undecodable('raw-bytes', 'bytes that are neither encoded nor UTF-8', ''),
    change: inForm((text) =>
      Buffer.from(
        presenting(text, (spelt) => `${spelt}\u00ff\u00fe`),
        'latin1',
      ),
    ),
  },
  {
    id: 'request/form-encoded-twice',
    title: 'the code or token percent-encoded twice',
    requirement: 'RFC6749-B-utf8-values',
    change: inForm((text) => presenting(text, (spelt) => encoded(percent(spelt)))),
    expect: rejected('invalid_grant', inferred('invalid_request', 'no code or token has percent signs')),
  },
  {
    id: 'request/form-empty-body',
    title: 'a form without parameters',
    requirement: 'RFC6749-5.2-malformed-encoding',
    change: inForm(() => ''),
    expect: invalidRequest(noClient),
  },
  {
    id: 'request/form-nul-bytes',
    title: 'a body of NUL bytes',
    requirement: 'RFC6749-5.2-malformed-encoding',
    change: inForm(() => Buffer.alloc(16)),
    expect: invalidRequest(noClient),
  },
  {
    id: 'request/form-no-value',
    title: 'the name of the code or token without a value',
    requirement: 'RFC6749-3.2-empty-required-param',
    change: inPairs((pairs) => pairs.map((pair) => (presents.has(pair[0]) ? pair[0] : pair))),
    expect: invalidRequest(),
  },
  {
    id: 'request/form-list-name',
    title: 'the code or token under a name that some frameworks take for a list',
    requirement: 'RFC6749-5.2-no-5xx-for-client-errors',
    change: inPairs((pairs) =>
      pairs.map(([name, value]) => [presents.has(name) ? `${name}[]` : name, value] as const),
    ),
    expect: refused(),
  },
  ...(
    [
      ['presented-twice', 'the code or token', presents, 'RFC6749-3.2-duplicate-grant-params'],
      ['grant-type-twice', 'the grant type', new Set(['grant_type']), 'RFC6749-3.2-duplicate-grant_type'],
    ] as const
  ).map(([id, what, names, requirement]) => ({
    id: `request/form-${id}-in-other-spelling`,
    title: `${what} twice, the second name percent-encoded, with another value`,
    requirement,
    change: inPairs((pairs) => [
      ...pairs,
      ...pairs
        .filter(([name]) => names.has(name))
        .map(([name]) => [percent(name), 'token-conformance'] as const),
    ]),
    expect: invalidRequest(),
  })),
  unlabelled(
    'json',
    'JSON in place of a form',
    inForm((text) => json.write(form.read(text) ?? {}), { 'Content-Type': json.mediaType }),
  ),
  unlabelled(
    'json-unlabelled',
    'JSON under the Content-Type of a form',
    inForm((text) => json.write(form.read(text) ?? {})),
  ),
  unlabelled(
    'multipart',
    'multipart/form-data in place of a form',
    inForm((text) => multipart(text, 'token-conformance'), {
      'Content-Type': 'multipart/form-data; boundary=token-conformance',
    }),
  ),
  unlabelled('text', 'a form under the Content-Type of plain text', contentType('text/plain')),
  unlabelled('no-content-type', 'a form without a Content-Type', contentType(undefined)),
  {
    id: 'request/form-in-query',
    title: 'all parameters in the query of a POST with an empty body',
    requirement: 'RFC6749-3.2-grant-params-not-in-query',
    change: (valid, world) => inQuery(...Object.keys(presented(valid.members, valid.by)))(valid, world),
    ...elsewhere,
  },
];

/** What says the same as the valid request, spelt otherwise. */
export const formSpellings: readonly Pick<Grant, 'id' | 'title' | 'requirement' | 'change'>[] = [
  {
    id: 'request/form-charset',
    title: 'a Content-Type with a charset',
    requirement: 'RFC6749-B-form-content-type',
    change: contentType(`${form.mediaType}; charset=UTF-8`),
  },
  {
    id: 'request/form-upper-case-type',
    title: 'a Content-Type in other case',
    requirement: 'RFC6749-B-form-content-type',
    change: contentType('Application/X-WWW-Form-URLEncoded'),
  },
  {
    id: 'request/form-percent-encoded',
    title: 'every character percent-encoded',
    requirement: 'RFC6749-B-utf8-values',
    change: respelt(),
  },
  {
    id: 'request/form-percent-encoded-in-small-letters',
    title: 'every character percent-encoded, with small hex digits',
    requirement: 'RFC6749-B-utf8-values',
    change: respelt((hex) => hex),
  },
  {
    id: 'request/form-unknown-with-blanks',
    title: 'an unknown parameter with blanks written as + and as %20',
    requirement: 'RFC6749-3.2-unknown-params-ignored',
    change: inPairs((pairs) => [['token-conformance', 'a+b%20%C3%A9'], ...pairs]),
  },
  {
    id: 'request/form-empty-optional',
    title: 'a scope without a value',
    requirement: 'RFC6749-3.2-empty-optional-param',
    change: inPairs((pairs) => [...pairs.filter(([name]) => name !== 'scope'), ['scope', '']]),
  },
];

/** How a request is framed that is a form. */
export const framedInForm: readonly Case[] = [
  ...formSpellings.map((row) => grant({ ...framed, ...row, dialects: ['oauth-form'] })),
  ...formMistakes.map((row) => refusal({ ...framed, ...row, dialects: ['oauth-form'] })),
];
