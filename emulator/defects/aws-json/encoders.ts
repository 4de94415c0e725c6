import type { JsonObject } from '../../wire.ts';
import { atIamToken, type Change, type Defect, tokens } from '../defect.ts';
import { editing, of } from './kit.ts';
import { editingLater } from './later-answers.ts';

const success = 'RFC6749-6-refresh-success';

/** What comes back went through an encoder once too often, or through the wrong one. */
export const encoders: readonly Defect[] = [
  {
    name: 'later-refresh-token-with-blanks',
    changes:
      'From the second refresh of a family on, a plus sign in the refresh token comes back as a blank.',
    breaks: [success],
    at: tokens,
    ...editingLater(3, (body) => ({ ...body, refreshToken: forged(body.refreshToken, /[+]/g, ' ') })),
  },
  {
    name: 'later-refresh-token-encoded-twice',
    changes: 'From the second refresh of a family on, the refresh token is percent-encoded.',
    breaks: [success],
    at: tokens,
    ...editingLater(3, (body) => ({
      ...body,
      refreshToken: forged(body.refreshToken, /[+:/=]/g, encodeURIComponent),
    })),
  },
  {
    name: 'later-access-token-in-lines',
    changes: 'From the second refresh of a family on, the access token is broken into lines as in mail.',
    breaks: ['RFC6749-A.12-access_token-charset'],
    at: tokens,
    ...editingLater(3, (body) => ({ ...body, accessToken: forged(body.accessToken, /.{76}/g, inLines) })),
  },
  {
    name: 'later-refresh-token-in-lines',
    changes: 'From the second refresh of a family on, the refresh token is broken into lines as in mail.',
    breaks: ['RFC6749-A.17-refresh_token-charset'],
    at: tokens,
    ...editingLater(3, (body) => ({ ...body, refreshToken: forged(body.refreshToken, /.{76}/g, inLines) })),
  },
  {
    name: 'scope-without-namespace',
    changes: 'A scope that was asked for comes back up to its first colon.',
    breaks: ['AWS-CreateTokenWithIAM-scope-narrowed'],
    at: atIamToken,
    ...narrowed((scope) => scope.map((one) => one.replace(/:.*/, ''))),
  },
  {
    name: 'scope-of-one-item',
    changes: 'Of several scopes that were asked for only the first comes back.',
    breaks: ['AWS-CreateTokenWithIAM-scope-narrowed'],
    at: atIamToken,
    ...narrowed((scope) => scope.slice(0, 1)),
  },
  {
    name: 'scope-with-plus-signs',
    changes: 'Several scopes that were asked for come back as one, with plus signs between them.',
    breaks: ['AWS-CreateTokenWithIAM-scope-narrowed'],
    at: atIamToken,
    ...narrowed((scope) => [scope.join('+')]),
  },
  {
    name: 'identity-context-with-blanks',
    changes: 'Plus signs of the identity context come back as blanks, but not in the ID token.',
    breaks: ['AWS-CreateTokenWithIAM-identity-context'],
    at: atIamToken,
    ...editing(of('iam_token'), (body) => {
      const details = body.awsAdditionalDetails as JsonObject | null;
      if (!details) return body;
      const identityContext = String(details.identityContext).replace(/[+/]/g, ' ');
      return { ...body, awsAdditionalDetails: { ...details, identityContext } };
    }),
  },
];

const inLines = (line: string): string => `${line}\r\n`;

/** A text with something in other words; what is no text stays. */
function forged(value: unknown, what: RegExp, by: string | ((found: string) => string)): unknown {
  return typeof value === 'string' ? value.replace(what, by as string) : value;
}

/** What an answer says of the scope that a request asked for. */
function narrowed(change: (scope: readonly string[]) => readonly string[]): Change {
  return editing(of('iam_token'), (body, { members }) =>
    Array.isArray(members.scope) && members.scope.length > 0
      ? { ...body, scope: change(members.scope as string[]) }
      : body,
  );
}
