import type { Client, ClientWishes } from '../../../harness/world/artefacts.ts';
import type { Call, World } from '../../../harness/world/world.ts';
import type { GrantAt, Kind, Obtained } from '../../kit/grant.ts';

/** What the model knows of a code, a device code, a token or an assertion. */
export interface Artefact {
  readonly kind: Kind;
  readonly name: string;
  readonly owner: 0 | 1;
  readonly value: string;
  readonly request: (client: Client) => Call;
  readonly device?: Awaited<ReturnType<World['device']>>;
  /** Tokens that descend from one authorization. */
  readonly family: Artefact[];
  /** The target's time in seconds when it was asked for. */
  readonly born: number;
  decision: 'pending' | 'approve' | 'deny' | undefined;
  polled: boolean;
  expired: boolean;
  /** The target's time in seconds when a newer token took its place. */
  replacedAt?: number;
  /** `unsure`: documents leave open whether it still works. */
  state: 'fresh' | 'spent' | 'unsure';
}

export interface Flavour {
  readonly kinds: readonly Kind[];
  readonly decisions: readonly ('approve' | 'deny')[];
  /** The grant that presents this kind. */
  readonly of: (kind: Kind) => GrantAt;
  readonly client: (world: World, kind: Kind, wishes: ClientWishes) => Promise<Client>;
  readonly named: (which: 0 | 1) => ClientWishes;
  readonly obtain: (world: World, kind: Kind, client: Client) => Promise<Obtained>;
  readonly refreshing: (client: Client, token: string) => Call;
  /** Whether refresh tokens of this client have to be replaced (RFC 9700 §2.2.2: those of public clients). */
  readonly rotates: (which: 0 | 1) => boolean;
  /** Whether documents know the error expired_token for it. */
  readonly knowsExpired: (kind: Kind) => boolean;
  /** Whether nothing but what the standards promise counts; AWS was seen to keep to more. */
  readonly bare: boolean;
}

/** What happened so far, of one generated value. */
export interface History {
  readonly flavour: Flavour;
  readonly world: World;
  readonly artefacts: Artefact[];
  /** The target's time in seconds when it began. */
  readonly begin: number;
  /** The target's time in seconds when the first of its client secrets may end. */
  secretsEnd: number;
  /** Seconds that were let pass since then. */
  passed: number;
}

export const historyOf = (flavour: Flavour, world: World): History => ({
  flavour,
  world,
  artefacts: [],
  begin: world.now(),
  secretsEnd: Number.POSITIVE_INFINITY,
  passed: 0,
});

export function artefact(
  kind: Kind,
  owner: 0 | 1,
  obtained: Obtained,
  { count, born }: { readonly count: number; readonly born: number },
  family: Artefact[] = [],
): Artefact {
  const made: Artefact = {
    ...obtained,
    kind,
    owner,
    born,
    name: `${kind} ${count + 1}`,
    family,
    decision: kind === 'device' ? 'pending' : undefined,
    polled: false,
    expired: false,
    state: 'fresh',
  };
  family.push(made);
  return made;
}

/** The slowest run of a few requests, and what clocks may differ by. */
export const slack = 30;

export const day = 86_400;

/** What replaced a token may leave it valid for a while (RFC 9700 §4.14.2 says "immediately"; grace periods exist). */
export const longestGrace = 3_600;

/** No registration that does not say when it ends does so within a day. */
export const shortestSecretLife = day;

/**
 * Whether something has outlived itself: a device code says how long it lives, a code lives less than a day, of
 * the others no document says it.
 */
export function ageOf({ kind, born, device }: Artefact, world: World): 'young' | 'old' | 'unknown' {
  const age = world.now() - born;
  if (device !== undefined && age > device.expires_in + slack) return 'old';
  if (kind === 'code' && age > day) return 'old';
  return age < (device === undefined ? slack : device.expires_in - 2 * slack) ? 'young' : 'unknown';
}

/** Notes what time has done to it, and says what is known of its age. */
export function age(one: Artefact, world: World): ReturnType<typeof ageOf> {
  const known = ageOf(one, world);
  if (known === 'old') one.expired = true;
  if (one.replacedAt !== undefined && world.now() - one.replacedAt > longestGrace + slack)
    one.state = 'spent';
  return known;
}

export const isOver = ({ state, decision, expired }: Artefact): boolean =>
  state === 'spent' || decision === 'deny' || expired;

/** Of these, nobody knows any more whether they still work. */
export function doubt(some: readonly Artefact[]): void {
  for (const one of some) if (one.state === 'fresh') one.state = 'unsure';
}
