import pLimit from 'p-limit';
import { inTime, late } from './patience.ts';
import { callCommand } from './providers/command.ts';
import { callHttp } from './providers/http.ts';
import { loadModule } from './providers/module.ts';
import { type FixtureVerb, isUrl, type Target } from './target.ts';

/** What a fixture provider says to one verb. */
export type Offer =
  | { readonly kind: 'given'; readonly output: Readonly<Record<string, unknown>> }
  /** The target does not offer this verb (HTTP 404 or 501). */
  | { readonly kind: 'not-offered' }
  /** The provider knows the verb and will not do this (HTTP 400), or it failed. */
  | { readonly kind: 'refused' | 'failed'; readonly message: string };

/** Asks for one artefact: the fixture service of the design, however it is reached. */
export type FixtureProvider = (verb: FixtureVerb, input: Readonly<Record<string, unknown>>) => Promise<Offer>;

/**
 * The fixture provider of a target. Without one nothing is offered, and only what the dialect itself
 * offers (registration, device authorization) is left.
 *
 * @throws {UserError} when a module cannot be loaded
 */
export async function openFixtures(target: Target): Promise<FixtureProvider> {
  const { fixtures, timeoutSeconds } = target;
  if (fixtures === undefined) return async () => ({ kind: 'not-offered' });
  const timeoutMs = timeoutSeconds * 1_000;
  if (typeof fixtures === 'object') return givingUp(callCommand(fixtures, timeoutMs), commandsAtOnce);
  return givingUp(isUrl(fixtures) ? callHttp(fixtures, timeoutMs) : await loadModule(fixtures, timeoutMs));
}

/**
 * A provider that is a function of the caller, with the same guards as any other: what it throws is a refusal, and it
 * fails when it takes too long or returns no offer.
 */
export function inThisProcess(provider: FixtureProvider, timeoutMs: number): FixtureProvider {
  return givingUp(async (verb, input) => {
    try {
      const offer = await inTime(provider(verb, input), timeoutMs);
      if (offer === late)
        return { kind: 'failed', message: `it did not return within ${timeoutMs / 1_000} s` };
      return isOffer(offer)
        ? offer
        : { kind: 'failed', message: 'it returned no offer, such as { kind: "given", output: { … } }' };
    } catch (error) {
      return { kind: 'refused', message: error instanceof Error ? error.message : String(error) };
    }
  });
}

function isOffer(value: unknown): boolean {
  const { kind, output } = (value ?? {}) as { kind?: unknown; output?: unknown };
  if (kind === 'given') return typeof output === 'object' && output !== null;
  return kind === 'not-offered' || kind === 'refused' || kind === 'failed';
}

/** After so many failures in a row a provider is not asked any more: a run ends in bounded time. */
const giveUpAfter = 4;

/** What a provider is asked for at the same time, at most. */
const callsAtOnce = 128;
const commandsAtOnce = 16;

function givingUp(provider: FixtureProvider, atOnce = callsAtOnce): FixtureProvider {
  const inTurn = pLimit(atOnce);
  let failures = 0;
  return (verb, input) =>
    inTurn(async () => {
      if (failures >= giveUpAfter)
        return { kind: 'failed', message: `not asked: it failed ${failures} times in a row` };
      const offer = await provider(verb, input);
      failures = offer.kind === 'failed' ? failures + 1 : 0;
      return offer;
    });
}
