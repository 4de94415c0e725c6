import { existsSync } from 'node:fs';
import { stringify } from 'yaml';
import { planFor } from '../harness/plan/plan.ts';
import { defaultRedirectUri } from '../harness/world/clients.ts';
import { forTerminal } from '../reporters/escape.ts';
import { profileNames } from '../specs/read.ts';
import { type Document, listIn } from '../targets/metadata.ts';
import { UserError } from '../targets/problem.ts';
import { type Reached, reach, targetReached } from '../targets/reach.ts';
import { limitsOf, type Target, targetOfIssuer } from '../targets/target/target.ts';
import { transportTo } from '../targets/transport/to-target.ts';
import { openCatalogue } from './catalogue.ts';
import { chooseTarget } from './choose.ts';
import { writeText } from './reports.ts';

export interface InitOptions {
  readonly issuer: string;
  readonly profile?: string;
  /** Path of the file that is written. */
  readonly out: string;
}

/**
 * Asks a server for its metadata and writes a target file: what was found, what a run will need, and what cannot be
 * tested without more.
 *
 * @returns what to say of it, and what to do next
 * @throws {UserError} when the file is there already, or the server tells nothing of itself
 */
export async function init(
  { issuer, profile: wished, out }: InitOptions,
  warn: (message: string) => void,
): Promise<string> {
  if (existsSync(out))
    throw new UserError(
      `${out} is there already, and init overwrites nothing: give another name with --out.`,
    );
  const asked = chooseTarget({ issuer, profile: wished ?? 'oidc' });
  const transport = transportTo(asked);
  const reached = await reach(asked, transport).finally(() => transport.close());
  const { trouble, document, warnings } = reached;
  if (trouble !== undefined || document === undefined)
    throw new UserError(trouble?.message ?? `${issuer} has no metadata.`);
  for (const warning of warnings) warn(warning);
  const profile = wished ?? (isOpenId(document) ? 'oidc' : 'oauth2');
  writeText(out, targetFile(reached, document, targetOfIssuer(issuer, profile, new URL(issuer).host)));
  const command = `npx token-conformance run --target ${forTerminal(out)}`;
  return `target file: ${forTerminal(out)}\nnext: read it, fill in what it asks for, then ${command}\n`;
}

const isOpenId = (document: Document): boolean =>
  document.id_token_signing_alg_values_supported !== undefined ||
  (listIn(document, 'scopes_supported') ?? []).includes('openid');

/** A text of the server as a comment may hold it: on its line, and not too long. */
function said(text: string): string {
  const one = forTerminal(text).replaceAll(/\s+/g, ' ');
  return one.length > 200 ? `${one.slice(0, 200)}…` : one;
}

const listed = (values: readonly string[] = []): string =>
  values.length > 0 ? said(values.join(', ')) : 'not said';

/** A value on one line of YAML. */
const inLine = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0 })
    .trim()
    .replace(/^\[ (.*) \]$/, '[$1]');

/** The scopes that make codes bring ID tokens and refresh tokens, where the server has them. */
const wanted = ['openid', 'offline_access'];

/** @param target what can be said of the server without a file */
export function targetFile(reached: Reached, document: Document, target: Target): string {
  const { endpoints } = reached;
  const { issuer = '', profile = '', name } = target;
  const known = listIn(document, 'scopes_supported') ?? [];
  const scopes = known.length > 0 ? wanted.filter((one) => known.includes(one)) : target.scopes;
  const others = profileNames('oauth-form').filter((one) => one !== profile);
  const width = Math.max(...Object.keys(endpoints).map((one) => one.length));
  const lines = [
    '# A target file of token-conformance: what its metadata says of this server, and what is left to say.',
    '',
    `name: ${inLine(name)}`,
    `profile: ${profile} # or ${others.join(', ')}`,
    `issuer: ${inLine(issuer)}`,
    '',
    '# Where its operations are follows from the metadata. What "endpoints" says here would be used in place of that.',
    ...Object.entries(endpoints).map(([operation, url]) => `#   ${operation.padEnd(width)}  ${said(url)}`),
    `# Grants: ${listed(listIn(document, 'grant_types_supported'))}`,
    `# Client authentication: ${listed(listIn(document, 'token_endpoint_auth_methods_supported'))}`,
    ...leftOut(reached),
    '',
    scopes.length > 0
      ? `scopes: ${inLine(scopes)} # what is asked for; there are: ${listed(known)}`
      : `# scopes: [read] # what is asked for, where something is; there are: ${listed(known)}`,
    '',
    ...loginLines(endpoints),
    ...clientLines(reached, document),
    ...fixtureLines(reached, target),
  ];
  return `${lines.join('\n')}\n`;
}

/** What does not apply, since the metadata says that it is not there. */
function leftOut({ unoffered }: Reached): string[] {
  const names = [
    ...new Set(unoffered.map(({ grant, operation, method }) => grant ?? operation ?? method ?? '')),
  ];
  return names.length === 0
    ? []
    : [`# Not there by the metadata, so that cases of it do not apply: ${names.join(', ')}`];
}

function loginLines({ authorization }: Reached['endpoints']): string[] {
  if (authorization === undefined)
    return ['# There is no authorization endpoint, so codes come from a fixture service alone.', ''];
  return [
    '# A user of the server: codes, and decisions about devices, are fetched through its own pages, without scripts.',
    `# login: { username: alice, password: ${fromEnvironment('LOGIN_PASSWORD')} } # read from the environment`,
    '',
  ];
}

/** How a target file names a variable of the environment. */
const fromEnvironment = (name: string): string => `"$\{${name}}"`;

function clientLines({ endpoints: { register } }: Reached, document: Document): string[] {
  if (register !== undefined)
    return [
      `# Clients are registered at ${said(register)}. Where that is not open, declare "clients" here.`,
      '',
    ];
  const listedMethods = listIn(document, 'token_endpoint_auth_methods_supported') ?? [];
  const isOffered = (method: string) => listedMethods.length === 0 || listedMethods.includes(method);
  const method = isOffered('client_secret_basic') ? '' : ', authMethod: client_secret_post';
  const confidential = (id: string, secret: string) =>
    `#   ${id}: { clientId: ${id}, clientSecret: ${fromEnvironment(secret)}${method}, redirectUris: [${defaultRedirectUri}] }`;
  return [
    '# There is no registration: without clients nothing can be tested. The second one is for "another client".',
    '# clients:',
    ...(isOffered('client_secret_basic') || isOffered('client_secret_post')
      ? [confidential('web', 'WEB_SECRET'), confidential('other', 'OTHER_SECRET')]
      : []),
    ...(isOffered('none')
      ? [`#   spa: { clientId: spa, authMethod: none, redirectUris: [${defaultRedirectUri}] }`]
      : []),
    '',
  ];
}

/** By the part of the fixture that they need, how many cases there are. */
function fixtureLines(reached: Reached, given: Target): string[] {
  const target = targetReached({ ...given, limits: limitsOf(given) }, reached);
  const own = [
    'client',
    ...(reached.endpoints.authorization ? ['authorization-code', 'device-decision'] : []),
  ];
  const counts = new Map<string, number>();
  for (const { needs, notApplicable } of planFor(openCatalogue(target), target).cases) {
    const fixtures = needs.flatMap((need) => (typeof need === 'string' ? (need.split('/')[0] ?? []) : []));
    for (const fixture of new Set(notApplicable === undefined ? fixtures : []))
      if (!/^(?:auth|feature):/.test(fixture)) counts.set(fixture, (counts.get(fixture) ?? 0) + 1);
  }
  const lines = [...counts]
    .filter(([fixture]) => !own.includes(fixture))
    .map(
      ([fixture, count]) =>
        `#   - { fixture: ${fixture}, reason: the server has no fixture service } # ${count} ${count === 1 ? 'case' : 'cases'}`,
    );
  return [
    '# What nobody can bring about from outside, a fixture service does (see the README). Without one these cases are not',
    '# tested, and a run ends with 2; a limit says for good that the server has none, and then they do not apply.',
    '# fixtures: http://127.0.0.1:9400/_fixtures',
    '# limits:',
    ...lines,
  ];
}
