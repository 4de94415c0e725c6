import { isDeepStrictEqual } from 'node:util';
import type { Edit } from '../../harness/probe.ts';
import { notOffered, sameAsValid } from '../../harness/stop.ts';
import { textsIn } from '../../harness/texts.ts';
import type { Call, RawChange, World } from '../../harness/world/world.ts';
import { memberOf, withMember } from './member.ts';

/** The one difference between a valid request and the request of a case. */
export interface Change {
  (valid: Call, world: World): Call | Promise<Call>;
  /** What it does to members, where that follows from their values alone. */
  readonly edits?: readonly Edit[];
}

/** Sets a member: to a value, or to what a function makes of the valid one. */
export function set(member: string, value: unknown | ((valid: string) => unknown)): Change {
  return editing({
    member,
    of: (valid) => (typeof value === 'function' ? value(String(valid)) : value),
  });
}

/** Sets a member to something that is made anew each time, whatever the valid one is. */
export function drawn(member: string, draw: (world: World, valid: string) => unknown): Change {
  return (valid, world) => set(member, draw(world, String(memberOf(valid, member))))(valid, world);
}

/** A request that the edits leave as it is would be a valid one: then the case does not apply. */
function editing(...edits: readonly Edit[]): Change {
  const change = (valid: Call): Call => {
    const made = edits.map(
      ({ member, of }) => [member, memberOf(valid, member), of(memberOf(valid, member))] as const,
    );
    if (made.every(([, before, after]) => isDeepStrictEqual(before, after))) throw notOffered('change');
    return made.reduce((call, [member, , after]) => withMember(call, member, after), valid);
  };
  return Object.assign(change, { edits });
}

/** Sets a member to a value that we made up, and that is no secret whatever the member is. */
export function madeUp(member: string, value: unknown): Change {
  return (valid, world) => {
    for (const text of textsIn(value)) world.publish(text);
    return set(member, value)(valid, world);
  };
}

/** Leaves a member out. */
export function without(...members: readonly string[]): Change {
  return editing(...members.map((member) => ({ member, of: () => undefined })));
}

/** A change of what the request presents, whichever grant it is of. */
export function inArtefact(change: (member: string) => Change): Change {
  return (valid, world) => {
    const member = artefacts.find((name) => valid.members[name] !== undefined);
    return change(member ?? 'code')(valid, world);
  };
}

const artefacts = ['code', 'device_code', 'refresh_token'];

/** Sends a value that was never issued. */
export function garbage(member: string): Change {
  return drawn(member, (world, valid) => world.garbage(Math.max(24, valid.length)));
}

/** Changes one character in the middle of a value. */
export const altered = (member: string): Change => set(member, otherInside);

/** A text with one character changed. */
export const otherAt = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

/** A text with the character in its middle changed. */
export const otherInside = (text: string): string => otherAt(text, Math.floor(text.length / 2));

/** Changes how the request looks below its members. */
export function onTheWire(raw: RawChange): Change {
  const { body } = raw;
  if (body === undefined) return (valid) => ({ ...valid, raw });
  const changed: typeof body = (json) => {
    const text = body(json);
    if (text === json) throw sameAsValid();
    return text;
  };
  return (valid) => ({ ...valid, raw: { ...raw, body: changed } });
}

/** Moves members from the body into the query of the URL. */
export function inQuery(...members: readonly string[]): Change {
  return (valid, world) => ({
    ...(without(...members)(valid, world) as Call),
    raw: { query: Object.fromEntries(members.map((name) => [name, String(memberOf(valid, name))])) },
  });
}

/** Writes a member once more, with this value, behind the others. */
export function repeated(member: string, value: (valid: string, world: World) => string): Change {
  return (valid, world) => ({
    ...valid,
    raw: { repeat: { [member]: value(String(memberOf(valid, member)), world) } },
  });
}

/** The request as it is: the circumstance lies elsewhere. */
export const unchanged: Change = (valid) => valid;

/** A text with the case of its letters swapped. */
export const swappedCase = (text: string) =>
  text.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));
