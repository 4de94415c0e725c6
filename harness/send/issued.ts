import { hash } from 'node:crypto';
import { jwtSignature } from '../capture/vault.ts';
import type { Sample } from '../exchange.ts';
import { unpredictableBits } from './sample.ts';

/** Whom a token was issued to, and for what. */
export interface Origin {
  readonly client: unknown;
  /** What was presented: a code, a token, an assertion. */
  readonly presented: unknown;
  /** The refresh token that came with it, and that may be presented next. */
  readonly next: unknown;
}

/** Every token that a target issued in a run: whether one came twice, and how unpredictable they are. */
export interface Issued {
  /** A token that what comes of one grant is given again says nothing new. */
  add(kind: string, value: string, origin: Origin): void;
  /** What is known of a kind; the values stay here. */
  sample(step: string, kind: string): Sample;
}

/** Values that an estimate is made from at most: more say little more, and take memory. */
const mostValues = 2_000;

/** 72 bits of a hash: two of a million tokens would not meet by chance. */
const shortOf = (value: unknown): string => hash('sha256', String(value), 'base64url').slice(0, 12);

export function createIssued(): Issued {
  interface Known {
    count: number;
    /** The grants that each value was issued for. */
    readonly seen: Map<string, Set<string>>;
    readonly values: string[];
  }
  const kinds = new Map<string, Known>();
  const grantOf = createGrants();
  return {
    add(kind, value, origin) {
      const known: Known = kinds.get(kind) ?? { count: 0, seen: new Map(), values: [] };
      kinds.set(kind, known);
      const short = shortOf(value);
      const grants = known.seen.get(short) ?? new Set();
      known.seen.set(short, grants);
      const own = grantOf({
        client: origin.client,
        presented: shortOf(origin.presented),
        next: origin.next ? shortOf(origin.next) : undefined,
      });
      // Two JWTs that say the same of one client within a second are alike where they have no jti.
      const grant = jwtSignature.test(value) ? String(origin.client) : own;
      if (grants.has(grant)) return;
      grants.add(grant);
      known.count += 1;
      if (known.values.length < mostValues) known.values.push(value);
    },
    sample(step, kind) {
      const { count = 0, seen, values = [] } = kinds.get(kind) ?? {};
      return { step, kind, count, distinct: seen?.size ?? 0, bits: unpredictableBits(values) };
    },
  };
}

/**
 * Tells grants apart, told of each success in the order in which they came: the client, and what it presented first.
 * A refresh token belongs to the grant that brought it.
 */
export function createGrants(): (origin: Origin) => string {
  const firsts = new Map<unknown, unknown>();
  return ({ client, presented, next }) => {
    const first = firsts.get(presented) ?? presented;
    firsts.set(presented, first);
    if (next !== undefined && !firsts.has(next)) firsts.set(next, first);
    return `${client} ${first}`;
  };
}
