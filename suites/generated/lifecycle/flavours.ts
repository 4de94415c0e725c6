import { limitOn, type Need } from '../../../harness/case.ts';
import { Stop } from '../../../harness/stop.ts';
import type { World } from '../../../harness/world/world.ts';
import * as withIam from '../../aws/given.ts';
import { allGrants } from '../../grants/table.ts';
import * as createToken from '../../kit/given.ts';
import type { GrantAt, Kind } from '../../kit/grant.ts';
import type { Flavour } from './model.ts';

const named = (which: 0 | 1) => (which === 0 ? {} : { name: 'other' });

/** Clients of one value alone: while time passes, secrets grow old, and a reuse may end all tokens of a client. */
export const withFreshClients = (flavour: Flavour, { target, garbage }: World): Flavour => {
  const suffix = garbage(12);
  return target.clients === undefined
    ? { ...flavour, named: (which) => ({ ...named(which), fresh: suffix }) }
    : flavour;
};

/** The grants of an operation, by what they present. */
function flavourOf(operation: GrantAt['operation'], refreshing: Flavour['refreshing']): Flavour {
  const rows = allGrants.filter((one) => one.operation === operation);
  const of = (kind: Kind): GrantAt => {
    const row = rows.find((one) => one.kind === kind);
    if (row === undefined) throw new Error(`${operation} has no grant that presents a ${kind}`);
    return row;
  };
  return {
    operation,
    kinds: rows.map(({ kind }) => kind),
    decisions: rows.some(({ kind }) => kind === 'device') ? ['approve', 'deny'] : [],
    of,
    named,
    client: (world, kind, wishes) => of(kind).client(world, wishes),
    obtain: (world, kind, client) => of(kind).obtain(world, client),
    refreshing,
  };
}

export const flavours: Record<GrantAt['operation'], Flavour> = {
  token: flavourOf('token', createToken.refreshing),
  iam_token: flavourOf('iam_token', withIam.refreshing),
};

/** One of the fixtures that its kinds presuppose. */
export const anyNeedOf = (flavour: Flavour): Need =>
  flavour.kinds.flatMap((kind) => flavour.of(kind).needs.flat());

/** The flavour with the kinds that are in the target's scope. */
export function inScope(flavour: Flavour, world: World): Flavour {
  const limitOf = (kind: Kind) => {
    const { grant, needs, through } = flavour.of(kind);
    return (
      world.limitOn({ grant, needs: [], ...(through && { through }) }) ??
      needs.map((need) => limitOn(need, world.target.limits)).find((limit) => limit !== undefined)
    );
  };
  const kinds = flavour.kinds.filter((kind) => limitOf(kind) === undefined);
  const [first] = flavour.kinds;
  if (kinds.length === 0 && first !== undefined) throw new Stop('out-of-scope', limitOf(first)?.reason ?? '');
  return { ...flavour, kinds, decisions: createToken.decisionsOf(world) };
}
