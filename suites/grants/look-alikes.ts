import type { Case } from '../../harness/case.ts';
import { documented, type Expectation, refused, rejected } from '../../harness/expectation.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { Client, Code } from '../../harness/world/artefacts.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { refusal } from '../kit/cases.ts';
import { otherAt, set, swappedCase } from '../kit/change.ts';
import { invalidGrant } from '../kit/evidence.ts';
import { deviceAuthorization, type Given, redeeming } from '../kit/given.ts';
import { type GrantAt, ofGrant, thingOf } from '../kit/grant.ts';
import { codeGrants, grants } from './table.ts';

/** Another text that something in between may take for the right one: a collation, a decoder, a column, a C string. */
interface Form {
  readonly name: string;
  readonly title: string;
  readonly of: (valid: string) => string;
  /** It has characters that RFC 6749 Appendix A allows in no code, token or secret, or none that a client would send. */
  readonly malformed?: true;
}

/** Before the last few characters of a part: in base64 these may have bits that mean nothing. */
const nearTheEnd = (text: string): number => {
  const [last] = [...text.matchAll(/[A-Za-z0-9](?=[\w-]{4})/g)].slice(-1);
  return last?.index ?? 0;
};

export const blankBefore: Form = {
  name: 'with-blank-before',
  title: 'with a blank before it',
  of: (valid) => ` ${valid}`,
  malformed: true,
};
export const blankBehind: Form = {
  name: 'with-blank-behind',
  title: 'with a blank behind it',
  of: (valid) => `${valid} `,
  malformed: true,
};
const lineBreak: Form = {
  name: 'with-line-break',
  title: 'with a line break behind it',
  of: (valid) => `${valid}\n`,
  malformed: true,
};
const nul: Form = {
  name: 'with-nul',
  title: 'with a NUL and more behind it',
  of: (valid) => `${valid}\u0000x`,
  malformed: true,
};
const percentEncoded: Form = {
  name: 'percent-encoded',
  title: 'with a letter percent-encoded',
  of: (valid) => valid.replace(/[A-Za-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  malformed: true,
};
const fullWidth: Form = {
  name: 'in-full-width',
  title: 'with a letter in its full-width form',
  of: (valid) => valid.replace(/[A-Za-z]/, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
  malformed: true,
};
const padded: Form = {
  name: 'with-padding',
  title: 'with an equals sign behind it',
  of: (valid) => `${valid}=`,
  malformed: true,
};
const otherCase: Form = {
  name: 'in-other-case',
  title: 'with the case of its letters swapped',
  of: swappedCase,
};
const otherBeginning: Form = {
  name: 'with-other-beginning',
  title: 'with its first character changed',
  of: (valid) => otherAt(valid, 0),
};
const otherEnd: Form = {
  name: 'with-other-end',
  title: 'with a character near its end changed',
  of: (valid) => otherAt(valid, nearTheEnd(valid)),
};

const ofArtefacts = [
  blankBefore,
  blankBehind,
  lineBreak,
  nul,
  percentEncoded,
  otherCase,
  otherBeginning,
  otherEnd,
];
const ofSecrets = [blankBefore, blankBehind, nul, percentEncoded, fullWidth];
const ofClientIds = [blankBehind, otherCase];
const ofVerifiers = [blankBehind, nul, percentEncoded, padded];

const malformedToo = (expect: Expectation): Expectation =>
  expect.kind === 'rejected'
    ? {
        ...expect,
        accept: [...expect.accept, documented('invalid_request', 'RFC 6749 §5.2: a malformed parameter')],
      }
    : expect;

/** Cases that send such a form of a member, one for each. */
export function lookAlikes(
  about: Pick<Case, 'operation' | 'requirement'> & Partial<Pick<Case, 'grant' | 'needs'>>,
  { folder, thing, member }: { readonly folder: string; readonly thing: string; readonly member: string },
  forms: readonly Form[],
  { given, expect }: { readonly given: Given; readonly expect: Expectation },
): Case[] {
  return forms.map(({ name, title, of, malformed }) =>
    refusal({
      ...about,
      id: `${folder}/${thing.replaceAll(' ', '-')}-${name}`,
      title: `the ${thing} ${title}`,
      given,
      change: set(member, of),
      expect: malformed ? malformedToo(expect) : expect,
    }),
  );
}

const invalidClient = rejected('invalid_client');

/** Forms of what a grant presents. */
export const artefactLookAlikes = (at: GrantAt): readonly Case[] =>
  lookAlikes(
    { ...ofGrant(at), requirement: at.unknown.requirement },
    { folder: at.folder, thing: thingOf(at), member: at.artefact },
    ofArtefacts,
    { given: at.given, expect: at.unknown.expect },
  );

const createToken: readonly Case[] = grants.flatMap((at) => {
  const { folder, grant, needs, given, artefact } = at;
  const about = { operation: 'token', grant, needs } as const;
  return [
    ...artefactLookAlikes(at),
    refusal({
      ...about,
      dialects: ['aws-json'],
      id: `${folder}/artefact-within-a-list`,
      title: `the ${thingOf(at)} as the only item of a list`,
      requirement: 'RFC6749-5.2-malformed-encoding',
      given,
      change: set(artefact, (valid: string) => [valid]),
      expect: refused(),
    }),
    ...lookAlikes(
      { ...about, requirement: 'RFC6749-5.2-invalid_client-wrong-secret' },
      { folder, thing: 'secret', member: 'client_secret' },
      ofSecrets,
      { given, expect: invalidClient },
    ),
    ...lookAlikes(
      { ...about, requirement: 'RFC6749-5.2-invalid_client-unknown-client' },
      { folder, thing: 'client id', member: 'client_id' },
      ofClientIds,
      { given, expect: invalidClient },
    ),
  ];
});

const startDevice = lookAlikes(
  { operation: 'device_authorization', requirement: 'RFC8628-3.1-client-auth' },
  { folder: 'start-device-authorization', thing: 'secret', member: 'client_secret' },
  ofSecrets,
  { given: deviceAuthorization, expect: invalidClient },
);

/** A client with these redirect URIs and a code for one of them; a case does not apply where they cannot be had. */
export async function codeFor(
  { client, operation }: GrantAt,
  redirectUris: readonly string[],
  redirectUri: string,
  world: World,
): Promise<{ readonly owner: Client; readonly code: Code; readonly request: Call }> {
  const owner = await client(world, { name: 'more redirect URIs', redirectUris }).catch((error) => {
    throw error instanceof Stop && error.kind === 'fixture' ? notOffered('redirectUris') : error;
  });
  const code = await world.authorizationCodeIfAllowed(owner, { redirectUri });
  if (code === undefined) throw notOffered('redirectUris');
  return { owner, code, request: redeeming(owner, code, operation) };
}

/** Host, port, escapes and parameters, all of which somebody normalises. */
const richUri = 'https://client.example/callback?tenant=a&next=%2fhome';

const otherUris = [
  ['host-in-upper-case', 'with its host in upper case', (uri: string) => uri.replace('client', 'CLIENT')],
  [
    'with-port-of-its-scheme',
    'with the port of its scheme written out',
    (uri: string) => uri.replace('.example', '.example:443'),
  ],
  ['with-other-escape', 'with a percent-encoding in upper case', (uri: string) => uri.replace('%2f', '%2F')],
  ['with-escape-decoded', 'with a percent-encoding decoded', (uri: string) => uri.replace('%2f', '/')],
  [
    'with-other-order',
    'with its parameters in another order',
    (uri: string) => uri.replace(/\?(.*)&(.*)$/, '?$2&$1'),
  ],
  ['with-fragment', 'with an empty fragment', (uri: string) => `${uri}#`],
] as const;

const redirectUris: readonly Case[] = codeGrants.flatMap((of) =>
  otherUris.map(([name, what, changed]) =>
    refusal({
      ...ofGrant(of),
      mayLack: ['redirectUris'],
      id: `${of.folder}/redirect-uri-${name}`,
      title: `a redirect URI with host and parameters, ${what}`,
      requirement: 'RFC6749-4.1.3-redirect_uri-identical',
      given: async (world) => (await codeFor(of, [richUri], richUri, world)).request,
      change: set('redirect_uri', changed),
      expect: invalidGrant,
    }),
  ),
);

const verifiers: readonly Case[] = codeGrants.flatMap(({ folder, operation, given, grant, needs }) =>
  lookAlikes(
    { operation, grant, needs, requirement: 'RFC7636-4.6-wrong-verifier' },
    { folder, thing: 'verifier', member: 'code_verifier' },
    ofVerifiers,
    { given, expect: invalidGrant },
  ),
);

export const memberLookAlikes: readonly Case[] = [...createToken, ...startDevice];

export const codeLookAlikes: readonly Case[] = [...redirectUris, ...verifiers];
