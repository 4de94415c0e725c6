import { readJson } from '../../json.ts';
import { headerOf } from '../../transport/headers.ts';
import type { Transport, WireResponse } from '../../transport/transport.ts';
import { type Browser, createBrowser, type Going, redirectOf } from './browser.ts';
import { type Errand, type Filled, fill, type Unknown } from './form.ts';
import { type Page, readPage, refreshOf } from './page.ts';
import { fieldsTold, placeOf, plain } from './told.ts';
import { saysApproved, saysDenied } from './words.ts';

/** Why a walk ended before its end. */
export class Ended extends Error {
  /**
   * `refused`: the server answered that it will not. `login`: it does not take the login, so that trying again may lock
   * the user out. `stuck`: nobody knows what the server would have done.
   */
  readonly kind: 'refused' | 'login' | 'stuck';
  constructor(kind: Ended['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What a walk has to reach. */
export interface Walk extends Errand {
  readonly url: string;
  /** The answer in a URL that is not to be fetched any more; undefined for any other URL. */
  readonly answerIn?: (url: string) => URLSearchParams | undefined;
}

/** Redirects count as well. */
const mostRequests = 40;
const mostForms = 15;
/** Seconds after which a page that leads on is left, though a form is on it. */
const soon = 5;

/** What is known of a walk while it lasts. */
interface Way {
  readonly walk: Walk;
  readonly browser: Browser;
  /** What must stand in no message. */
  readonly secrets: Set<string>;
  readonly sent: Filled[];
}

/**
 * Goes through the pages of a server until it answers: what stands in the URL that it sends the browser to. A walk that
 * is for no such URL ends at a page without a form, and gives nothing.
 *
 * @throws {Ended} (the promise rejects) when the server refuses, or a page cannot be passed
 */
export async function goThrough(
  walk: Walk,
  transport: Pick<Transport, 'send'>,
): Promise<URLSearchParams | undefined> {
  const { login, userCode } = walk;
  const browser = createBrowser(transport);
  const own = [login?.password, userCode, ...Object.values(login?.fields ?? {})];
  const way: Way = { walk, browser, secrets: new Set(own.filter(isLong(4))), sent: [] };
  let going: Going = { method: 'GET', url: walk.url };
  for (let requests = 0; requests < mostRequests; requests += 1) {
    const { response, failure } = await browser.go(going);
    for (const cookie of [...browser.cookies].filter(isLong(8))) way.secrets.add(cookie);
    if (response === undefined)
      throw new Ended('stuck', `${placeOf(going.url, way.secrets)} did not answer: ${failure}`);
    const next = await nextOf(way, going, response);
    if (next === undefined || next instanceof URLSearchParams) return next;
    checkPlace(way, next, going.url);
    going = next;
  }
  throw new Ended(
    'stuck',
    `the pages do not come to an end: after ${mostRequests} requests the browser was at ${placeOf(going.url, way.secrets)}`,
  );
}

const isLong =
  (least: number) =>
  (text: string | undefined): text is string =>
    (text ?? '').length >= least;

/** The next request, what the server answered at last, or nothing at the end of a walk that has no answer. */
async function nextOf(
  way: Way,
  { url, method, body }: Going,
  response: WireResponse,
): Promise<Going | URLSearchParams | undefined> {
  const { walk, secrets } = way;
  const to = redirectOf(response, url);
  if (to === null) throw new Ended('stuck', `${placeOf(url, secrets)} redirects to something that is no URL`);
  if (to !== undefined) {
    const answer = walk.answerIn?.(to);
    if (answer !== undefined) return answer;
    const keeps = response.status === 307 || response.status === 308;
    return keeps && method === 'POST' && body !== undefined
      ? { method, url: to, body, from: url }
      : { method: 'GET', url: to, from: url };
  }
  const page = pageIn(way, url, response);
  const { refresh } = page;
  const leadsOn =
    refresh && URL.parse(refresh.url, page.base ? (URL.parse(page.base, url)?.href ?? url) : url)?.href;
  const follow = (): Going | URLSearchParams | undefined =>
    leadsOn === undefined || leadsOn === null || leadsOn === url
      ? undefined
      : (walk.answerIn?.(leadsOn) ?? { method: 'GET', url: leadsOn, from: url });
  if (refresh !== undefined && refresh.seconds <= soon && !asksForPassword(page)) {
    const followed = follow();
    if (followed !== undefined) return followed;
  }
  const posted = postedAnswer(way, page, url);
  if (posted !== undefined) return posted;
  checkLogin(way, page, url, response.status);
  if (way.sent.length === 0) checkRefused(way, page, url, response);
  if (isOver(way, page, response.status, url)) return undefined;
  const filled = fill(page, walk);
  if (filled === undefined) {
    const followed = follow();
    if (followed !== undefined) return followed;
  }
  return sendingOf(way, filled, page, url, response.status);
}

const asksForPassword = ({ forms }: Page): boolean =>
  forms.some(({ fields }) => fields.some(({ kind }) => kind === 'password'));

function pageIn({ secrets }: Way, url: string, { headers, body }: WireResponse): Page {
  const type = headerOf(headers, 'content-type') ?? 'text/html';
  const isHtml = /html|xml/i.test(type);
  try {
    const page = readPage(isHtml ? body.toString('utf8') : '');
    const refresh = refreshOf(headerOf(headers, 'refresh') ?? '');
    for (const { fields } of page.forms)
      for (const { kind, value } of fields) if (kind === 'hidden' && isLong(8)(value)) secrets.add(value);
    const text = isHtml ? page.text : body.toString('utf8', 0, 2_000);
    return { ...page, text, ...(refresh && { refresh }) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Ended('stuck', `${placeOf(url, secrets)} cannot be read: ${error.message}`);
  }
}

/** A form that sends itself to the client (OAuth 2.0 Form Post Response Mode §2). */
function postedAnswer({ walk }: Way, page: Page, url: string): URLSearchParams | undefined {
  for (const { action, fields } of page.forms) {
    const to = actionOf(action, page, url);
    if (to === undefined || to === url) continue;
    const pairs = fields.map(({ name, value }) => [name, value] as [string, string]);
    const parameters = new URLSearchParams(pairs);
    if (!parameters.has('code') && !parameters.has('error')) continue;
    const target = new URL(to);
    for (const [name, value] of pairs) target.searchParams.append(name, value);
    const answer = walk.answerIn?.(target.href);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** Where a form is sent; undefined for what is no URL. */
function actionOf(action: string, { base }: Page, url: string): string | undefined {
  const from = base === undefined ? url : (URL.parse(base, url)?.href ?? url);
  return URL.parse(action === '' ? url : action, from)?.href;
}

/** Nobody is tried twice with one password: some servers lock out who fails. */
function checkLogin(way: Way, page: Page, url: string, status: number): void {
  const { walk, secrets, sent } = way;
  const hadPassword = sent.some(({ asks }) => asks === 'password');
  const again = asksFor(page, walk);
  const isAgain =
    (hadPassword && again === 'password') ||
    (sent.at(-1)?.asks === 'login' && again === 'login' && isSameForm(way, page));
  const isTurnedAway = sent.at(-1)?.asks === 'password' && status >= 400 && status < 500 && status !== 429;
  if (!isAgain && !isTurnedAway) return;
  const answered = status >= 400 ? `, status ${status}` : '';
  throw new Ended(
    'login',
    `the login of ${plain(walk.login?.username ?? '', new Set(), 40)} was refused at ${placeOf(url, secrets)} ("${plain(page.title, secrets)}"${answered})`,
  );
}

function asksFor(page: Page, walk: Walk): Filled['asks'] | undefined {
  const filled = fill(page, walk);
  if (filled?.kind === 'unknown')
    return filled.why === 'no-login' ? undefined : asksForPassword(page) ? 'password' : undefined;
  return filled?.asks;
}

const namesOf = (form: Filled['form']): string => form.fields.map(({ name }) => name).join(' ');

function isSameForm({ sent, walk }: Way, page: Page): boolean {
  const filled = fill(page, walk);
  const last = sent.at(-1);
  return filled?.kind === 'filled' && last !== undefined && namesOf(filled.form) === namesOf(last.form);
}

/** RFC 6749 §4.1.2.1: what concerns the client or its redirect URI is said on a page, or in JSON as errors elsewhere. */
function checkRefused({ walk, secrets }: Way, page: Page, url: string, response: WireResponse): void {
  const { status } = response;
  const inUrl = url === walk.url ? '' : (new URL(url).searchParams.get('error') ?? '');
  const error = [inUrl, errorIn(response)].find((one) => refusals.test(one));
  const isNamed = error !== undefined && fill(page, walk) === undefined;
  if (status !== 400 && !isNamed) return;
  const said = isNamed ? error : `status ${status}`;
  throw new Ended('refused', `${placeOf(url, secrets)} answered ${said} (${described(page, secrets)})`);
}

/** The error that a refusal in JSON names, as RFC 6749 §5.2 has it; empty for any other answer. */
function errorIn({ status, headers, body }: WireResponse): string {
  // Where there is nothing, nothing was asked.
  if (
    status < 400 ||
    status >= 500 ||
    status === 404 ||
    !/json/i.test(headerOf(headers, 'content-type') ?? '')
  )
    return '';
  const error = readJson(body.toString('utf8')).object?.error;
  return typeof error === 'string' ? error : '';
}

const described = ({ title, text }: Page, secrets: ReadonlySet<string>): string =>
  `"${plain(title, secrets)}"${text === '' ? '' : `: ${plain(text, secrets, 120)}`}`;

const refusals =
  /^(?:invalid_request|invalid_client|unauthorized_client|access_denied|unsupported_response_type|invalid_scope|request_not_supported|request_uri_not_supported|invalid_request_uri|invalid_request_object|invalid_redirect_uri|invalid_target)$/;

/** What a server says by redirect: `server_error` and the like are no refusals of what was asked. */
export const isRefusal = (error: string): boolean =>
  !/^(?:server_error|temporarily_unavailable|login_required|interaction_required|consent_required|account_selection_required)$/.test(
    error,
  );

/** Whether the decision on a device is taken, as far as a page can tell. */
function isOver(way: Way, page: Page, status: number, url: string): boolean {
  const { walk, sent, secrets } = way;
  if (walk.userCode === undefined || sent.length === 0) return false;
  const hadCode = sent.some(({ asks }) => asks === 'code');
  const said = `${page.title} ${page.text}`;
  if (walk.decision === 'deny' && sent.some(({ denies }) => denies)) {
    if (status < 400 && (saysDenied(said) || fill(page, walk) === undefined)) return true;
    if (saysDenied(said)) return true;
    throw new Ended(
      'stuck',
      `after the denial ${placeOf(url, secrets)} does not say that it was denied (${described(page, secrets)})`,
    );
  }
  if (hadCode && (asksFor(page, walk) === 'code' || status === 400))
    throw new Ended(
      'refused',
      `${placeOf(url, secrets)} does not take the code of the device (${described(page, secrets)})`,
    );
  if (fill(page, walk) !== undefined || status >= 400 || page.refresh !== undefined) return false;
  if (walk.decision === 'deny')
    throw new Ended(
      'stuck',
      `there was nothing to deny with before ${placeOf(url, secrets)} (${described(page, secrets)})`,
    );
  if (page.hasScripts && !saysApproved(said) && page.text.length < 20) return false;
  return true;
}

function sendingOf(
  way: Way,
  filled: Filled | Unknown | undefined,
  page: Page,
  url: string,
  status: number,
): Going {
  const { secrets, sent } = way;
  if (filled === undefined || filled.kind === 'unknown')
    throw new Ended('stuck', cannotPass(way, filled, page, url, status));
  if (sent.length >= mostForms)
    throw new Ended(
      'stuck',
      `the pages do not come to an end: ${mostForms} forms were sent, the last one at ${placeOf(url, secrets)}`,
    );
  const { form, pairs, asks } = filled;
  const to = actionOf(form.action, page, url);
  if (to === undefined)
    throw new Ended('stuck', `the form at ${placeOf(url, secrets)} is sent to something that is no URL`);
  if (asks !== 'decision' && url.startsWith('https:') && !to.startsWith('https:'))
    throw new Ended('stuck', `the form at ${placeOf(url, secrets)} would send the login without TLS`);
  sent.push(filled);
  const body = new URLSearchParams(pairs.map((pair): [string, string] => [...pair])).toString();
  if (form.method === 'POST') return { method: 'POST', url: to, body, from: url };
  const target = new URL(to);
  target.search = body;
  return { method: 'GET', url: target.href, from: url };
}

/** The one message on a page that stands in the way: what it is, what it asks for, what to do. */
function cannotPass(
  { secrets, walk }: Way,
  unknown: Unknown | undefined,
  page: Page,
  url: string,
  status: number,
): string {
  const where = `the page ${placeOf(url, secrets)} ("${plain(page.title, secrets)}"${status >= 400 ? `, status ${status}` : ''})`;
  const [first] = unknown?.fields ?? [];
  const name = plain(first?.name || first?.label || 'name', secrets, 30);
  const asked = `it asks for ${fieldsTold(unknown?.fields ?? [], secrets)}`;
  if (unknown === undefined) {
    if (status >= 400) return `${where} leads nowhere: ${plain(page.text, secrets, 120)}`;
    if (page.hasScripts && page.forms.length === 0)
      return `${where} needs a browser with scripts: run with --interactive, or give fixtures that drive one (examples/providers/browser.mjs)`;
    return `${where} has no form to go on with: ${plain(page.text, secrets, 120)}`;
  }
  const advice: Readonly<Record<Unknown['why'], string>> = {
    'no-login': `${asked}: write login: { username: …, password: … } into the target file`,
    'new-password': `it asks for a new password: give "login" a user who has none to change`,
    fields: `${asked}: write login: { fields: { ${name}: … } } into the target file`,
    multipart: 'its form is multipart/form-data, which this browser does not write',
  };
  return `${where} cannot be passed: ${advice[unknown.why]}${walk.login === undefined && unknown.why === 'fields' ? ', beside username and password' : ''}`;
}

/** A browser would show an error, or hand over to another program. */
function checkPlace({ secrets }: Way, { url }: Going, from: string): void {
  const { protocol } = new URL(url);
  if (protocol === 'http:' || protocol === 'https:') return;
  throw new Ended('stuck', `${placeOf(from, secrets)} leads out of HTTP, to ${plain(protocol, secrets, 30)}`);
}
