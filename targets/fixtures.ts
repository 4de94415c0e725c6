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
  if (typeof fixtures === 'object') return givingUp(callCommand(fixtures, timeoutMs));
  return givingUp(isUrl(fixtures) ? callHttp(fixtures, timeoutMs) : await loadModule(fixtures, timeoutMs));
}

/** After so many failures in a row a provider is not asked any more: a run ends in bounded time. */
const giveUpAfter = 4;

function givingUp(provider: FixtureProvider): FixtureProvider {
  let failures = 0;
  return async (verb, input) => {
    if (failures >= giveUpAfter)
      return { kind: 'failed', message: `not asked: it failed ${failures} times in a row` };
    const offer = await provider(verb, input);
    failures = offer.kind === 'failed' ? failures + 1 : 0;
    return offer;
  };
}
