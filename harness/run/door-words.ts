import type { Limit } from '../../targets/target/target.ts';
import type { FailureKind } from '../../targets/transport/transport.ts';
import type { Exchange } from '../exchange.ts';
import type { Refused } from './smoke.ts';

/** Why a door is closed. */
export type Shut = 'silent' | 'busy' | 'gate' | 'gone' | 'clients' | 'protected';

type Words = Omit<Refused, 'operation'>;

/** What to look at, by what went wrong. */
const hints: Readonly<Record<FailureKind, string>> = {
  refused: 'Is the endpoint running, and are host and port right?',
  dns: 'Is the host name spelt right, and is it known in this network?',
  tls: 'Does the endpoint speak https, with a certificate that this machine trusts? For one of a private authority, give that in the target file: tls: { ca: ./ca.pem }',
  proxy:
    'HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment say which proxy is taken, and for which hosts none is.',
  timeout: 'Does something in between drop packets, or is timeoutSeconds of the target file too short?',
  reset: 'Is it https where the URL says http, or does something in between close connections?',
  protocol: 'Is it HTTP/1.1 that is spoken at this port?',
  'too-large': 'Is this the URL of the token endpoint?',
  'not-tried': 'Is the endpoint running, and are host and port right?',
};

/** By why it is closed: what is said of it, given one of the exchanges that showed it. */
export const closedWords: Readonly<Record<Shut, (last: Exchange, origins: readonly string[]) => Words>> = {
  silent({ failure }, origins) {
    const reason = failure?.message ?? 'no response';
    const hint = hints[failure?.kind ?? 'refused'];
    const diagnosis = `No request got a response from ${origins.join(', ')}: ${reason}. ${hint}`;
    return { verdict: 'inconclusive', reason, diagnosis };
  },
  busy(last, origins) {
    const reason = `every request was answered "not now" (${said(last)})`;
    const diagnosis = `${origins.join(', ')} answered every request with "not now" (${said(last)}), however often it was asked. Run it again when the target has time.`;
    return { verdict: 'inconclusive', reason, diagnosis };
  },
  gate(last, origins) {
    const reason = `something in front of the endpoint refuses every request (${said(last)})`;
    const diagnosis = `Something in front of ${origins.join(', ')} refuses every request, whatever it asks (${said(last)}). Does it want a login, or does it let this machine not in?`;
    return { verdict: 'inconclusive', reason, diagnosis };
  },
  gone(last) {
    const reason = `nothing is at ${last.request.url}, by its answers (${said(last)})`;
    const diagnosis = `${last.request.url} answers 404 whatever it is asked (${said(last)}): nothing is there. Is it the right URL? "endpoints" of a target file overrules what the metadata says.`;
    return { verdict: 'not-tested', reason, diagnosis };
  },
  clients(last, origins) {
    const what = last.failure?.message ?? said(last);
    const reason = `no client can be had: every valid registration failed (${what})`;
    const diagnosis = `No client can be had: ${origins.join(', ')} refused every valid registration (${what}). Is this the URL of the token endpoint? Where it has no registration, declare "clients" in the target file, or offer the fixture "client".`;
    return { verdict: 'not-tested', reason, diagnosis };
  },
  protected(last, origins) {
    const reason = `registration is not open here (${said(last)})`;
    const diagnosis = `Registration is not open at ${origins.join(', ')} (${said(last)}): RFC 7591 §3 lets a server want an initial access token, or let in whom it trusts. Open it to this machine, or declare "clients" in the target file and write ${limit}.`;
    return { verdict: 'not-tested', reason, diagnosis };
  },
};

const limit = '"limits: [{ operation: register, reason: registration is not open }]"';

/** Where there is no registration either. */
export function unknownClients({ reason: why }: Limit): Words {
  const reason = `no client can be had: ${why}, and the target file declares no clients`;
  return {
    verdict: 'not-tested',
    reason,
    diagnosis: `No client can be had: ${why}. Declare "clients" in the target file, or offer the fixture "client".`,
  };
}

/** The status, and how the body begins. */
function said({ response }: Exchange): string {
  const body = (response?.body ?? '').replace(/<[^<>]*>|\s+/g, ' ').trim();
  const text = body.replace(/ {2,}/g, ' ');
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return `status ${response?.status}${shown === '' ? '' : `: ${shown}`}`;
}
