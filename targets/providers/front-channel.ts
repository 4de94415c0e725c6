import type { Credential } from '../authentication/authentication.ts';
import type { FixtureProvider, Offer } from '../fixtures/provider.ts';
import type { Target } from '../target/target.ts';
import { transportTo } from '../transport/to-target.ts';
import type { Transport } from '../transport/transport.ts';
import type { Ended } from './front-channel/walk.ts';
import { inOrderOfAge } from './turns.ts';

type Input = Readonly<Record<string, unknown>>;

/** Walks under way at once, after a first one has come to its end. */
const walksAtOnce = 8;
/** After so many in a row that came to no end, nothing is tried any more. */
const giveUpAfter = 3;

/**
 * Codes and the decisions on devices from a server's own pages, as a browser without scripts gets them: it follows
 * redirects, fills in forms with the `login` of the target, and consents. It offers `authorization-code` where the
 * server has an authorization endpoint, `device-decision` where it is told where users go, and nothing else. The
 * redirect URI is never fetched.
 *
 * What the server refuses is a refusal; what nobody knows how to pass, a failure. A login that was refused is never
 * tried again: servers lock out who fails often.
 */
export function frontChannel(target: Target): FixtureProvider | undefined {
  if (target.dialect !== 'oauth-form') return undefined;
  const turns = inOrderOfAge(1);
  let failures = 0;
  let last: Offer | undefined;
  let transport: Transport | undefined;

  return async (verb, input, by) => {
    const walk = walkFor(verb, input, target);
    if (walk === undefined) return { kind: 'not-offered' };
    // The code of a device is there already, and ends.
    return turns.take(async (): Promise<Offer> => {
      if (last !== undefined && failures >= giveUpAfter) return last;
      transport ??= transportTo(target);
      const { offer, isForGood } = await ending(walk, transport, by);
      failures = offer.kind !== 'failed' ? 0 : isForGood ? giveUpAfter : failures + 1;
      last = offer;
      // One by one until the login is known to be right.
      if (offer.kind === 'given') turns.widen(walksAtOnce);
      return offer;
    }, verb === 'device-decision');
  };
}

type WalkTo = (transport: Transport, by: Credential | undefined) => Promise<Input>;

async function ending(
  walk: WalkTo,
  transport: Transport,
  by: Credential | undefined,
): Promise<{ readonly offer: Offer; readonly isForGood: boolean }> {
  try {
    return { offer: { kind: 'given', output: await walk(transport, by) }, isForGood: false };
  } catch (error) {
    const { kind, message } = error as Partial<Ended> & Error;
    if (kind !== 'refused' && kind !== 'login' && kind !== 'stuck') throw error;
    return {
      offer: { kind: kind === 'refused' ? 'refused' : 'failed', message },
      isForGood: kind === 'login',
    };
  }
}

/** What a verb comes to here; undefined for one that is not offered. The pages are read by what is loaded only then. */
function walkFor(verb: string, input: Input, target: Target): WalkTo | undefined {
  const { authorization } = typeof target.endpoint === 'object' ? target.endpoint : {};
  if (verb === 'authorization-code' && authorization !== undefined)
    return async (transport, by) => {
      const { authorizationCode } = await import('./front-channel/authorization-code.ts');
      return authorizationCode(input, { target, authorization, transport, by });
    };
  if (verb === 'device-decision' && isPlace(input.verificationUri))
    return async (transport) => {
      const { deviceDecision } = await import('./front-channel/device-decision.ts');
      return deviceDecision(input, { target, transport });
    };
  return undefined;
}

const isPlace = (uri: unknown): boolean =>
  typeof uri === 'string' && /^https?:\/\//i.test(uri) && URL.canParse(uri);
