import type { OAuthAttempt } from '../../fronts/oauth-form/attempt.ts';
import type { JsonObject } from '../../wire.ts';
import {
  atRegister,
  atToken,
  type Change,
  type Defect,
  leaving,
  replacingOAuth,
  together,
} from '../defect.ts';
import { isOf, leavingOut, refusingWhen, usual } from './by-attempt.ts';
import { isRegistration, membersOf } from './client-kit.ts';
import { isPublic } from './grace.ts';
import { editing, intercepting, oauthError, of, page } from './kit.ts';
import { publicRotatedOnce } from './refreshes.ts';

const isCode = isOf('authorization_code');
const isRefresh = isOf('refresh_token');
const hasResource = ({ members }: OAuthAttempt): boolean => (members.resource ?? []).length > 0;

const told = (edit: (body: JsonObject) => JsonObject): Change => editing(of('metadata'), edit);

/** What a server says of itself that no client of MCP can go on with. */
export const toldToMcp: readonly Defect[] = [
  {
    name: 'metadata-nowhere',
    changes: 'There is no metadata at any place.',
    breaks: ['MCP-overview-discovery'],
    at: ['metadata'],
    ...intercepting((_form, _request, place) => (place === 'metadata' ? page(404, 'Not Found') : undefined)),
  },
  {
    name: 'challenge-methods-untold',
    changes: 'The metadata has no code_challenge_methods_supported.',
    breaks: ['MCP-pkce-advertised'],
    at: ['metadata'],
    ...told((body) => leaving(body, 'code_challenge_methods_supported')),
  },
  {
    name: 'challenge-method-plain-told-alone',
    changes: 'The metadata lists the challenge method plain, and not S256.',
    breaks: ['MCP-pkce-advertised'],
    at: ['metadata'],
    ...told((body) => ({ ...body, code_challenge_methods_supported: ['plain'] })),
  },
  {
    name: 'registration-told-without-tls',
    changes: 'The metadata has a registration endpoint of http.',
    breaks: ['MCP-https'],
    at: ['metadata'],
    ...told((body) => ({ ...body, registration_endpoint: 'http://id.example.com/register' })),
  },
  {
    name: 'authorization-told-without-tls',
    changes: 'The metadata has an authorization endpoint of http.',
    breaks: ['MCP-https'],
    at: ['metadata'],
    ...told((body) => ({ ...body, authorization_endpoint: 'http://id.example.com/authorize' })),
  },
  {
    name: 'client-documents-told-as-text',
    changes: 'The metadata says in a text that documents of clients are supported.',
    breaks: ['MCP-cimd-boolean'],
    at: ['metadata'],
    ...told((body) => ({ ...body, client_id_metadata_document_supported: 'true' })),
  },
  {
    name: 'client-documents-unsupported',
    changes: 'Documents of clients are not supported.',
    breaks: ['MCP-overview-cimd'],
    at: ['metadata'],
    ...told((body) => ({ ...body, client_id_metadata_document_supported: false })),
  },
];

/** Registrations that clients of MCP send, and others. */
const refusingRegistration = (
  holds: (members: JsonObject) => boolean,
  error: 'invalid_client_metadata' | 'invalid_redirect_uri',
): Change =>
  intercepting((_form, request) =>
    isRegistration(request) && holds(membersOf(request)) ? oauthError(error) : undefined,
  );

export const registeredForMcp: readonly Defect[] = [
  {
    name: 'application-types-refused',
    changes: 'A registration with an application_type is refused.',
    breaks: ['MCP-application-type'],
    at: atRegister,
    ...refusingRegistration((members) => members.application_type !== undefined, 'invalid_client_metadata'),
  },
  {
    name: 'native-applications-refused-on-loopback',
    changes: 'A native application has to have a redirect URI of https.',
    breaks: ['MCP-application-type'],
    at: atRegister,
    ...refusingRegistration(
      ({ application_type: type, redirect_uris: uris }) =>
        type === 'native' && String(uris).startsWith('http:'),
      'invalid_redirect_uri',
    ),
  },
  {
    name: 'redirect-uris-registered-without-tls',
    changes: 'A redirect URI may be of http, at whatever address.',
    breaks: ['MCP-redirect-uris-safe'],
    at: atRegister,
    ...replacingOAuth(() => ({
      'redirect-uris-allowed': (attempt) =>
        attempt.members.redirect_uris?.every((one) => one.startsWith('http:'))
          ? undefined
          : usual['redirect-uris-allowed'](attempt),
    })),
  },
];

/** Every client of MCP names a resource (RFC 8707). */
export const resourcesOfMcp: readonly Defect[] = [
  {
    name: 'resource-of-a-code-refused',
    changes: 'The parameter resource is refused as unknown where a code is redeemed.',
    breaks: ['MCP-resource-taken'],
    at: atToken,
    ...refusingWhen('invalid_request', 'code-present', (attempt) => isCode(attempt) && hasResource(attempt)),
  },
  {
    name: 'resource-of-a-refresh-refused',
    changes: 'The parameter resource is refused as unknown in a refresh.',
    breaks: ['MCP-resource-taken'],
    at: atToken,
    ...refusingWhen(
      'invalid_request',
      'refresh-token-present',
      (attempt) => isRefresh(attempt) && hasResource(attempt),
    ),
  },
  {
    name: 'resource-of-a-refresh-compared-with-the-client',
    changes: 'A refresh may name its own client for a resource, and no other.',
    breaks: ['MCP-resource-taken'],
    at: atToken,
    ...refusingWhen(
      'invalid_target',
      'target-within-grant',
      ({ grant, client, members }) =>
        grant === 'refresh_token' && members.resource?.some((one) => one !== client?.id) === true,
    ),
  },
  {
    name: 'resource-compared-by-letter',
    changes: 'A resource has to be spelt as it was in the authorization request.',
    breaks: ['MCP-resource-letters'],
    at: atToken,
    ...refusingWhen(
      'invalid_target',
      'target-within-grant',
      ({ code, members }) =>
        members.resource?.some((one) => code?.family.resources?.includes(one) === false) === true,
    ),
  },
  {
    name: 'resource-without-audience',
    changes: 'Every access token is for one API, whatever resource was named.',
    breaks: ['RFC8707-2-audience-restricted'],
    at: atToken,
    ...replacingOAuth(() => ({ 'granted-audience': () => ['https://api.example.com/'] })),
  },
  {
    name: 'resource-without-audience-when-refreshed',
    changes: 'A refreshed access token is for one API, whatever resource was named.',
    breaks: ['RFC8707-2-audience-restricted'],
    at: atToken,
    ...replacingOAuth(() => ({
      'granted-audience': (attempt) =>
        attempt.grant === 'refresh_token' ? ['https://api.example.com/'] : usual['granted-audience'](attempt),
    })),
  },
  {
    name: 'code-for-any-resource',
    changes: 'A code is redeemed for whatever resource is named, also for one that nobody knows.',
    breaks: ['RFC8707-2-unknown-resource', 'RFC8707-2-resource-syntax'],
    at: atToken,
    ...leavingOut(isCode, 'target-acceptable', 'target-within-grant'),
  },
  {
    name: 'unknown-resource-passed-over',
    changes:
      'A resource that is not served is left out, and the token is for the one that the user authorized.',
    breaks: ['RFC8707-2-unknown-resource', 'RFC8707-2-resource-syntax'],
    at: atToken,
    ...together([
      leavingOut(isCode, 'target-acceptable', 'target-within-grant'),
      replacingOAuth(() => ({
        'granted-audience': (attempt) => attempt.code?.family.resources ?? usual['granted-audience'](attempt),
      })),
    ]),
  },
  {
    name: 'second-resource-of-a-code-refused',
    changes: 'Two resources are refused as a parameter that is there twice where a code is redeemed.',
    breaks: ['RFC8707-2-multiple'],
    at: atToken,
    ...refusingWhen(
      'invalid_request',
      'code-present',
      (attempt) => isCode(attempt) && (attempt.members.resource ?? []).length > 1,
    ),
  },
];

/** Refresh tokens of public clients, which nothing but rotation protects. */
export const publicRefreshes: readonly Defect[] = [
  {
    name: 'public-refresh-tokens-never-replaced',
    changes: 'A refresh of a public client brings no new refresh token.',
    breaks: ['MCP-public-rotation'],
    at: atToken,
    ...replacingOAuth(() => ({
      'rotate-refresh-token': (attempt) => {
        if (!isPublic(attempt)) usual['rotate-refresh-token'](attempt);
      },
      'refresh-token-wanted': (attempt) =>
        !(isPublic(attempt) && attempt.grant === 'refresh_token') && usual['refresh-token-wanted'](attempt),
    })),
  },
  {
    name: 'public-refresh-tokens-replaced-once',
    changes: 'From the second refresh on, a public client keeps the refresh token that it has.',
    breaks: ['MCP-public-rotation'],
    at: atToken,
    ...publicRotatedOnce,
  },
  {
    name: 'public-reuse-ends-nothing',
    changes: 'A replaced refresh token of a public client that comes again ends no other.',
    breaks: ['MCP-public-reuse'],
    at: atToken,
    ...replacingOAuth(() => ({
      'revoke-family-of-reused-refresh-token': (attempt) => {
        if (!isPublic(attempt)) usual['revoke-family-of-reused-refresh-token'](attempt);
      },
    })),
  },
];
