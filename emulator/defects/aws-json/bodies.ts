import { type Defect, tokens } from '../defect.ts';
import { answering, issuesTokens } from './kit.ts';

const body = (
  name: string,
  changes: string,
  breaks: Defect['breaks'],
  change: (text: string) => string | Uint8Array,
): Defect => ({
  name,
  changes,
  breaks,
  at: tokens,
  ...answering((passing) =>
    issuesTokens(passing)
      ? { ...passing.response, body: change(String(passing.response.body)) }
      : passing.response,
  ),
});
const json = 'RFC6749-5.1-json-object';

/** What surrounds the members. */
export const bodies: readonly Defect[] = [
  body('success-truncated', 'The JSON of a success ends in the middle.', [json], (text) => text.slice(0, -3)),
  body(
    'success-with-text-behind',
    'There is text behind the JSON of a success.',
    [json],
    (text) => `${text}\n-- end`,
  ),
  body('success-twice', 'A success has its JSON twice.', [json], (text) => text + text),
  body('success-in-list', 'A success is a list of one object.', [json], (text) => `[${text}]`),
  body('success-as-json-text', 'A success is a string of JSON.', [json], (text) => JSON.stringify(text)),
  body('success-as-jsonp', 'A success is a call of a function.', [json], (text) => `callback(${text});`),
  body('success-as-form', 'A success is a form.', [json], (text) =>
    new URLSearchParams(JSON.parse(text) as Record<string, string>).toString(),
  ),
  body('success-not-utf-8', 'A success is not UTF-8.', [json], (text) =>
    Buffer.concat([
      Buffer.from(text.slice(0, -1)),
      Buffer.from(',"note":"'),
      Buffer.from([0xe9, 0x74, 0xe9]),
      Buffer.from('"}'),
    ]),
  ),
  body(
    'access-token-twice',
    'The access token is there twice.',
    ['RFC6749-5.1-response-params-unique'],
    (text) => `{"accessToken":"aoaAAAAAGZpcnN0LXRva2Vu",${text.slice(1)}`,
  ),
  body(
    'token-type-twice',
    'The token type is there twice.',
    ['RFC6749-5.1-response-params-unique'],
    (text) => `{"tokenType":"Bearer",${text.slice(1)}`,
  ),
];
