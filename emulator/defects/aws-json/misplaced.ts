import { defaultBehaviours as usual } from '../../behaviours.ts';
import { atToken, type Defect, replacing } from '../defect.ts';

/** Members that are taken from where none belongs: the query for a request, the request for an answer. */
export const misplaced: readonly Defect[] = [
  {
    name: 'credentials-in-query',
    changes: 'Client id and secret are taken from the query as well.',
    breaks: ['RFC6749-2.3.1-credentials-not-in-uri'],
    at: atToken,
    ...replacing(() => ({
      'pick-member': (body, name, { query }) =>
        usual['pick-member'](body, name, { query } as never) ??
        (name.startsWith('client') ? (query.get(name) ?? undefined) : undefined),
    })),
  },
  {
    name: 'members-in-query',
    changes: 'Every member but the credentials is taken from the query as well, whatever the body.',
    breaks: ['RFC6749-3.2-grant-params-not-in-query'],
    at: atToken,
    ...replacing(() => ({
      'body-object': (text) => usual['body-object'](text === '' ? '{}' : text),
      'pick-member': (body, name, { query }) => body[name] ?? query.get(name) ?? undefined,
    })),
  },
  {
    name: 'scope-widened',
    changes: 'A code exchange answers with whatever scope it is asked for.',
    breaks: ['RFC6749-3.3-code-exchange-no-scope-widening'],
    at: atToken,
    middleware: () => async (request, endpoint) => {
      const response = await endpoint(request);
      const asked = /"scope":(\[[^\]]*\])/.exec(Buffer.from(request.body ?? '').toString())?.[1];
      if (asked === undefined || response.status !== 200) return response;
      return { ...response, body: String(response.body).replace(/}$/, `,"scope":${asked}}`) };
    },
  },
];
