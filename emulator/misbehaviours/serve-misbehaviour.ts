import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Listener, listening } from '../http.ts';
import type { Endpoint } from '../wire.ts';
import { honestly } from './message.ts';
import type { Answer, Misbehaviour, RawRequest, Step } from './misbehaviour.ts';
import { type HeardRequest, requestsOn } from './requests.ts';

export interface MisbehaviourOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: string;
  /** The honest endpoint behind. */
  readonly forward: Endpoint;
}

/**
 * Serves a misbehaviour on a bare socket; rejects with the error of `listen` (such as EADDRINUSE). An honest endpoint
 * that fails closes the connection.
 */
export async function serveMisbehaviour(
  misbehaviour: Misbehaviour,
  { port = 0, host = '127.0.0.1', forward }: MisbehaviourOptions,
): Promise<Listener> {
  const { greet, answer, spoil, undo } = misbehaviour;
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    const gone = new AbortController();
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      gone.abort();
    });
    converse(socket, gone.signal).catch(() => socket.destroy());
  });

  async function converse(socket: Socket, gone: AbortSignal): Promise<void> {
    if (greet !== undefined) await play(socket, greet(), gone);
    if (answer === undefined && spoil === undefined) return;
    for await (const heard of requestsOn(socket.iterator({ destroyOnReturn: false }))) {
      requests += 1;
      await play(socket, await answerTo({ ...heard, nth: requests, bodyHash: hashOf(heard) }), gone);
    }
  }

  async function answerTo(request: RawRequest): Promise<Answer> {
    const alone = answer?.(request);
    if (alone !== undefined) return alone;
    const honest = await forward(undo?.(request) ?? request);
    return spoil?.(honest, request) ?? honestly(honest);
  }

  const url = await listening(server, port, host);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Takes the steps of an answer, as far as the other side is there to see them. */
async function play(socket: Socket, answer: Answer, gone: AbortSignal): Promise<void> {
  for (const step of stepsOf(answer)) {
    if (gone.aborted) return;
    if (step === 'close') socket.destroySoon();
    else if (step === 'reset') socket.resetAndDestroy();
    else if ('waitMs' in step) await wait(step.waitMs, undefined, { signal: gone });
    else if (!socket.write(step.write)) await once(socket, 'drain', { signal: gone });
  }
}

function stepsOf(answer: Answer): Iterable<Step> {
  return typeof answer === 'string' || answer instanceof Uint8Array ? [{ write: answer }] : answer;
}

/** Only the signed operation asks for it. */
function hashOf({ headers, body }: HeardRequest): string {
  return headers.has('authorization') ? createHash('sha256').update(body).digest('hex') : '';
}
