import type { Call } from '../../harness/world/world.ts';

/** What a request holds apart from its other members, since it says who asks. */
const ofClient = ['client_id', 'client_secret'] as const;
type OfClient = (typeof ofClient)[number];

const isOfClient = (member: string): member is OfClient => ofClient.some((one) => one === member);

/** A member of a request, by its standard name, wherever the request holds it. */
export const memberOf = ({ members, by }: Call, member: string): unknown =>
  isOfClient(member) ? by?.[member] : members[member];

/** The request with another value of a member; undefined leaves it out. */
export function withMember(call: Call, member: string, value: unknown): Call {
  if (isOfClient(member)) {
    if (call.by === undefined) throw new Error(`A request of nobody has no ${member}.`);
    return { ...call, by: { ...call.by, [member]: value } };
  }
  const members = { ...call.members, [member]: value };
  if (value === undefined) delete members[member];
  return { ...call, members };
}
