import { addCode, type Service, userNamed } from '../core/service.ts';
import type { Application, RegisteredClient } from '../core/state.ts';
import { redirectUriRegistered } from '../core/uris.ts';
import { defaultSubject } from '../fixtures/clients.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import { html, type Markup, page, parametersOf, redirect, wrongMethod } from './pages.ts';

/** The authorization endpoint (RFC 6749 section 3.1): where a browser gets a code. It consents at once. */
export const authorizePath = '/authorize';

/** Of a request whose client and redirect URI are known to belong together. */
interface Wanted {
  readonly client: RegisteredClient | Application;
  readonly redirectUri: string;
  readonly parameters: URLSearchParams;
}

/**
 * Answers what a browser asks. Whatever is wrong goes back to the client by redirect, but for a client or a redirect
 * URI that is wrong: then nobody knows whom to tell, and the person reads it (RFC 6749 section 4.1.2.1).
 */
export async function answerAuthorize(service: Service, request: WireRequest): Promise<WireResponse> {
  const now = service.clock.now();
  const parameters = parametersOf(request);
  if (!parameters) return wrongMethod(now);
  const wanted = wantedBy(service, parameters);
  if ('told' in wanted) return page(now, 400, 'This request cannot be answered', html`<p>${wanted.told}</p>`);
  const { client, redirectUri } = wanted;
  const back = (answer: Readonly<Record<string, string>>) =>
    redirect(now, withParameters(redirectUri, { ...answer, ...stateOf(parameters) }));
  const problem = problemWith(service, wanted);
  if (problem) return back(problem);
  const decision = request.method === 'POST' ? parameters.get('decision') : undefined;
  if (decision === 'deny') return back(refused('access_denied', 'The user denied the request'));
  if (decision !== 'approve' && parameters.get('prompt')?.split(' ').includes('consent'))
    return page(now, 200, 'Sign in', consentForm(wanted), { formAction: `'self' ${originOf(redirectUri)}` });
  const scope = scopeOf(parameters, client);
  const { value } = addCode(service, {
    clientId: client.id,
    redirectUri,
    challenge: parameters.get('code_challenge') ?? undefined,
    // `token` knows no scope of a code: what a registered client may do was said when it registered.
    scope: 'secret' in client || scope.length === 0 ? undefined : scope,
    nonce: parameters.get('nonce') ?? undefined,
    user: userNamed(service, defaultSubject),
  });
  return back({ code: value });
}

function wantedBy({ state }: Service, parameters: URLSearchParams): Wanted | { readonly told: string } {
  const [clientId, otherClient] = parameters.getAll('client_id');
  const [redirectUri, otherUri] = parameters.getAll('redirect_uri');
  const client = state.clients.get(clientId ?? '') ?? state.applications.get(clientId ?? '');
  if (!client || otherClient !== undefined) return { told: 'The client_id is not that of one client.' };
  if (redirectUri === undefined || otherUri !== undefined) return { told: 'There must be one redirect_uri.' };
  if (!redirectUriRegistered(client.redirectUris, redirectUri))
    return { told: 'The redirect_uri is not one that the client has registered.' };
  return { client, redirectUri, parameters };
}

type Problem = Readonly<Record<'error' | 'error_description', string>>;

const refused = (error: string, error_description: string): Problem => ({ error, error_description });

/** Never says anything that came with the request. */
function problemWith({ clock }: Service, { client, parameters }: Wanted): Problem | undefined {
  const value = (name: string) => parameters.get(name) ?? '';
  if (names.some((name) => parameters.getAll(name).length > 1))
    return refused('invalid_request', 'A parameter is there more than once');
  if (value('response_type') === '') return refused('invalid_request', 'The response_type is missing');
  if (value('response_type') !== 'code')
    return refused('unsupported_response_type', 'The response_type must be code');
  if (!client.grantTypes.includes('authorization_code'))
    return refused('unauthorized_client', 'The client is not registered for authorization_code');
  if ('secretExpiresAt' in client && client.secretExpiresAt <= clock.now())
    return refused('unauthorized_client', 'The registration of the client has expired');
  // RFC 7636 section 4.4.1. Without a method the challenge would be a plain one.
  if (value('code_challenge') === '') return refused('invalid_request', 'The code_challenge is missing');
  if (value('code_challenge_method') !== 'S256')
    return refused('invalid_request', 'The code_challenge_method must be S256');
  if (!/^[\w-]{43}$/.test(value('code_challenge')))
    return refused('invalid_request', 'The code_challenge is no base64url of a SHA-256');
  if (!scopeOf(parameters, client).every((one) => client.scopes.includes(one)))
    return refused('invalid_scope', 'The scope is more than the client has');
  return undefined;
}

/** RFC 6749 section 3.1: none of them may come twice. */
const names = [
  'response_type',
  'state',
  'scope',
  'scopes',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'prompt',
];

/** RFC 6749 says `scope`, the AWS tools say `scopes`; one of them writes commas where the standard has spaces. */
function scopeOf(parameters: URLSearchParams, { scopes }: Wanted['client']): readonly string[] {
  const text = [parameters.get('scope'), parameters.get('scopes')].filter((one) => one !== null).join(' ');
  const words = text.split(' ').flatMap((word) => (scopes.includes(word) ? [word] : word.split(',')));
  return [...new Set(words.filter((word) => word !== ''))];
}

function stateOf(parameters: URLSearchParams): Readonly<Record<string, string>> {
  const [state, other] = parameters.getAll('state');
  return state === undefined || other !== undefined ? {} : { state };
}

/** RFC 6749 section 3.1.2: the query that it has stays. */
function withParameters(uri: string, parameters: Readonly<Record<string, string>>): string {
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams(parameters)}`;
}

/** As a content security policy names it: browsers look at where a form leads in the end. */
function originOf(uri: string): string {
  const url = URL.parse(uri);
  const origin = url === null || url.origin === 'null' ? url?.protocol : url.origin;
  return origin !== undefined && /^[\w+.-]+:(?:\/\/[\w.:[\]-]+)?$/.test(origin) ? origin : '';
}

function consentForm({ client, redirectUri, parameters }: Wanted): Markup {
  const scopes = scopeOf(parameters, client);
  const hidden = [...parameters]
    .filter(([name]) => name !== 'decision')
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)
    .reduce((before, one) => html`${before}${one}`, html``);
  return html`<p>The client <code>${client.id}</code> asks for ${scopes.length === 0 ? 'access' : scopes.join(', ')}. The answer goes to <code>${redirectUri}</code>.</p>
<form method="post" action="${authorizePath}">${hidden}
<button name="decision" value="approve">Allow</button>
<button name="decision" value="deny">Deny</button>
</form>`;
}
