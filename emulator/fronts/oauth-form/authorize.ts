import { html, page, parametersOf, redirect, wrongMethod } from '../../browser/pages.ts';
import type { Refusal } from '../../core/refusal.ts';
import { addCode, userNamed } from '../../core/service.ts';
import { redirectUriRegistered } from '../../core/uris.ts';
import { defaultSubject } from '../../fixtures/clients.ts';
import type { WireRequest, WireResponse } from '../../wire.ts';
import type { Wanted } from './authorizing.ts';
import { readClientDocument } from './document-clients.ts';
import type { OAuthService } from './service.ts';
import { type OAuthClient, type OAuthState, oauthOf } from './state.ts';

/**
 * The authorization endpoint (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2): a code at once. Whatever is
 * wrong goes back to the client, but for a client or a redirect URI that is wrong: then nobody knows whom to tell.
 */
export async function answerAuthorization(
  service: OAuthService,
  request: WireRequest,
): Promise<WireResponse> {
  const { behaviours: b, state, clock } = service;
  const now = clock.now();
  const all = parametersOf(request);
  if (!all) return wrongMethod(now);
  // RFC 6749 section 3.1: what is empty is absent.
  const parameters = new URLSearchParams([...all].filter(([, value]) => value !== ''));
  await readClientDocument(service, parameters.get('client_id') ?? '');
  const wanted = wantedBy(service, parameters);
  if ('told' in wanted) return page(now, 400, 'This request cannot be answered', html`<p>${wanted.told}</p>`);
  const { client, redirectUri } = wanted;
  const iss = b.issuer(state, request);
  const back = (answer: Readonly<Record<string, string>>) =>
    redirect(now, withParameters(redirectUri, { ...answer, ...stateOf(parameters), iss }));
  const problem = b['authorization-problem'](wanted);
  if (problem) return back({ ...problem });
  const fault = armedFor(oauthOf(state).faults, client.id);
  if (fault) return back({ error: fault.error, error_description: fault.description });
  const { value, family } = addCode(service, {
    clientId: client.id,
    redirectUri: parameters.get('redirect_uri') ?? undefined,
    challenge: parameters.get('code_challenge') ?? undefined,
    challengeMethod: wanted.challengeMethod,
    scope: b['authorized-scope'](wanted, b['default-scope'](client)),
    nonce: parameters.get('nonce') ?? undefined,
    user: userNamed(service, defaultSubject),
  });
  const resources = parameters.getAll('resource');
  if (resources.length > 0) family.resources = resources;
  return back({ code: value });
}

function wantedBy(
  { state, behaviours: b }: OAuthService,
  parameters: URLSearchParams,
): Wanted | { readonly told: string } {
  const [clientId, otherClient] = parameters.getAll('client_id');
  const [asked, otherUri] = parameters.getAll('redirect_uri');
  const client = state.clients.get(clientId ?? '') as OAuthClient | undefined;
  if (!client || otherClient !== undefined) return { told: 'The client_id is not that of one client.' };
  if (otherUri !== undefined) return { told: 'There must be one redirect_uri.' };
  // OpenID Connect Core section 3.1.2.1 wants it told; RFC 6749 section 3.1.2.3 only where several are registered.
  const isOpenId = parameters.get('scope')?.split(' ').includes('openid') ?? false;
  const redirectUri =
    asked ?? (client.redirectUris.length === 1 && !isOpenId ? client.redirectUris[0] : undefined);
  if (redirectUri === undefined) return { told: 'There must be one redirect_uri.' };
  if (!redirectUriRegistered(client.redirectUris, redirectUri))
    return { told: 'The redirect_uri is not one that the client has registered.' };
  const challengeMethod = b['challenge-method'](parameters.get('code_challenge_method') ?? undefined);
  return { client, redirectUri, parameters, challengeMethod };
}

/** Uses up one time of a fault of this endpoint, if there is one. */
function armedFor(faults: OAuthState['faults'], clientId: string): Refusal | undefined {
  const fault = [...faults].find((one) => one.clientId === undefined || one.clientId === clientId);
  if (!fault) return undefined;
  fault.left -= 1;
  if (fault.left <= 0) faults.delete(fault);
  return fault.refusal;
}

function stateOf(parameters: URLSearchParams): Readonly<Record<string, string>> {
  const [state, other] = parameters.getAll('state');
  return state === undefined || other !== undefined ? {} : { state };
}

/** RFC 6749 section 3.1.2: the query that it has stays. */
function withParameters(uri: string, parameters: Readonly<Record<string, string>>): string {
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams(parameters)}`;
}
