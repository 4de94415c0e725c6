import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import { atToken, type Change, type Defect, replacingOAuth, together } from '../defect.ts';
import { passing, passingWhen, refusingAs, rereading } from './client-kit.ts';

const several = 'RFC6749-5.2-multiple-auth-invalid_request';
const repeated = 'RFC6749-3.2-duplicate-client-params';
const wrongSecret = 'RFC6749-5.2-invalid_client-wrong-secret';
const noAuthentication = 'RFC6749-5.2-invalid_client-no-auth';

/** Of several parameters of one of these names only one is read. */
const choosing = (
  names: readonly string[],
  which: (values: readonly string[]) => readonly (string | undefined)[],
): Change =>
  replacingOAuth(() => ({
    'form-pairs': (text) => {
      const pairs = usual['form-pairs'](text);
      if (!pairs) return undefined;
      const chosen = names.flatMap((name) => {
        const values = pairs.filter(([one]) => one === name).map(([, value]) => value);
        return which(values).flatMap((value) => (value === undefined ? [] : [[name, value] as const]));
      });
      return [...pairs.filter(([name]) => !names.includes(name)), ...chosen];
    },
  }));

/** What a body says of its client, and how often anything says it. */
export const credentials: readonly Defect[] = [
  {
    name: 'two-methods-header-counts',
    changes: 'Beside an Authorization header, a client_secret in the body is ignored.',
    breaks: [several],
    at: atToken,
    ...passing('one-method-only'),
  },
  {
    name: 'two-methods-body-counts',
    changes: 'Beside a client_secret in the body, the Authorization header is ignored.',
    breaks: [several],
    at: atToken,
    ...rereading((form) => (form.has('client_secret') ? { header: false } : undefined)),
  },
  {
    name: 'two-methods-alike-accepted',
    changes: 'Two methods at once are refused only where their secrets differ.',
    breaks: [several],
    at: atToken,
    ...rereading((form, header) => {
      const secret = header && usual['basic-credentials'](header)?.secret;
      if (form.get('client_secret') === secret) form.delete('client_secret');
      return undefined;
    }),
  },
  {
    name: 'two-methods-as-unauthorized-client',
    changes: 'Two methods at once are answered with unauthorized_client.',
    breaks: [several],
    at: atToken,
    ...refusingAs('unauthorized_client', ['one-method-only']),
  },
  {
    name: 'client-id-first-counts',
    changes: 'Of several client_id parameters the first counts.',
    breaks: [repeated],
    at: atToken,
    ...choosing(['client_id'], (values) => [values[0]]),
  },
  {
    name: 'client-secret-first-counts',
    changes: 'Of several client_secret parameters the first counts.',
    breaks: [repeated],
    at: atToken,
    ...choosing(['client_secret'], (values) => [values[0]]),
  },
  {
    name: 'credentials-last-count',
    changes: 'Of several client_id or client_secret parameters the last counts.',
    breaks: [repeated],
    at: atToken,
    ...choosing(['client_id', 'client_secret'], (values) => [values.at(-1)]),
  },
  {
    name: 'credentials-alike-count-once',
    changes: 'A client_id or client_secret that is repeated as it is counts once.',
    breaks: [repeated],
    at: atToken,
    ...choosing(['client_id', 'client_secret'], (values) => [...new Set(values)]),
  },
  {
    name: 'secret-optional-in-body',
    changes: 'A client that sends its secret in the body may leave it out.',
    breaks: [noAuthentication, wrongSecret],
    at: atToken,
    ...passingWhen(
      ({ presented, client }) => presented.method === 'none' && client?.method === 'client_secret_post',
      'method-as-registered',
      'client-secret-right',
    ),
  },
  {
    name: 'secret-empty-is-right',
    changes: 'A client_secret that is there and empty is the secret of every client.',
    breaks: [wrongSecret],
    at: atToken,
    ...together([
      replacingOAuth(() => ({ 'parameter-absent': () => false })),
      passingWhen(({ presented }) => presented.secret === '', 'client-secret-right'),
    ]),
  },
  {
    name: 'secret-by-its-beginning',
    changes: 'Any beginning of the secret is taken for it, also the empty one.',
    breaks: [wrongSecret],
    at: atToken,
    ...together([
      replacingOAuth(() => ({ 'parameter-absent': () => false })),
      passingWhen(
        ({ presented, client }) => client?.secret.startsWith(presented.secret ?? '-') === true,
        'client-secret-right',
      ),
    ]),
  },
  {
    name: 'secret-missing-as-unauthorized-client',
    changes: 'A client_id without its secret is answered with unauthorized_client.',
    breaks: [noAuthentication],
    at: atToken,
    ...refusingAs(
      'unauthorized_client',
      ['method-as-registered'],
      ({ presented }) => presented.method === 'none',
    ),
  },
];
