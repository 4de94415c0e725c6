import type { Credentials } from '../../targets/authentication/aws-signature.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import { wholeLimitOn } from '../../targets/target/limits.ts';
import type { Target } from '../../targets/target/target.ts';
import type { Vault } from '../capture/vault.ts';
import type { Clock } from '../send/clock.ts';
import { Stop } from '../stop.ts';
import { createAsking, outputOf } from './asking.ts';

/**
 * The credentials that a target's signed operations use, looked for once an hour of the target's time: in the target file, at the
 * fixture provider, and, for an endpoint that is not on this machine, in the standard AWS chain.
 */
export function credentialsOf(
  target: Target,
  fixtures: FixtureProvider,
  vault: Vault,
  clock: Pick<Clock, 'advanced'>,
): () => Promise<Credentials> {
  let found: { readonly hour: number; readonly credentials: Promise<Credentials> } | undefined;
  return () => {
    const hour = Math.floor(clock.advanced / 3_600);
    if (found?.hour !== hour)
      found = {
        hour,
        credentials: find(target, fixtures, vault).then((credentials) => remembered(credentials, vault)),
      };
    return found.credentials;
  };
}

async function find(target: Target, fixtures: FixtureProvider, vault: Vault): Promise<Credentials> {
  if (target.credentials !== undefined) return target.credentials;
  const { ask, text } = createAsking(target, fixtures, vault);
  const limited = wholeLimitOn('credentials', target.limits) !== undefined;
  const offer = limited ? undefined : await ask('credentials', { allowed: true });
  if (offer !== undefined && offer.kind !== 'not-offered') {
    const output = outputOf('credentials', offer);
    return {
      accessKeyId: text('credentials', output, 'accessKeyId'),
      secretAccessKey: text('credentials', output, 'secretAccessKey'),
      ...(output.sessionToken !== undefined && { sessionToken: text('credentials', output, 'sessionToken') }),
    };
  }
  if (isLoopback(target))
    throw new Stop(
      'fixture',
      'no credentials: give "credentials" in the target file, or offer the fixture "credentials"',
    );
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  try {
    return await defaultProvider()();
  } catch (error) {
    throw new Stop('fixture', `no credentials: the AWS chain found none (${(error as Error).message})`);
  }
}

function remembered(credentials: Credentials, vault: Vault): Credentials {
  vault.remember('secretAccessKey', credentials.secretAccessKey);
  if (credentials.sessionToken !== undefined) vault.remember('sessionToken', credentials.sessionToken);
  return credentials;
}

/** An endpoint on this machine is an emulator: real credentials are no business of it. */
function isLoopback({ endpoint }: Target): boolean {
  const urls = typeof endpoint === 'string' ? [endpoint] : Object.values(endpoint);
  return urls.some((url) => /^(localhost|127\.|\[?::1)/.test(URL.parse(url)?.hostname ?? ''));
}
