import { defaultBehaviours as usual } from '../../behaviours.ts';
import { invalidRequest } from '../../core/refusal.ts';
import { specOf } from '../../fronts/aws-json/contract.ts';
import { atToken, type Defect, everywhere, replacing, textOf, tokens, withHeader } from '../defect.ts';
import { answering, awsError, intercepting, isError, membersOf } from './kit.ts';

const contentType = 'AWS-content-type-not-enforced';

/** How a request is read. */
export const requests: readonly Defect[] = [
  {
    name: 'get-served',
    changes: 'GET with everything in the query is served.',
    breaks: ['RFC6749-3.2-get-not-accepted'],
    at: atToken,
    ...replacing(() => ({
      route: (request) =>
        usual.route({ ...request, method: request.method === 'GET' ? 'POST' : request.method }),
      'body-object': (text) => usual['body-object'](text === '' ? '{}' : text),
      'pick-member': (body, name, { method, query }) =>
        body[name] ?? (method === 'GET' ? (query.get(name) ?? undefined) : undefined),
    })),
  },
  {
    name: 'any-method-served',
    changes: 'Every method is served like POST.',
    breaks: ['RFC9110-15.5.6-405-allow'],
    at: atToken,
    ...replacing(() => ({ route: (request) => usual.route({ ...request, method: 'POST' }) })),
  },
  {
    name: 'post-refused',
    changes: 'Only PUT is served.',
    breaks: ['RFC6749-3.2-post-accepted'],
    at: atToken,
    ...replacing(() => ({
      route: (request) =>
        request.path === '/token' && request.method === 'POST' ? 'wrong-method' : usual.route(request),
    })),
  },
  {
    name: 'chunked-refused',
    changes: 'A chunked request is refused.',
    breaks: ['RFC9112-7.1-chunked-request'],
    at: atToken,
    ...intercepting((_, { headers: sent }) =>
      sent.has('transfer-encoding') ? awsError('InvalidRequestException') : undefined,
    ),
  },
  {
    name: 'content-type-enforced',
    changes: 'A Content-Type other than application/json is refused.',
    breaks: [contentType],
    at: atToken,
    ...intercepting((_, { headers: sent }) =>
      sent.get('content-type')?.[0] === 'application/json' ? undefined : awsError('InvalidRequestException'),
    ),
  },
  {
    name: 'form-served',
    changes: 'A form is served as well as JSON.',
    breaks: ['RFC6749-4-non-form-body-rejected'],
    at: atToken,
    ...replacing(() => ({
      'body-object': (text) =>
        usual['body-object'](text) ??
        (/^\w+=/.test(text) ? Object.fromEntries(new URLSearchParams(text)) : undefined),
    })),
  },
  {
    name: 'unknown-members-refused',
    changes: 'A member that is unknown is refused.',
    breaks: ['RFC6749-3.2-unknown-params-ignored', 'RFC8628-3.1-parameter-rules'],
    at: everywhere,
    ...intercepting((sent, _, operation) =>
      Object.keys(sent).every((name) => name in specOf(operation).request)
        ? undefined
        : awsError('InvalidRequestException'),
    ),
  },
  {
    name: 'odd-member-names-denied',
    changes:
      'A member whose name has more than letters, digits and hyphens is answered with AccessDeniedException.',
    breaks: ['RFC6749-3.2-unknown-params-ignored'],
    at: tokens,
    ...intercepting((sent, _, operation) =>
      tokens.includes(operation) && Object.keys(sent).some((name) => !/^[\w-]*$/.test(name))
        ? awsError('AccessDeniedException')
        : undefined,
    ),
  },
  {
    name: 'null-members-refused',
    changes: 'A member that is null is refused.',
    breaks: ['RFC6749-3.2-empty-optional-param'],
    at: atToken,
    ...intercepting((sent) =>
      Object.values(sent).includes(null) ? awsError('InvalidRequestException') : undefined,
    ),
  },
  {
    name: 'empty-scope-refused',
    changes: 'An empty list of scopes is refused.',
    breaks: ['RFC6749-3.2-empty-optional-param'],
    at: atToken,
    ...intercepting(({ scope }) =>
      Array.isArray(scope) && scope.length === 0 ? awsError('InvalidScopeException') : undefined,
    ),
  },
  {
    name: 'empty-values-kept',
    changes: 'An empty code or token is looked up like any other.',
    breaks: ['RFC6749-3.2-empty-required-param', 'RFC7636-4.6-missing-verifier'],
    at: tokens,
    ...replacing(() => ({ 'member-absent': (value) => value === undefined || value === null })),
  },
  {
    name: 'member-names-in-any-case',
    changes: 'The names of members are compared without regard to case.',
    breaks: ['RFC6749-1.8-names-case-sensitive'],
    at: atToken,
    ...replacing(() => ({
      'pick-member': (body, name) =>
        Object.entries(body).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1],
    })),
  },
  {
    name: 'last-member-counts',
    changes: 'Of a member that comes twice the last one counts.',
    breaks: [
      'RFC6749-3.2-duplicate-grant_type',
      'RFC6749-3.2-duplicate-client-params',
      'RFC6749-3.2-duplicate-grant-params',
    ],
    at: atToken,
    ...replacing(() => ({ 'member-names-unique': () => true })),
  },
  {
    name: 'text-behind-json-ignored',
    changes: 'What follows the JSON of a request is ignored.',
    breaks: ['RFC6749-5.2-malformed-encoding'],
    at: atToken,
    ...replacing(() => ({
      'body-object': (text) =>
        usual['body-object'](text) ?? usual['body-object'](text.replace(/\}[^}]*$/, '}')),
    })),
  },
  {
    name: 'invalid-utf-8-read',
    changes: 'A request that is not UTF-8 is read all the same.',
    breaks: ['RFC6749-5.2-malformed-encoding'],
    at: atToken,
    ...replacing(() => ({ 'body-text': (bytes) => Buffer.from(bytes).toString('utf8') })),
  },
  {
    name: 'numbers-as-text',
    changes: 'A number in place of text is converted, and a list of one text unpacked.',
    breaks: ['RFC6749-5.2-malformed-encoding'],
    at: atToken,
    ...replacing(() => ({
      'pick-member': (body, name, request) => {
        const value = usual['pick-member'](body, name, request);
        return Array.isArray(value) && value.length === 1 && !name.startsWith('scope') ? value[0] : value;
      },
    })),
  },
  {
    name: 'malformed-json-as-500',
    changes: 'JSON that cannot be read is answered with status 500.',
    breaks: ['RFC6749-5.2-no-5xx-for-client-errors', 'RFC6749-5.2-malformed-encoding'],
    at: everywhere,
    ...intercepting((_, request) =>
      Object.keys(membersOf(request)).length === 0 && (request.body?.length ?? 0) > 0
        ? awsError('InternalServerException', 'com.amazonaws.JsonParseException at line 1')
        : undefined,
    ),
  },
  {
    name: 'input-reflected',
    changes: 'A code that cannot be found is repeated in the description, whatever is in it.',
    breaks: ['RFC6749-10.14-input-sanitised'],
    at: atToken,
    ...answering((passing) => {
      const { response, members: sent } = passing;
      const value = textOf(sent, 'code') ?? '';
      if (!isError(passing) || !passing.body) return response;
      return {
        ...response,
        body: JSON.stringify({ ...passing.body, error_description: value.slice(0, 300) }),
      };
    }),
  },
  {
    name: 'header-injected',
    changes: 'What cannot be found is repeated in a header, line breaks included.',
    breaks: ['RFC6749-10.14-input-sanitised'],
    at: atToken,
    ...answering((passing) => {
      const [, name, value] = /\r\n([\w-]+): (\w+)/.exec(Object.values(passing.members).join()) ?? [];
      return isError(passing) && name && value ? withHeader(passing.response, name, value) : passing.response;
    }),
  },
  {
    name: 'mistyped-members-as-500',
    changes: 'A member of the wrong JSON type is answered with status 500.',
    breaks: ['RFC6749-5.2-no-5xx-for-client-errors', 'RFC6749-5.2-malformed-encoding'],
    at: everywhere,
    ...replacing(() => ({
      'mistyped-member': () => ({
        ...invalidRequest('member'),
        exception: 'InternalServerException',
        error: 'server_error',
      }),
    })),
  },
];
