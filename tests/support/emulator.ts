import { lazyKeys } from '../../emulator/keys.ts';
import { type Emulator, type EmulatorOptions, startEmulator as start } from '../../emulator/server.ts';
import type { MoveTime } from '../../harness/run/runner.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';

/** Making a pair of keys takes longer than starting an emulator. */
const keys = lazyKeys();

/** The reference emulator, with keys that it shares with others of this process. */
export const startEmulator = (options: EmulatorOptions = {}): Promise<Emulator> =>
  start({ keys, ...options });

/** Where its standard server has what it does. */
export const endpointsOf = (issuer: string) => ({
  token: `${issuer}/token`,
  device_authorization: `${issuer}/device_authorization`,
  register: `${issuer}/register`,
  introspection: `${issuer}/introspect`,
  revocation: `${issuer}/revoke`,
  userinfo: `${issuer}/userinfo`,
});

/** Brings its time forward, so that nobody has to wait for it. */
export const timeOf =
  (emulator: Pick<Emulator, 'fixture'>): MoveTime =>
  (advanceSeconds) =>
    fixturesOf(emulator)('clock', { advanceSeconds });

/** Its fixture service without a network. */
export const fixturesOf =
  ({ fixture }: Pick<Emulator, 'fixture'>): FixtureProvider =>
  async (verb, input) => {
    const { status, body } = await fixture(verb, input);
    const output = JSON.parse(body) as Record<string, unknown>;
    if (status === 200) return { kind: 'given', output };
    return status === 400 ? { kind: 'refused', message: String(output.message) } : { kind: 'not-offered' };
  };
