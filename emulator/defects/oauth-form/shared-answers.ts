import { atToken, type Defect } from '../defect.ts';
import { defect, everyNth, issuesTokens, keepingTokens, page, refusesTokens, withHeaders } from './kit.ts';

const presented = (name: string) => (form: URLSearchParams) => form.get(name) ?? undefined;

/** What a cache gives to somebody else, or to nobody else again. */
export const sharedAnswers: readonly Defect[] = [
  defect(
    'tokens-kept-by-their-form',
    'Tokens are kept by the form alone, whoever authenticates beside it.',
    ['RFC6749-4.4.2-client-auth-required', 'RFC6749-5.2-invalid_client-wrong-secret'],
    atToken,
    keepingTokens((form) => form.toString()),
  ),
  defect(
    'tokens-kept-by-their-code',
    'A code that comes again is answered as it was before, whoever has it.',
    ['RFC6749-4.1.2-code-single-use', 'RFC6749-4.1.3-code-bound-to-confidential-client'],
    atToken,
    keepingTokens(presented('code')),
  ),
  defect(
    'tokens-kept-by-their-refresh-token',
    'A refresh token that comes again is answered as it was before, whoever has it.',
    'RFC6749-6-bound-to-client',
    atToken,
    keepingTokens(presented('refresh_token')),
  ),
  defect(
    'tokens-kept-by-their-device-code',
    'A device code that comes again is answered as it was before, whoever has it.',
    'RFC8628-3.4-bound-to-client',
    atToken,
    keepingTokens(presented('device_code')),
  ),
];

/** What only some responses have, but steadily. */
export const steadily: readonly Defect[] = [
  defect(
    'every-tenth-success-without-no-store',
    'One of ten replicas issues tokens without Cache-Control.',
    'RFC6749-5.1-cache-control',
    atToken,
    everyNth(10, issuesTokens, (response) => withHeaders(response, { 'Cache-Control': undefined })),
  ),
  defect(
    'every-twelfth-lifetime-as-text',
    'One of twelve replicas tells the lifetime as text.',
    'RFC6749-5.1-expires_in-number',
    atToken,
    everyNth(12, issuesTokens, (response) => ({
      ...response,
      body: String(response.body).replace(/"expires_in":(\d+)/, '"expires_in":"$1"'),
    })),
  ),
  defect(
    'every-eighth-refusal-as-page',
    'One of eight replicas tells errors on a page.',
    'RFC6749-5.2-content-type-json',
    atToken,
    everyNth(8, refusesTokens(), (response) => page(response.status, 'Error')),
  ),
  defect(
    'every-fifth-challenge-missing',
    'One of five replicas sends no challenge with status 401.',
    'RFC6749-5.2-401-www-authenticate',
    atToken,
    everyNth(5, refusesTokens('invalid_client'), (response) =>
      withHeaders(response, { 'WWW-Authenticate': undefined }),
    ),
  ),
];
