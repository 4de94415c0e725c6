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
  if (typeof fixtures === 'object') return callCommand(fixtures, timeoutSeconds * 1_000);
  return isUrl(fixtures) ? callHttp(fixtures, timeoutSeconds * 1_000) : loadModule(fixtures);
}
