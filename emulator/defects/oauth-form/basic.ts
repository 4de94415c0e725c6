import type { Members } from '../../core/attempt.ts';
import { coreBehaviours } from '../../core/behaviours.ts';
import type { State } from '../../core/state.ts';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import type { BasicCredentials } from '../../fronts/oauth-form/credentials.ts';
import { formDecoded } from '../../fronts/oauth-form/form.ts';
import { atToken, type Change, type Defect, replacingOAuth, together } from '../defect.ts';
import { breakingAt, passingWhen, refusingAs, rereading } from './client-kit.ts';

const supported = 'RFC6749-2.3.1-basic-supported';
const malformed = 'RFC6749-2.3.1-basic-malformed';
const encoding = 'RFC6749-2.3.1-basic-form-encoding';
const firstColon = 'RFC7617-2-first-colon';
const otherScheme = 'RFC9110-11.6.2-other-scheme';
const schemeCase = 'RFC9110-11.1-basic-scheme-case';

const reading = (of: (header: string) => BasicCredentials | undefined): Change =>
  replacingOAuth(() => ({ 'basic-credentials': of }));

/** The header as it would be, had its scheme been Basic all along. */
const asBasic = (scheme: RegExp) =>
  reading((header) => usual['basic-credentials'](header.replace(scheme, 'Basic ')));

const onlyBy = (scheme: RegExp) =>
  reading((header) => (scheme.test(header) ? usual['basic-credentials'](header) : undefined));

/** What a header has in Base64, in pieces between colons; empty where it is no Base64. */
function piecesOf(header: string): readonly string[] {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header.trim()) ?? [];
  return encoded === undefined ? [] : Buffer.from(encoded, 'base64').toString().split(':');
}

const pieces = (of: (all: readonly string[]) => BasicCredentials | undefined): Change =>
  reading((header) => {
    const all = piecesOf(header);
    return (all.length > 0 ? of(all) : undefined) ?? usual['basic-credentials'](header);
  });

const decoded = (text = ''): string => formDecoded(text) ?? '';

/** Looks for clients in another way than by their id. */
const finding = (isMeant: (client: BasicCredentials, members: Members) => boolean): Change =>
  replacingOAuth(() => ({
    'find-client': (state: State, members: Members) =>
      coreBehaviours['find-client'](state, members) ??
      [...state.clients.values()].find((one) => isMeant(one, members)),
  }));

/** HTTP Basic at the token endpoint. */
export const basics: readonly Defect[] = [
  {
    name: 'basic-unsupported',
    changes: 'No client can authenticate by HTTP Basic.',
    breaks: [supported],
    at: atToken,
    ...reading(() => undefined),
  },
  {
    name: 'basic-only-beside-client-id',
    changes: 'HTTP Basic counts only where the body has the client_id as well.',
    breaks: [supported],
    at: atToken,
    ...rereading((form) => (form.has('client_id') ? undefined : { header: false })),
  },
  {
    name: 'basic-by-any-scheme',
    changes: 'Credentials behind any scheme are read as those of Basic.',
    breaks: [otherScheme],
    at: atToken,
    ...asBasic(/^\S+ +/),
  },
  {
    name: 'basic-by-prefix-of-scheme',
    changes: 'Every scheme that begins with Basic is read as Basic.',
    breaks: [otherScheme],
    at: atToken,
    ...asBasic(/^basic\S* +/i),
  },
  {
    name: 'basic-by-bearer',
    changes: 'A pair behind the scheme Bearer authenticates its client.',
    breaks: [otherScheme],
    at: atToken,
    ...asBasic(/^bearer +/i),
  },
  {
    name: 'basic-scheme-cut-off-unseen',
    changes: 'The first six characters of the Authorization header are cut off, whatever they are.',
    breaks: [otherScheme],
    at: atToken,
    ...asBasic(/^.{6} */),
  },
  {
    name: 'basic-scheme-in-one-case',
    changes: 'The scheme is compared with regard to case.',
    breaks: [schemeCase],
    at: atToken,
    ...onlyBy(/^Basic /),
  },
  {
    name: 'basic-scheme-in-two-cases',
    changes: 'The scheme may be written Basic or basic, and in no other case.',
    breaks: [schemeCase],
    at: atToken,
    ...onlyBy(/^[Bb]asic /),
  },
  {
    name: 'basic-scheme-with-capital',
    changes: 'The scheme has to begin with a capital letter.',
    breaks: [schemeCase],
    at: atToken,
    ...onlyBy(/^B/),
  },
  {
    name: 'basic-secret-cut-at-second-colon',
    changes: 'What stands behind a second colon is no part of the secret.',
    breaks: [firstColon],
    at: atToken,
    ...pieces(([id = '', secret, ...more]) =>
      more.length > 0 ? { id: decoded(id), secret: decoded(secret) } : undefined,
    ),
  },
  {
    name: 'basic-secret-behind-last-colon',
    changes: 'The id ends at the first colon, and the secret begins behind the last one.',
    breaks: [firstColon],
    at: atToken,
    ...pieces((all) => (all.length > 2 ? { id: decoded(all[0]), secret: decoded(all.at(-1)) } : undefined)),
  },
  {
    name: 'basic-without-colon-by-id-alone',
    changes: 'Basic credentials without a colon are taken for those of a client without a secret.',
    breaks: [malformed],
    at: atToken,
    ...together([
      pieces(([id = '', ...more]) => (more.length === 0 ? { id: decoded(id), secret: '' } : undefined)),
      passingWhen(({ presented }) => presented.secret === '', 'client-secret-right'),
    ]),
  },
  {
    name: 'basic-colon-optional',
    changes: 'The id and the secret need no colon between them.',
    breaks: [malformed],
    at: atToken,
    ...together([
      pieces(([id = '', ...more]) => (more.length === 0 ? { id, secret: '' } : undefined)),
      finding((client, { client_id }) => client.id + client.secret === client_id),
      passingWhen(
        ({ client, presented }) => client !== undefined && client.id + client.secret === presented.clientId,
        'client-secret-right',
      ),
    ]),
  },
  {
    name: 'basic-client-by-secret',
    changes: 'Where the id is empty, the client is found by its secret.',
    breaks: [malformed],
    at: atToken,
    ...together([
      pieces(([id, ...secret]) => (id === '' ? { id, secret: decoded(secret.join(':')) } : undefined)),
      finding((client, { client_id, client_secret }) => client_id === '' && client.secret === client_secret),
    ]),
  },
  {
    name: 'basic-in-plain-text',
    changes: 'The id and the secret may stand behind Basic as they are.',
    breaks: [malformed],
    at: atToken,
    ...reading((header) =>
      usual['basic-credentials'](
        header.replace(/^(Basic) +([^:]+:.+)$/, (_, scheme, pair) => `${scheme} ${btoa(pair)}`),
      ),
    ),
  },
  {
    name: 'basic-decoded-before-it-is-split',
    changes: 'The pair is decoded as a form before its colon is looked for.',
    breaks: [malformed],
    at: atToken,
    ...pieces((all) => {
      const [id = '', ...secret] = decoded(all.join(':')).split(':');
      return secret.length > 0 ? { id, secret: secret.join(':') } : undefined;
    }),
  },
  {
    name: 'basic-malformed-as-server-error',
    changes: 'Basic credentials that cannot be read are a server error.',
    breaks: [malformed],
    at: atToken,
    ...breakingAt('credentials-readable'),
  },
  {
    name: 'basic-empty-as-server-error',
    changes: 'Basic credentials without an id and a secret are a server error.',
    breaks: [malformed],
    at: atToken,
    ...reading((header) => {
      if (/^basic *(Og==)?$/i.test(header.trim())) throw new Error('There is neither id nor secret.');
      return usual['basic-credentials'](header);
    }),
  },
  {
    name: 'basic-malformed-as-unauthorized-client',
    changes: 'Basic credentials that cannot be read are answered with unauthorized_client.',
    breaks: [malformed],
    at: atToken,
    ...refusingAs('unauthorized_client', ['credentials-readable']),
  },
  {
    name: 'basic-not-decoded',
    changes: 'The id and the secret of Basic are compared as they are spelt.',
    breaks: [encoding],
    at: atToken,
    ...pieces(([id, ...secret]) => (id && secret.length > 0 ? { id, secret: secret.join(':') } : undefined)),
  },
  {
    name: 'basic-id-not-decoded',
    changes: 'The id of Basic is compared as it is spelt.',
    breaks: [encoding],
    at: atToken,
    ...pieces(([id, ...secret]) =>
      id && secret.length > 0 ? { id, secret: decoded(secret.join(':')) } : undefined,
    ),
  },
  {
    name: 'basic-secret-not-decoded',
    changes: 'The secret of Basic is compared as it is spelt; each has a full stop.',
    breaks: [encoding],
    at: atToken,
    ...together([
      pieces(([id, ...secret]) =>
        id && secret.length > 0 ? { id: decoded(id), secret: secret.join(':') } : undefined,
      ),
      replacingOAuth(() => ({ 'new-client-secret': (facts) => `${usual['new-client-secret'](facts)}.` })),
    ]),
  },
  {
    name: 'basic-decoded-from-capitals-alone',
    changes: 'A percent-encoding in Basic is decoded only where its digits are capitals.',
    breaks: [encoding],
    at: atToken,
    ...pieces(([id = '', ...secret]) => {
      const isSmall = /%[\dA-F]?[a-f]/.test([id, ...secret].join(':'));
      return isSmall && id !== '' && secret.length > 0 ? { id, secret: secret.join(':') } : undefined;
    }),
  },
];
