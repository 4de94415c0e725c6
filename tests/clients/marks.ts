import type { Client } from './all.ts';
import type { Cell } from './cells.ts';
import type { Answer } from './words.ts';

/** What a client made of a cell. */
export type Mark =
  /** `as` where it is not shown as the error: by a name of the client's own, or not at all. */
  | { readonly kind: 'right'; readonly as?: string }
  | { readonly kind: 'wrong'; readonly instead: string; readonly said?: string }
  | { readonly kind: 'not-offered' };

export interface Outcome {
  readonly cell: Cell;
  readonly answer: Omit<Answer, 'id'>;
  /** The errors that the emulator really answered with. */
  readonly sent: ReadonlySet<string>;
}

type Judged = Pick<Client, 'polls' | 'own'>;

/** By the id of the cell. An error counts only where the same request is granted without it. */
export function marksOf(client: Judged, outcomes: readonly Outcome[]): ReadonlyMap<string, Mark> {
  const alone = outcomes.map((outcome) => [outcome.cell, markOf(client, outcome)] as const);
  const isGranted = ({ operation, grant }: Cell) =>
    alone.some(
      ([cell, { kind }]) =>
        cell.exception === undefined &&
        cell.operation === operation &&
        cell.grant === grant &&
        kind === 'right',
    );
  return new Map(
    alone.map(([cell, mark]) => [
      cell.id,
      mark.kind === 'right' && !isGranted(cell)
        ? { kind: 'wrong', instead: 'not granted without the error either' }
        : mark,
    ]),
  );
}

function markOf(client: Judged, { cell, answer, sent }: Outcome): Mark {
  const { exception } = cell;
  const { seen, said } = answer;
  const wrong = (instead: string): Mark => ({ kind: 'wrong', instead, ...(said && { said }) });
  // One that polls may do so before the device is approved.
  const expected = (one: string) => one === exception || (client.polls && undecided.includes(one));
  const others = [...sent].filter((one) => !expected(one));
  if (others.length > 0) return wrong(`${seen}, after ${others.join(', ')}`);
  if (exception !== undefined && !sent.has(exception)) return wrong(`${seen}, and the error was never sent`);
  if (seen === (exception ?? 'granted')) return { kind: 'right' };
  if (client.polls && isPolledOn(cell) && seen === 'granted') return { kind: 'right', as: 'asks again' };
  return exception !== undefined && seen === client.own?.[exception]
    ? { kind: 'right', as: seen }
    : wrong(seen);
}

const undecided: readonly (string | undefined)[] = [
  'AuthorizationPendingException',
  'SlowDownException',
  'authorization_pending',
  'slow_down',
];

/** Whether a client that polls asks again after it, and is granted then. */
export const isPolledOn = ({ grant = '', exception }: Cell): boolean =>
  grant.endsWith(':device_code') && undecided.includes(exception);
