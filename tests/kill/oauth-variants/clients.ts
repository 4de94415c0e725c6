import { randomUUID } from 'node:crypto';
import { refusalFor } from '../../../emulator/core/refusal.ts';
import { replacingOAuth, together } from '../../../emulator/defects/defect.ts';
import { usual } from '../../../emulator/defects/oauth-form/by-attempt.ts';
import { paths } from '../../../emulator/fronts/oauth-form/paths.ts';
import type { Variant } from '../variant.ts';
import { allowing, answering, editing, letters, reordering, text, visible } from './kit.ts';

/** Without a fixture that makes clients, each comes from the registration endpoint. */
const byRegistration = {
  limits: [{ fixture: 'client', reason: 'clients register themselves' }],
} as const;

/** Which clients there are, and how they say who they are. */
export const clientVariants: readonly Variant[] = [
  {
    name: 'client-ids-with-colons',
    differs: 'Client identifiers have colons in them.',
    ...replacingOAuth(() => ({ 'new-client-id': () => `urn:client:${randomUUID()}` })),
  },
  {
    name: 'client-ids-are-urls',
    differs: 'Client identifiers are URLs with a query.',
    ...replacingOAuth(() => ({
      'new-client-id': () => `https://client.example/apps/${randomUUID()}?v=1&x=%20#me`,
    })),
  },
  {
    name: 'client-ids-of-any-character',
    // RFC 6749 appendix A.1.
    differs: 'Client identifiers have every printable character, spaces among them.',
    ...replacingOAuth(() => ({ 'new-client-id': () => `${randomUUID()} ${visible} .` })),
  },
  {
    name: 'client-ids-are-numbers',
    differs: 'Client identifiers are numbers, one after the other.',
    ...replacingOAuth(() => {
      let last = 1000;
      return {
        'new-client-id': () => {
          last += 1;
          return String(last);
        },
      };
    }),
  },
  {
    name: 'secrets-of-any-character',
    // RFC 6749 appendix A.2.
    differs: 'Client secrets have every printable character.',
    ...replacingOAuth(() => ({
      'new-client-secret': () => `${text(40, visible)}:%+&="\\ ~${text(4, visible)}.`,
    })),
  },
  {
    name: 'secrets-of-two-kilobytes',
    differs: 'Client secrets have two thousand characters.',
    ...replacingOAuth(() => ({ 'new-client-secret': () => text(2000, letters) })),
  },
  {
    name: 'secrets-of-32-hexadecimal-digits',
    differs: 'Client secrets are 128 bits in hexadecimal.',
    ...replacingOAuth(() => ({ 'new-client-secret': () => text(32, '0123456789abcdef') })),
  },
  {
    name: 'secrets-that-never-expire',
    // RFC 7591 section 3.2.1: 0 says so.
    differs: 'Client secrets never expire.',
    ...together([
      replacingOAuth(() => ({ 'client-secret-lifetime': () => 3_650 * 86_400 })),
      editing((body, _, { path }) =>
        path === paths.register ? { ...body, client_secret_expires_at: 0 } : body,
      ),
    ]),
    target: {
      limits: [{ fixture: 'expire', without: 'clientSecret', reason: 'secrets never expire' }],
    },
  },
  {
    name: 'clients-by-registration',
    differs: 'All clients come from the registration endpoint.',
    target: byRegistration,
  },
  {
    name: 'registration-without-management',
    differs: 'A registration cannot be read or changed afterwards.',
    ...editing(({ registration_access_token: _, registration_client_uri: __, ...body }) => body),
    target: byRegistration,
  },
  {
    name: 'registration-with-more',
    differs:
      'A registration tells everything that the server has for a client, and repeats what it does not know.',
    ...editing((body, _, { path }) =>
      path === paths.register && 'client_id' in body
        ? {
            ...body,
            application_type: 'web',
            subject_type: 'public',
            id_token_signed_response_alg: 'RS256',
            require_auth_time: false,
            default_max_age: 3600,
            contacts: [],
            request_uris: [],
            tls_client_certificate_bound_access_tokens: false,
            dpop_bound_access_tokens: false,
            'software_id#de': 'x',
          }
        : body,
    ),
    target: byRegistration,
  },
  {
    name: 'registration-of-scopes-offered',
    // RFC 7591 section 3.2.1: the server may replace what was asked for, and tells.
    differs: 'Of the scopes of a registration those are taken that the server offers.',
    oauth: {
      middleware: () => (request, endpoint) => {
        if (request.path !== paths.register || !request.body) return endpoint(request);
        try {
          const body = JSON.parse(Buffer.from(request.body).toString());
          if (typeof body.scope !== 'string') return endpoint(request);
          const scope = body.scope
            .split(' ')
            .filter((one: string) => usual['scopes-offered']().includes(one));
          return endpoint({
            ...request,
            body: Buffer.from(JSON.stringify({ ...body, scope: scope.join(' ') })),
          });
        } catch {
          return endpoint(request);
        }
      },
    },
    target: byRegistration,
  },
  {
    name: 'registration-refuses-unknown-scopes',
    differs: 'A registration with a scope that the server does not offer is refused.',
    ...replacingOAuth(() => ({
      'metadata-scopes-well-formed': (attempt) =>
        attempt.members.scope?.every((one) => usual['scopes-offered']().includes(one)) === false
          ? refusalFor('invalid_client_metadata')
          : undefined,
    })),
    target: byRegistration,
  },
  {
    name: 'no-registration',
    differs: 'Clients are made by an administrator: there is no registration endpoint.',
    ...answering((response, { path }) =>
      path.startsWith(paths.register) ? { status: 404, headers: [], body: '' } : response,
    ),
    target: { limits: [{ operation: 'register', reason: 'clients are made by an administrator' }] },
  },
  {
    name: 'registration-with-a-token',
    // RFC 7591 section 3: an initial access token.
    differs: 'Registration takes an initial access token.',
    ...answering((response, { path }) =>
      path === paths.register
        ? {
            status: 401,
            headers: [
              ['WWW-Authenticate', 'Bearer realm="register"'],
              ['Content-Type', 'application/json'],
            ],
            body: '{"error":"invalid_token"}',
          }
        : response,
    ),
    target: { limits: [{ operation: 'register', reason: 'registration takes an initial access token' }] },
  },
  {
    name: 'either-secret-method',
    differs: 'A client with a secret may send it in the header or in the body, whatever it registered.',
    ...replacingOAuth(() => ({
      'method-as-registered': (attempt) => {
        const { client, presented } = attempt;
        const bySecret = ['client_secret_basic', 'client_secret_post'];
        return client && bySecret.includes(client.method) && bySecret.includes(presented.method ?? '')
          ? undefined
          : usual['method-as-registered'](attempt);
      },
    })),
  },
  {
    name: 'public-clients-by-basic',
    differs: 'A public client may name itself by Basic with an empty password.',
    ...replacingOAuth(() => ({
      'method-as-registered': (attempt) => {
        const { client, presented } = attempt;
        return client?.method === 'none' && presented.byHeader && !presented.secret
          ? undefined
          : usual['method-as-registered'](attempt);
      },
    })),
  },
  {
    name: 'header-alone-counts',
    differs: 'With Basic the client_id of the body is not looked at.',
    ...allowing('client-named-once'),
  },
  {
    name: 'unknown-schemes-are-no-credentials',
    // RFC 9110 section 11.6.2.
    differs: 'A header Authorization with another scheme counts as none.',
    oauth: {
      middleware: () => (request, endpoint) => {
        const [header] = request.headers.get('authorization') ?? [];
        if (header === undefined || /^(?:basic|bearer)\b/i.test(header)) return endpoint(request);
        const headers = new Map([...request.headers].filter(([name]) => name !== 'authorization'));
        return endpoint({ ...request, headers });
      },
    },
  },
  {
    name: 'client-assertions-with-leeway',
    // RFC 7523 section 3: some small leeway, usually no more than a few minutes.
    differs: 'Clocks of clients may be two minutes off, either way.',
    ...replacingOAuth(() => ({
      'client-assertion-not-expired': (attempt) =>
        usual['client-assertion-not-expired']({ ...attempt, now: attempt.now - 120_000 }),
      'client-assertion-already-valid': (attempt) =>
        usual['client-assertion-already-valid']({ ...attempt, now: attempt.now + 120_000 }),
      'client-assertion-issued-in-the-past': (attempt) =>
        usual['client-assertion-issued-in-the-past']({ ...attempt, now: attempt.now + 120_000 }),
    })),
  },
  {
    name: 'short-client-assertions-only',
    // RFC 7523 section 3: the server may refuse an exp that is unreasonably far away.
    differs: 'A client assertion may live ten minutes at most.',
    ...replacingOAuth(() => ({
      'client-assertion-not-expired': (attempt) => {
        const exp = attempt.clientAssertion?.claims.exp;
        return typeof exp === 'number' && exp * 1000 > attempt.now + 600_000
          ? refusalFor('invalid_client')
          : usual['client-assertion-not-expired'](attempt);
      },
    })),
  },
  {
    name: 'client-assertions-more-than-once',
    // OpenID Connect Core section 9: unless the two agreed on reuse; RFC 7523 section 3.
    differs: 'A client assertion may be used until it expires.',
    ...allowing('client-assertion-not-used'),
  },
  {
    name: 'client-assertions-for-the-issuer-alone',
    differs: 'A client assertion names the issuer, as one text, and nothing else.',
    ...replacingOAuth(() => ({
      'client-assertion-audience-right': (attempt) =>
        attempt.clientAssertion && attempt.clientAssertion.claims.aud !== attempt.issuer
          ? refusalFor('invalid_client')
          : undefined,
    })),
  },
  {
    name: 'client-assertions-for-the-endpoint-alone',
    // OpenID Connect Core section 9: the URL of the token endpoint.
    differs: 'A client assertion names the URL of the token endpoint.',
    ...replacingOAuth(() => ({
      'client-assertion-audience-right': (attempt) =>
        usual['client-assertion-audience-right']({ ...attempt, audiences: [`${attempt.issuer}/token`] }),
    })),
  },
  {
    name: 'assertion-read-before-its-client',
    differs: 'Of a client assertion the algorithm is asked last.',
    ...reordering((names) =>
      names.includes('client-assertion-algorithm-right')
        ? [...names.filter((one) => one !== 'client-assertion-algorithm-right')].toSpliced(
            names.indexOf('client-assertion-id-present'),
            0,
            'client-assertion-algorithm-right',
          )
        : names,
    ),
  },
];
