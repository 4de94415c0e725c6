import { isDeepStrictEqual } from 'node:util';
import type { Case } from '../../harness/case.ts';
import { raceStep } from '../../harness/exchange.ts';
import {
  conforming,
  documented,
  type Expectation,
  granted,
  grantedOnce,
  rejected,
} from '../../harness/expectation.ts';
import { sameAsValid } from '../../harness/stop.ts';
import type { ExpirableKind } from '../../harness/world/artefacts.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { type Change, unchanged } from './change.ts';
import type { Given } from './given.ts';
import { memberOf } from './member.ts';

type Common = Pick<Case, 'id' | 'title' | 'requirement'> &
  Partial<
    Pick<
      Case,
      | 'dialects'
      | 'grant'
      | 'ways'
      | 'presupposes'
      | 'refuses'
      | 'needs'
      | 'mayLack'
      | 'overTime'
      | 'alone'
      | 'operation'
      | 'holds'
    >
  >;

/** A request that must be refused: it differs from the control by one change. */
export interface Refusal extends Common {
  readonly given: Given;
  readonly change: Change;
  readonly expect: Expectation;
  /** The error that it is in truth, where `expect` leaves open which one is told. */
  readonly cell?: string;
  /** How often it is sent: it must be refused each time. Once when absent. */
  readonly times?: number;
}

/**
 * Sends the valid request first, then a fresh one with the change. An endpoint that refuses everything
 * fails the control, so it earns no pass.
 */
export function refusal({ given, change, times = 1, ...row }: Refusal): Case {
  const error = row.cell ?? (row.expect.kind === 'rejected' ? row.expect.accept[0]?.error : undefined);
  return {
    operation: 'token',
    needs: [],
    ...(error !== undefined && { cell: error, provokedBy: 'circumstance' }),
    ...row,
    ...(change.edits && { edits: change.edits }),
    expect: { control: granted(), probe: row.expect },
    run: async (world) => {
      await world.send('control', await given(world));
      const valid = await given(world);
      const changed = await change(valid, world);
      // The same object says that the circumstance lies elsewhere; an equal one would be a valid request.
      if (changed !== valid && isDeepStrictEqual(changed, valid)) throw sameAsValid();
      for (let time = 0; time < times; time++) await world.send('probe', changed);
    },
  };
}

/** A request that must be granted. */
export interface Grant extends Common {
  readonly given: Given;
  readonly change?: Change;
  /** It is about the shape of the response. */
  readonly exact?: true;
}

/** Sends one valid request. */
export function grant({ given, change = unchanged, exact, ...row }: Grant): Case {
  return {
    operation: 'token',
    needs: [],
    ...row,
    expect: { probe: exact ? conforming() : granted() },
    run: async (world) => {
      await world.send('probe', await change(await given(world), world));
    },
  };
}

/** An exception that nothing but the fault fixture provokes. */
export interface Fault extends Common {
  readonly given: Given;
  readonly error: string;
  /** Further members of the error body, such as `reason`. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Has the fault fixture answer an otherwise valid request, after the same request was granted. */
export function fault({ given, error, members, ...row }: Fault): Case {
  return {
    operation: 'token',
    cell: error,
    provokedBy: 'fault',
    ...row,
    needs: [...(row.needs ?? []), 'fault'],
    holds: ({ probe = [] }) =>
      probe.flatMap(({ reply }) =>
        Object.entries(members ?? {})
          .filter(([name, value]) => reply.members[name] !== value)
          .map(
            ([name, value]) =>
              `${name} is ${JSON.stringify(reply.members[name])}, not ${JSON.stringify(value)}`,
          ),
      ),
    expect: { control: granted(), probe: { kind: 'rejected', accept: [{ error, basis: 'documented' }] } },
    run: async (world) => {
      await world.send('control', await given(world));
      const request = await given(world);
      await world.fault(request, error, members);
      await world.send('probe', request);
    },
  };
}

/** A request that may be granted once: the control, and then the very same again. */
export function replay({
  given,
  expect,
  times = 1,
  ...row
}: Common & Pick<Refusal, 'given' | 'expect' | 'times'>): Case {
  return flow({
    ...row,
    cell: 'invalid_grant',
    expect: { control: granted(), probe: expect },
    run: async (world) => {
      const request = await given(world);
      await world.send('control', request);
      for (let time = 0; time < times; time++) await world.send('probe', request);
    },
  });
}

/** A request that may be granted once, sent eight times at once. */
export function race({
  given,
  losers,
  ...row
}: Common & { readonly given: Given; readonly losers: Expectation }): Case {
  return flow({
    ...row,
    expect: { control: granted(), [raceStep]: grantedOnce(losers, 8) },
    run: async (world) => {
      await world.send('control', await given(world));
      await eightAtOnce(world, await given(world));
    },
  });
}

/** Sends the same request eight times at once. */
export async function eightAtOnce(world: World, request: Call): Promise<void> {
  await Promise.all(Array.from({ length: 8 }, () => world.send(raceStep, request)));
}

/** A request whose artefact has expired, by the `expire` fixture. */
export function expiry({
  kind,
  member,
  ...row
}: Omit<Refusal, 'change'> & { readonly kind: ExpirableKind; readonly member: string }): Case {
  return refusal({
    ...row,
    needs: [...(row.needs ?? []), `expire/${kind}`],
    change: async (valid, world) => {
      await world.expire(kind, String(memberOf(valid, member)));
      return valid;
    },
  });
}

/** Several requests in order or in parallel. */
export type Flow = Common & Pick<Case, 'expect' | 'run'> & Partial<Pick<Case, 'cell' | 'optional'>>;

export function flow(row: Flow): Case {
  return {
    operation: 'token',
    needs: [],
    ...(row.cell !== undefined && { provokedBy: 'circumstance' as const }),
    ...row,
  };
}

/**
 * A client without the grant presents an artefact of its own, or, where none can be had for it, that
 * of another client: then the artefact is wrong too, and no document says which of the two is named.
 */
export const strangerExpectations: Pick<Case, 'expect' | 'optional'> = {
  expect: {
    control: granted(),
    probe: rejected('unauthorized_client'),
    'probe, artefact of another client': rejected(
      'unauthorized_client',
      documented('invalid_grant', 'RFC 6749 §5.2: issued to another client'),
    ),
  },
  optional: {
    probe: 'no artefact of the grant could be had for this client',
    'probe, artefact of another client': '',
  },
};
