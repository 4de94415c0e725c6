import { createServer } from 'node:http';
import pLimit from 'p-limit';
import type { FixtureProvider, Offer } from '../fixtures/provider.ts';
import type { Target } from '../target/target.ts';
import { transportTo } from '../transport/to-target.ts';
import type { Transport } from '../transport/transport.ts';

type Input = Readonly<Record<string, unknown>>;
type By = Parameters<FixtureProvider>[2];

/** Who has a browser. */
export interface Person {
  say(text: string): void;
  /** The next line that they type, or undefined when they have gone; not waited for after the signal. */
  line(signal: AbortSignal): Promise<string | undefined>;
  /** Shows how many seconds are left, or nothing any more. */
  countdown(seconds: number | undefined): void;
}

/** Seconds that a person has for one walk. */
const usualPatience = 120;
/** After so many walks in a row of which nobody came back, nobody is asked any more. */
const giveUpAfter = 2;

/**
 * Codes and the decisions on devices by a person with a browser, one at a time: they are told where to go, and come back
 * to a redirect URI that is listened at where it is on this machine, else with the URL that their browser ended at.
 */
export function interactive(target: Target, person: Person, patience = usualPatience): FixtureProvider {
  const inTurn = pLimit(1);
  let missed = 0;
  let transport: Transport | undefined;
  return (verb, input, by) => {
    const { authorization } = typeof target.endpoint === 'object' ? target.endpoint : {};
    const isCode = verb === 'authorization-code' && authorization !== undefined;
    const isDevice = verb === 'device-decision' && typeof input.verificationUri === 'string';
    if (target.dialect !== 'oauth-form' || !(isCode || isDevice))
      return Promise.resolve({ kind: 'not-offered' });
    return inTurn(async (): Promise<Offer> => {
      if (missed >= giveUpAfter)
        return { kind: 'failed', message: `not asked: nobody came back from ${missed} walks in a row` };
      transport ??= transportTo(target);
      const parts = { target, authorization: authorization ?? '', transport, by };
      const offer = await inPatience(person, patience, (signal) =>
        isCode ? codeBy(person, input, parts, signal) : decisionBy(person, input, signal),
      );
      if (offer === undefined) {
        missed += 1;
        return {
          kind: 'failed',
          message: `nobody came back from the browser, for which there are ${patience} s`,
        };
      }
      missed = 0;
      return offer;
    });
  };
}

/** What comes of a walk, or undefined when the time is up. */
async function inPatience(
  person: Person,
  patience: number,
  walk: (signal: AbortSignal) => Promise<Offer | undefined>,
): Promise<Offer | undefined> {
  const over = new AbortController();
  let left = patience;
  person.countdown(left);
  const timer = setInterval(() => {
    left -= 1;
    person.countdown(left);
    if (left <= 0) over.abort();
  }, 1_000);
  try {
    return await walk(over.signal);
  } catch (error) {
    const { kind, message } = error as { kind?: string; message: string };
    return { kind: kind === 'refused' ? 'refused' : 'failed', message };
  } finally {
    clearInterval(timer);
    person.countdown(undefined);
    over.abort();
  }
}

async function codeBy(
  person: Person,
  input: Input,
  parts: {
    readonly target: Target;
    readonly authorization: string;
    readonly transport: Transport;
    readonly by: By;
  },
  signal: AbortSignal,
): Promise<Offer | undefined> {
  const { requestForCode, codeIn } = await import('./front-channel/authorization-code.ts');
  const { url, state, answerIn } = await requestForCode(input, parts);
  const place = loopbackOf(input.redirectUri ?? parts.by?.redirect_uri);
  const listening = place && listenAt(place, answerIn, signal);
  const isListened = (await listening?.started) ?? false;
  person.say(`Open this in a browser, and sign in:\n  ${url}`);
  if (!isListened) person.say('Then paste the URL that the browser ended at, and press Enter.');
  const pasted = async (): Promise<URLSearchParams | undefined> => {
    for (;;) {
      const line = await person.line(signal);
      if (line === undefined) return isListened ? new Promise(() => {}) : undefined;
      const answer = URL.canParse(line.trim()) ? answerIn(line.trim()) : undefined;
      if (answer !== undefined) return answer;
      if (line.trim() !== '') person.say('That is not the URL of an answer to this request.');
    }
  };
  const gone = new Promise<undefined>((resolve) =>
    signal.addEventListener('abort', () => resolve(undefined)),
  );
  const answer = await Promise.race([pasted(), gone, ...(isListened && listening ? [listening.answer] : [])]);
  return answer && { kind: 'given', output: { code: codeIn(answer, state), exactly: true } };
}

async function decisionBy(
  person: Person,
  { userCode, decision, verificationUri }: Input,
  signal: AbortSignal,
): Promise<Offer | undefined> {
  const what = decision === 'deny' ? 'DENY the request' : 'approve the request';
  person.say(
    `Open ${verificationUri}, enter ${userCode}, and ${what}.\nThen press Enter, or type why it cannot be done.`,
  );
  const line = await person.line(signal);
  if (line === undefined) return undefined;
  return line.trim() === '' ? { kind: 'given', output: {} } : { kind: 'refused', message: line.trim() };
}

/** A redirect URI that can be listened at. */
function loopbackOf(uri: unknown): URL | undefined {
  const url = typeof uri === 'string' ? URL.parse(uri) : null;
  const isHere = url?.protocol === 'http:' && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  return url !== null && isHere && url.port !== '' ? url : undefined;
}

/** Waits for a browser at a redirect URI until the signal; whether that can be had is told by `started`. */
function listenAt(
  place: URL,
  answerIn: (to: string) => URLSearchParams | undefined,
  signal: AbortSignal,
): { readonly started: Promise<boolean>; readonly answer: Promise<URLSearchParams> } {
  const { promise, resolve, reject } = Promise.withResolvers<URLSearchParams>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (chunks.length < 100) chunks.push(chunk);
    const url = URL.parse(request.url ?? '', place.href);
    // What came by form_post stands in the body.
    for (const [name, value] of new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
      url?.searchParams.append(name, value);
    try {
      const answer = url === null ? undefined : answerIn(url.href);
      const isOne = answer?.has('code') || answer?.has('error');
      response.writeHead(isOne ? 200 : 404, {
        'Content-Type': 'text/plain; charset=utf-8',
        Connection: 'close',
      });
      const said = isOne
        ? 'Thank you. You can close this page.'
        : 'No answer to an authorization request is in this URL.';
      response.end(said, () => {
        if (answer !== undefined && isOne) resolve(answer);
      });
    } catch (error) {
      response.end();
      reject(error);
    }
  });
  signal.addEventListener('abort', () => {
    server.closeAllConnections();
    server.close();
  });
  const started = new Promise<boolean>((begun) => {
    server.once('error', () => begun(false));
    server.listen(Number(place.port), place.hostname.replace(/^\[|\]$/g, ''), () => begun(true));
  });
  promise.catch(() => undefined);
  return { started, answer: promise };
}
