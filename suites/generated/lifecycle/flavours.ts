import { limitOn, type Need } from '../../../harness/case.ts';
import { Stop } from '../../../harness/stop.ts';
import type { ClientWishes } from '../../../harness/world/artefacts.ts';
import type { World } from '../../../harness/world/world.ts';
import * as withIam from '../../aws/given.ts';
import { iamGrants } from '../../aws/grants.ts';
import { grants } from '../../grants/table.ts';
import * as createToken from '../../kit/given.ts';
import type { GrantAt, Kind } from '../../kit/grant.ts';
import type { Flavour } from './model.ts';

const named = (which: 0 | 1) => (which === 0 ? {} : { name: 'other' });

/** Clients of one value alone: while time passes, secrets grow old, and a reuse may end all tokens of a client. */
export const withFreshClients = (flavour: Flavour, { target, garbage }: World): Flavour => {
  const suffix = garbage(12);
  return target.clients === undefined
    ? { ...flavour, named: (which) => ({ ...flavour.named(which), fresh: suffix }) }
    : flavour;
};

/** Grants, by what they present. */
function flavourOf(
  rows: readonly GrantAt[],
  ways: Pick<Flavour, 'refreshing' | 'rotates' | 'knowsExpired' | 'bare'>,
  methods: readonly [ClientWishes['method'], ClientWishes['method']] = [undefined, undefined],
): Flavour {
  const of = (kind: Kind): GrantAt => {
    const row = rows.find((one) => one.kind === kind);
    if (row === undefined) throw new Error(`no grant of these presents a ${kind}`);
    return row;
  };
  return {
    kinds: rows.map(({ kind }) => kind),
    decisions: rows.some(({ kind }) => kind === 'device') ? ['approve', 'deny'] : [],
    of,
    named: (which) => ({ ...named(which), ...(methods[which] && { method: methods[which] }) }),
    client: (world, kind, wishes) => of(kind).client(world, wishes),
    obtain: (world, kind, client) => of(kind).obtain(world, client),
    ...ways,
  };
}

/** AWS's clients of its open operation are public, for all that they have a secret. */
export const flavours: Record<GrantAt['operation'], Flavour> = {
  token: flavourOf(grants, {
    refreshing: createToken.refreshing,
    rotates: () => true,
    knowsExpired: () => true,
    bare: false,
  }),
  iam_token: flavourOf(iamGrants, {
    refreshing: withIam.refreshing,
    rotates: () => false,
    knowsExpired: () => true,
    bare: false,
  }),
};

/** At the standard endpoint, by how its two clients authenticate. */
const standard = (...methods: readonly [ClientWishes['method'], ClientWishes['method']]): Flavour =>
  flavourOf(
    grants,
    {
      refreshing: createToken.refreshing,
      rotates: (which) => methods[which] === 'none',
      knowsExpired: (kind) => kind === 'device',
      bare: true,
    },
    methods,
  );

export const standardFlavours = {
  confidential: standard(undefined, undefined),
  public: standard('none', 'none'),
  mixed: standard('client_secret_post', 'none'),
} as const;

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
