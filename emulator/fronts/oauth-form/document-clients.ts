import { isRefusal } from '../../core/refusal.ts';
import { attemptOf, firstRefusal } from '../../core/service.ts';
import { parsed } from '../../core/uris.ts';
import { jsonObject } from '../../json.ts';
import { addOAuthClient, metadataIn } from './registration.ts';
import type { ClientMetadata } from './registration-checks.ts';
import type { OAuthService } from './service.ts';

/**
 * Registers a client whose id is the URL of a document about it (draft-ietf-oauth-client-id-metadata-document), or
 * registers it anew: the document is asked at each authorization request. What leads to no such document is no client.
 */
export async function readClientDocument(service: OAuthService, id: string): Promise<void> {
  if (!isDocumentUrl(id)) return;
  const metadata = told(service, id, await service.behaviours['fetch-client-document'](id));
  if (metadata === undefined) service.state.clients.delete(id);
  else addOAuthClient(service, metadata, id);
}

/** What a document says of the client; undefined where it is none. */
function told(service: OAuthService, id: string, text: string | undefined): ClientMetadata | undefined {
  const document = text === undefined ? undefined : jsonObject(text);
  if (text === undefined || document?.client_id !== id || document.client_name === undefined)
    return undefined;
  const metadata = metadataIn(service, text);
  // There is no secret that both could know; who says nothing of a method is public.
  const { token_endpoint_auth_method: method = 'none' } = document;
  if (isRefusal(metadata) || (method !== 'none' && method !== 'private_key_jwt')) return undefined;
  const client = { ...metadata, token_endpoint_auth_method: method };
  return firstRefusal(service, attemptOf(service, 'register', client)) ? undefined : client;
}

/** Section 3 of the draft: https, with a path that has no steps, and without user, password and fragment. */
function isDocumentUrl(id: string): boolean {
  const url = id.startsWith('https://') && !id.includes('#') ? parsed(id) : undefined;
  return url !== undefined && url.href === id && url.pathname !== '/' && url.username + url.password === '';
}
