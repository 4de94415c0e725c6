import { form, json } from '../../harness/body.ts';
import type { Case } from '../../harness/case.ts';
import { rejected, rejectedOrUnserved } from '../../harness/expectation.ts';
import { type Refusal, refusal } from '../kit/cases.ts';
import { inArtefact, onTheWire, set } from '../kit/change.ts';
import { framed } from './request.ts';

type Row = Pick<Refusal, 'id' | 'title' | 'change'>;

/** A change of the text of a JSON body. */
const inJson = (body: (json: string) => string | Buffer, headers = {}) =>
  onTheWire({ bodyType: 'json', headers, body });

/** The name on the wire of what a body presents. */
const artefactNamed = (json: string): string => /"(code|deviceCode|refreshToken)":/.exec(json)?.[1] ?? 'code';

/** Bodies that are no JSON, or no object of it, and members that only JSON can have: of wrong types, or nested. */
const mistakes: Row[] = [
  {
    id: 'request/truncated-json',
    title: 'a body that ends in the middle',
    change: inJson((json) => json.slice(0, -10)),
  },
  {
    id: 'request/trailing-text',
    title: 'a body with text behind the JSON',
    change: inJson((json) => `${json} and more`),
  },
  {
    id: 'request/json-array',
    title: 'a body that is a JSON array',
    change: inJson((json) => `[${json}]`),
  },
  {
    id: 'request/json-string',
    title: 'a body that is a JSON string',
    change: inJson((json) => JSON.stringify(json)),
  },
  { id: 'request/empty-body', title: 'an empty body', change: inJson(() => '') },
  { id: 'request/nul-bytes', title: 'a body of NUL bytes', change: inJson(() => Buffer.alloc(16)) },
  {
    id: 'request/invalid-utf-8',
    title: 'a member whose value is not UTF-8',
    change: inJson((json) =>
      Buffer.concat([
        Buffer.from(json.slice(0, -1)),
        Buffer.from([0x2c, 0x22, 0x78, 0x22, 0x3a, 0x22, 0xe0, 0xa4, 0x22, 0x7d]),
      ]),
    ),
  },
  {
    id: 'request/deep-nesting',
    title: 'a member nested two thousand levels deep',
    change: inJson(
      (json) => `${json.slice(0, -1)},"${artefactNamed(json)}":${'['.repeat(2000)}${']'.repeat(2000)}}`,
    ),
  },
  {
    id: 'request/code-as-number',
    title: 'a number in place of the code or token',
    change: inArtefact((member) => set(member, 12345)),
  },
  {
    id: 'request/code-as-object',
    title: 'an object in place of the code or token',
    change: inArtefact((member) => set(member, { value: 1 })),
  },
  {
    id: 'request/client-id-as-list',
    title: 'a list in place of the client id',
    change: set('client_id', (valid: string) => [valid]),
  },
];

/** Another format in place of JSON. */
const otherFormats: Row[] = [
  {
    id: 'request/form-body',
    title: 'a form in place of JSON',
    change: inJson((text) => form.write(json.read(text) ?? {}), { 'Content-Type': form.mediaType }),
  },
];

export const framedInJson: readonly Case[] = [
  ...mistakes.map((row) =>
    refusal({
      ...framed,
      dialects: ['aws-json'],
      requirement: 'RFC6749-5.2-malformed-encoding',
      expect: rejected('invalid_request'),
      ...row,
    }),
  ),
  ...otherFormats.map((row) =>
    refusal({
      ...framed,
      dialects: ['aws-json'],
      requirement: 'RFC6749-4-non-form-body-rejected',
      expect: rejectedOrUnserved('invalid_request', 'RFC 9110 §15.5.16'),
      ...row,
    }),
  ),
];

/** What no reader of JSON may take for a request. */
export const jsonMistakes: readonly Row[] = [...mistakes, ...otherFormats];
