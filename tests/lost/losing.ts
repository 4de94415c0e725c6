import { openCatalogue } from '../../cli/catalogue.ts';
import { listen } from '../../emulator/http.ts';
import { lazyKeys } from '../../emulator/keys.ts';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import type { Endpoint, WireResponse } from '../../emulator/wire.ts';
import { isRule, planFor } from '../../harness/plan/plan.ts';
import { makeReport, type Report } from '../../harness/report/report.ts';
import type { CaseResult } from '../../harness/run/run-case.ts';
import { openRunner, type Runner } from '../../harness/run/runner.ts';
import { type Target, targetAt } from '../../targets/target/target.ts';

/** How an exchange is lost. */
export interface Loss {
  /** Before the endpoint sees the request, or after it has answered. */
  readonly what: 'request' | 'answer';
  /**
   * `reset`: the connection is closed, and the case runs again. `silence`: nothing comes, and it does not. `page`: what
   * stands in between answers with a page of its own.
   */
  readonly how: 'reset' | 'silence' | 'page';
}

export const losses: readonly Loss[] = [
  { what: 'request', how: 'reset' },
  { what: 'request', how: 'silence' },
  { what: 'answer', how: 'reset' },
  { what: 'answer', how: 'silence' },
  { what: 'request', how: 'page' },
  { what: 'answer', how: 'page' },
];

/** What one case came to, alone and with a witness: a case that a fault left behind would meet. */
type Verdicts = ReadonlyMap<string, string>;

/** An emulator, and an endpoint in front of it that loses one exchange. */
export interface Lane {
  /** The verdicts of a case and of all rules over its responses, when its n-th exchange is lost (0: none). */
  certify(caseId: string, nth: number, loss?: Loss): Promise<{ verdicts: Verdicts; exchanges: number }>;
  close(): Promise<void>;
}

const keys = lazyKeys();
const target: Target = { ...targetAt('http://127.0.0.1'), profile: 'aws-sso-oidc' };
const catalogue = openCatalogue(target);
export const plan = planFor(catalogue, target);
/** Cases that a fault which was left behind would meet, for each operation that can have one for everybody. */
const witnesses = ['register-client/valid'];

export async function openLane(): Promise<Lane> {
  const emulator = await startEmulator({ keys });
  const proxy = await losingProxy(emulator);
  return {
    async certify(caseId, nth, loss) {
      const here: Target = {
        ...target,
        endpoint: proxy.url,
        fixtures: emulator.fixtures,
        jwks: emulator.jwks,
        timeoutSeconds: loss?.how === 'silence' ? 0.25 : 10,
      };
      const cases = plan.cases.filter(({ id }) => id === caseId || witnesses.includes(id));
      const runner = await openRunner({
        target: here,
        cases,
        seed: 3,
        strict: false,
        budget: { runs: 4 },
      });
      try {
        proxy.lose(nth, loss);
        const report = await runAlone(runner, caseId, here);
        return { verdicts: verdictsOf(report), exchanges: proxy.seen() };
      } finally {
        await runner.close();
      }
    },
    close: async () => {
      await proxy.close();
      await emulator.close();
    },
  };
}

/** Runs a case, and then what a fault would meet that it left behind. */
async function runAlone(runner: Runner, caseId: string, here: Target): Promise<Report> {
  const results: CaseResult[] = [];
  for (const id of [caseId, ...witnesses.filter((one) => one !== caseId)]) {
    const probe = catalogue.cases.find((one) => one.id === id);
    const planned = plan.cases.find((one) => one.id === id);
    if (probe && planned) results.push(await runner.run(probe, planned));
  }
  return makeReport({
    suite: { name: 'token-conformance', version: 'test' },
    target: here,
    endpoints: {},
    plan: {
      ...plan,
      cases: plan.cases.filter(({ id }) => id.startsWith('wire/') || results.some((one) => one.case === id)),
    },
    catalogue,
    results,
    seed: 3,
    strict: false,
    startedAt: new Date(),
    durationMs: 0,
    requests: 0,
    commandFor: (id) => id,
  });
}

const verdictsOf = ({ verdicts }: Report): Verdicts =>
  new Map(verdicts.map((one) => [one.case, one.verdict]));

/**
 * What a loss made of verdicts that it must not: it may leave something unseen, and nothing else. A rule over all
 * responses may speak of one that the case alone does not have, a refusal of what was granted unseen, and of fewer.
 */
export function untrue(honest: Verdicts, lossy: Verdicts): string[] {
  return [...lossy].flatMap(([id, verdict]) => {
    const before = honest.get(id);
    const isUnseen = verdict === 'inconclusive' || verdict === 'not-tested';
    const isMore = isRule(id) && before === 'not-tested' && verdict === 'pass';
    const isLess = isRule(id) && verdict === 'not-applicable';
    return isUnseen || isMore || isLess || verdict === before ? [] : [`${id}: ${before} became ${verdict}`];
  });
}

interface LosingProxy {
  readonly url: string;
  /** From now on loses the n-th exchange. */
  lose(nth: number, loss: Loss | undefined): void;
  /** How many exchanges there were since then. */
  seen(): number;
  close(): Promise<void>;
}

async function losingProxy(emulator: Emulator): Promise<LosingProxy> {
  let lost = 0;
  let loss: Loss | undefined;
  let count = 0;
  const endpoint: Endpoint = async (request) => {
    count += 1;
    const here = count === lost ? loss : undefined;
    if (here?.what === 'request') return losing(here);
    const answer = await emulator.answer(request);
    return here === undefined ? answer : losing(here);
  };
  const { url, close } = await listen(endpoint, {});
  return {
    url,
    lose: (nth, how) => {
      [lost, loss, count] = [nth, how, 0];
    },
    seen: () => count,
    close,
  };
}

/** Who throws has the connection closed; who never returns says nothing. */
function losing({ how }: Loss): Promise<WireResponse> {
  if (how === 'page') return Promise.resolve(badGateway);
  return how === 'reset' ? Promise.reject(new Error('lost')) : new Promise(() => undefined);
}

const badGateway: WireResponse = {
  status: 502,
  headers: [['Content-Type', 'text/html']],
  body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
};
