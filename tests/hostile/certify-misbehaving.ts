import { listen } from '../../emulator/http.ts';
import { lazyKeys } from '../../emulator/keys.ts';
import type { Answer, Misbehaviour } from '../../emulator/misbehaviours/misbehaviour.ts';
import { serveMisbehaviour } from '../../emulator/misbehaviours/serve-misbehaviour.ts';
import { startEmulator } from '../../emulator/server.ts';
import type { Endpoint } from '../../emulator/wire.ts';
import type { Report } from '../../harness/report/report.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import { certifyHere } from '../support/certify.ts';
import { createWatch, type Watch } from './secrets.ts';

const keys = lazyKeys();

/** An emulator with a misbehaviour in front of its operations, and a watch over all that they issue. */
export interface Misbehaving {
  /** Of the misbehaviour. */
  readonly url: string;
  /** Has the honest fixture service, and the keys, reached by HTTP too. */
  readonly serveFixtures: () => Promise<{ readonly fixtures: string; readonly jwks: string }>;
  /** The fixture service without a network. */
  readonly provider: FixtureProvider;
  readonly watch: Watch;
  /** How many requests have come. */
  readonly requests: () => number;
  close(): Promise<void>;
}

export async function startMisbehaving(misbehaviour: Misbehaviour): Promise<Misbehaving> {
  const watch = createWatch(isPublic);
  const emulator = await startEmulator({ keys });
  let requests = 0;
  const honest: Endpoint = async (request) => {
    const answer = await emulator.answer(request);
    if (answer.status === 200) watch.see(String(answer.body));
    return answer;
  };
  const servers: { close(): Promise<void> }[] = [emulator];
  const front = await serveMisbehaviour(
    watched(misbehaviour, watch, () => requests++),
    { forward: honest },
  );
  return {
    url: front.url,
    serveFixtures: async () => {
      const behind = await listen(honest, {});
      servers.push(behind);
      return {
        fixtures: emulator.fixtures.replace(emulator.url, behind.url),
        jwks: emulator.jwks.replace(emulator.url, behind.url),
      };
    },
    provider: async (verb, input) => {
      const { status, body } = await emulator.fixture(verb, input);
      const output = JSON.parse(body) as Record<string, unknown>;
      if (status === 200) watch.see(body);
      if (status === 200) return { kind: 'given', output };
      return status === 400 ? { kind: 'refused', message: String(output.message) } : { kind: 'not-offered' };
    },
    watch,
    requests: () => requests,
    close: async () => {
      await Promise.all([front, ...servers].map((one) => one.close()));
    },
  };
}

/** What it issues in place of the honest secrets is secret too. */
function watched(misbehaviour: Misbehaviour, watch: Watch, heard: () => void): Misbehaviour {
  const { answer, spoil } = misbehaviour;
  const seen = <T extends Answer | undefined>(said: T): T => {
    if (said instanceof Uint8Array && said.length < 2_000_000) watch.see(Buffer.from(said).toString('utf8'));
    return said;
  };
  return {
    ...misbehaviour,
    ...((answer !== undefined || spoil !== undefined) && {
      answer: (request) => {
        heard();
        return seen(answer?.(request));
      },
    }),
    ...(spoil && { spoil: (honest, request) => seen(spoil(honest, request)) }),
  };
}

/** Words of the protocol, and what the suite or a misbehaviour made up, are no secrets, whatever member they stand in. */
function isPublic(secret: string): boolean {
  return /^[a-z]+_[a-z]+$|^application\/json$|^\[accessToken|-everything-\d+$/.test(secret);
}

/** As often as otherwise, without a wait. */
const atOnce = [0, 0, 0, 0];

/** Certifies a misbehaviour by a few telling cases, within this process. */
export async function certifyMisbehaving(
  misbehaviour: Misbehaviour,
  { cases, timeoutSeconds }: { readonly cases: readonly string[]; readonly timeoutSeconds: number },
): Promise<{ readonly report: Report; readonly watch: Watch }> {
  const { url: endpoint, provider, watch, close } = await startMisbehaving(misbehaviour);
  try {
    const target = { endpoint, name: misbehaviour.name, timeoutSeconds };
    const report = await certifyHere(target, {
      selection: { cases },
      provider,
      budget: { runs: 2 },
      retryDelaysMs: atOnce,
    });
    return { report, watch };
  } finally {
    await close();
  }
}
