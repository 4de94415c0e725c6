import { replacingOAuth, together } from '../../../emulator/defects/defect.ts';
import { usual } from '../../../emulator/defects/oauth-form/by-attempt.ts';
import { isRegistration, membersOf } from '../../../emulator/defects/oauth-form/client-kit.ts';
import { jwtAccessTokens } from '../../../emulator/defects/oauth-form/jwt-access-tokens.ts';
import { oauthError } from '../../../emulator/defects/oauth-form/kit.ts';
import { ofOAuth } from '../../../emulator/fronts/oauth-form/attempt.ts';
import type { Variant } from '../variant.ts';
import { grantVariants } from './grants.ts';
import { editingMetadata, refusing } from './kit.ts';
import { metadataVariants } from './metadata.ts';
import { policyVariants } from './policies.ts';
import { refreshVariants } from './refresh.ts';

const known = [...grantVariants, ...metadataVariants, ...policyVariants, ...refreshVariants];

/** What is conformant to every standard has to be so to MCP, where it touches what MCP adds. */
const also = (name: string): Omit<Variant, 'name'> => {
  const found = known.find((one) => one.name === name);
  if (!found) throw new Error(`there is no variant ${name}`);
  return { ...found, profile: 'mcp' };
};

const audience = (of: (resource: string) => readonly string[]) =>
  replacingOAuth(() => ({
    'granted-audience': (attempt) => usual['granted-audience'](attempt)?.flatMap(of),
  }));

const inMcp = (variant: Variant): Variant => ({ ...variant, profile: 'mcp' });

/** What a server of MCP may do otherwise. */
export const mcpVariants: readonly Variant[] = [
  { ...also('resources-unknown'), name: 'mcp-resources-unknown' },
  { ...also('one-target-at-once'), name: 'mcp-one-target-at-once' },
  { ...also('least-metadata'), name: 'mcp-least-metadata' },
  { ...also('more-metadata'), name: 'mcp-more-metadata' },
  { ...also('pkce-of-everybody'), name: 'mcp-pkce-of-everybody' },
  { ...also('no-refresh-tokens'), name: 'mcp-no-refresh-tokens' },
  { ...also('public-clients-get-no-refresh-token'), name: 'mcp-public-clients-get-no-refresh-token' },
  { ...also('grace-of-half-a-minute'), name: 'mcp-grace-of-half-a-minute' },
  { ...also('same-answer-for-half-a-minute'), name: 'mcp-same-answer-for-half-a-minute' },
  { ...also('confidential-clients-keep-theirs'), name: 'mcp-confidential-clients-keep-theirs' },
  ...[
    {
      name: 'mcp-audiences-as-urls',
      // RFC 3986 section 6.2.3: an empty path and a slash are the same.
      differs: 'Access tokens are for a resource as a URL is written, in small letters and with a slash.',
      ...audience((resource) => [URL.parse(resource)?.href ?? resource]),
      target: { resource: 'https://mcp.example.com' },
    },
    {
      name: 'mcp-more-audiences',
      differs: 'Access tokens are for the resource and for the server itself.',
      ...audience((resource) => ['https://id.example.com/userinfo', resource]),
    },
    {
      name: 'mcp-audience-untold',
      differs: 'Nothing tells whom an access token is for.',
      ...replacingOAuth(() => ({ 'granted-audience': () => undefined })),
    },
    {
      name: 'mcp-audience-in-jwts',
      differs: 'Access tokens are JWTs, with the resource for their audience.',
      ...jwtAccessTokens((claims, attempt) => ({
        ...claims,
        aud: usual['granted-audience'](ofOAuth(attempt)) ?? claims.aud,
      })),
    },
    {
      name: 'mcp-resources-refused-as-invalid-grant',
      // RFC 8707 section 2 says invalid_target; no document says what comes first.
      differs: 'A resource that the user did not authorize makes the grant an invalid one.',
      ...refusing('invalid_grant', 'target-within-grant'),
    },
    {
      name: 'mcp-redirect-uris-as-metadata',
      // RFC 7591 section 3.2.2.
      differs: 'A redirect URI that nobody may have is answered with invalid_client_metadata.',
      ...refusing('invalid_client_metadata', 'redirect-uris-allowed'),
    },
    {
      name: 'mcp-redirect-uris-made-safe',
      // RFC 7591 section 3.2.1: another value may be registered than the one that was asked for.
      differs: 'A redirect URI of http at another address is registered as one of https.',
      ...together([
        replacingOAuth(() => ({
          'redirect-uris-allowed': (attempt) =>
            attempt.members.redirect_uris?.every(isPlain)
              ? undefined
              : usual['redirect-uris-allowed'](attempt),
          'registration-body': (client, uri) =>
            usual['registration-body'](
              { ...client, redirectUris: client.redirectUris.map((one) => (isPlain(one) ? safe(one) : one)) },
              uri,
            ),
        })),
      ]),
    },
    {
      name: 'mcp-application-types-enforced',
      // OpenID Connect Registration section 2.
      differs: 'A web application has redirect URIs of https, and a native one has none of them.',
      oauth: {
        middleware: () => async (request, endpoint) => {
          const { application_type: type, redirect_uris: uris } = isRegistration(request)
            ? membersOf(request)
            : {};
          const isOfHttps = String(uris).startsWith('https:');
          const isWrong = (type === 'web' && !isOfHttps) || (type === 'native' && isOfHttps);
          return isWrong ? oauthError('invalid_redirect_uri') : endpoint(request);
        },
      },
    } satisfies Variant,
    {
      name: 'mcp-no-client-documents',
      // MCP recommends them.
      differs: 'Documents of clients are not supported, and nothing is said of them.',
      ...editingMetadata(({ client_id_metadata_document_supported: _, ...body }) => body),
    },
  ].map(inMcp),
];

const isPlain = (uri: string): boolean =>
  uri.startsWith('http://') && !/^http:\/\/(127\.|localhost)/.test(uri);
const safe = (uri: string): string => uri.replace(/^http:/, 'https:');
