import type { FixtureProvider, Offer } from '../../targets/fixtures/provider.ts';
import { limitOnAsking } from '../../targets/target/limits.ts';
import type { FixtureVerb, Target } from '../../targets/target/target.ts';
import { redactText } from '../capture/text.ts';
import type { Vault } from '../capture/vault.ts';
import { failedAt, Stop } from '../stop.ts';

export type Output = Readonly<Record<string, unknown>>;

/** How a case asks the fixture provider: what cannot be had ends the case with the reason. */
export interface Asking {
  /** What the provider says, whatever it is. Stops the case where the target declares a limit. */
  ask(
    verb: FixtureVerb,
    input: Readonly<Record<string, unknown>>,
    by?: Parameters<FixtureProvider>[2],
  ): Promise<Offer>;
  /** What the provider gives. */
  must(verb: FixtureVerb, input: Readonly<Record<string, unknown>>): Promise<Output>;
  /** A member of an output that is a non-empty string; remembered as a secret of this kind. */
  secret(verb: FixtureVerb, output: Output, member: string): string;
  /** A member of an output that is a non-empty string and no secret. */
  text(verb: FixtureVerb, output: Output, member: string): string;
}

export function createAsking(target: Target, fixtures: FixtureProvider, vault: Vault): Asking {
  async function ask(
    verb: FixtureVerb,
    input: Readonly<Record<string, unknown>>,
    by?: Parameters<FixtureProvider>[2],
  ): Promise<Offer> {
    const limit = limitOnAsking(verb, input, target);
    if (limit !== undefined) throw new Stop('out-of-scope', limit.reason);
    return working(verb, shown(await fixtures(verb, JSON.parse(JSON.stringify(input)), by), vault));
  }

  function text(verb: FixtureVerb, output: Output, member: string): string {
    const value = output[member];
    if (typeof value === 'string' && value !== '') return value;
    throw new Stop('fixture', `the fixture "${verb}" answered without a string "${member}"`);
  }

  return {
    ask,
    must: async (verb, input) => outputOf(verb, await ask(verb, input)),
    secret(verb, output, member) {
      const value = text(verb, output, member);
      vault.remember(member, value);
      return value;
    },
    text,
  };
}

/** Longer messages of a provider are cut. */
const longestMessage = 500;

/** What a provider says, with its message as a report may show it. */
export function shown(offer: Offer, vault: Vault): Offer {
  if (offer.kind !== 'refused' && offer.kind !== 'failed') return offer;
  const message = redactText(offer.message, vault).trim();
  const { length } = message;
  return {
    ...offer,
    message:
      length > longestMessage ? `${message.slice(0, longestMessage)}… (${length} characters)` : message,
  };
}

/** What a provider that works said. */
export function working(verb: FixtureVerb, offer: Offer): Offer {
  if (offer.kind !== 'failed') return offer;
  throw new Stop('fixture', `${failedAt} "${verb}": ${offer.message}`);
}

/** What was given; a case that got nothing is not tested. */
export function outputOf(verb: FixtureVerb, offer: Offer): Output {
  if (offer.kind === 'given') return offer.output;
  if (offer.kind === 'not-offered')
    throw new Stop('fixture', `${unoffered} "${verb}"; offer it, or declare a limit with a reason`);
  throw new Stop('fixture', `the fixture "${verb}" was refused: ${offer.message}`);
}

const unoffered = 'the target offers no fixture';

/** Whether a case ended because something was asked for and not had, where somebody offers it. */
export const wasTried = ({ kind, message }: Stop): boolean =>
  kind === 'fixture' && !message.startsWith(unoffered);
