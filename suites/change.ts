import { textsIn } from '../harness/texts.ts';
import type { TokenRequest, WireChange, World } from '../harness/world.ts';

/** The one difference between a valid request and the request of a case. */
export type Change = (valid: TokenRequest, world: World) => TokenRequest | Promise<TokenRequest>;

/** Sets a member: to a value, or to what a function makes of the valid one. */
export function set(member: string, value: unknown | ((valid: string, world: World) => unknown)): Change {
  return (valid, world) => ({
    ...valid,
    members: {
      ...valid.members,
      [member]: typeof value === 'function' ? value(String(valid.members[member]), world) : value,
    },
  });
}

/** Sets a member to a value that we made up, and that is no secret whatever the member is. */
export function madeUp(member: string, value: unknown): Change {
  return (valid, world) => {
    for (const text of textsIn(value)) world.publish(text);
    return { ...valid, members: { ...valid.members, [member]: value } };
  };
}

/** Leaves a member out. */
export function without(...members: readonly string[]): Change {
  return (valid) => ({
    ...valid,
    members: Object.fromEntries(Object.entries(valid.members).filter(([name]) => !members.includes(name))),
  });
}

/** Sends a value that was never issued. */
export function garbage(member: string): Change {
  return set(member, (valid: string, world: World) => world.garbage(Math.max(24, valid.length)));
}

/** Changes one character in the middle of a value. */
export function altered(member: string): Change {
  return set(member, (valid: string) => {
    const middle = Math.floor(valid.length / 2);
    return valid.slice(0, middle) + (valid[middle] === 'A' ? 'B' : 'A') + valid.slice(middle + 1);
  });
}

/** Changes how the request looks below its members. */
export function onTheWire(wire: WireChange): Change {
  return (valid) => ({ ...valid, wire });
}

/** Moves members from the body into the query of the URL. */
export function inQuery(...members: readonly string[]): Change {
  return (valid, world) => ({
    ...(without(...members)(valid, world) as TokenRequest),
    wire: { query: Object.fromEntries(members.map((name) => [name, String(valid.members[name])])) },
  });
}

/** Writes a member once more, with this value, behind the others. */
export function repeated(member: string, value: (valid: string, world: World) => string): Change {
  return (valid, world) => ({
    ...valid,
    wire: { repeat: { [member]: value(String(valid.members[member]), world) } },
  });
}

/** The request as it is: the circumstance lies elsewhere. */
export const unchanged: Change = (valid) => valid;
