import type { Client } from '../../../harness/world/artefacts.ts';
import type { Sent } from '../../../harness/world/world.ts';
import type { Kind } from '../../kit/grant.ts';
import { type Artefact, artefact, doubt, type Flavour, type History } from './model.ts';

const badErrors = (kind: Kind) =>
  kind === 'subject token' ? ['invalid_request', 'invalid_grant'] : ['invalid_grant'];

export const expiredErrors = ({ knowsExpired }: Flavour, kind: Kind) => [
  ...badErrors(kind),
  ...(knowsExpired(kind) ? ['expired_token'] : []),
];

/**
 * Whether only its owner may present it. No document says who may exchange a subject token, and an assertion is
 * bound to an audience, which two applications may share.
 */
const isBound = (kind: Kind) => kind !== 'subject token' && kind !== 'assertion';

/** What documents allow as an answer; all that is wrong counts, for no document says what is told first. */
export function allowedFor(flavour: Flavour, one: Artefact, stranger: boolean, spoilt: boolean): Set<string> {
  const allowed = new Set<string>();
  const allow = (...errors: readonly string[]) => {
    for (const error of errors) allowed.add(error);
  };
  const bad = badErrors(one.kind);
  if (stranger) allow(...bad, ...(isBound(one.kind) ? [] : ['granted']));
  // It may be the client that is found wrong.
  if (stranger && flavour.bare) allow('invalid_client');
  if (spoilt) allow('invalid_grant', 'invalid_request');
  if (one.expired) allow(...expiredErrors(flavour, one.kind));
  if (one.state === 'spent') allow(...bad);
  if (one.kind === 'device') {
    if (one.decision === 'pending') allow('authorization_pending', 'slow_down');
    if (one.decision === 'deny') allow('access_denied', 'slow_down', 'invalid_grant', 'expired_token');
    if (one.polled || allowed.size > 0) allow('slow_down');
  }
  if (one.state === 'unsure') allow(...bad);
  const hindered = (stranger && isBound(one.kind)) || spoilt || one.expired || one.state === 'spent';
  const decided = one.decision === undefined || one.decision === 'approve';
  if (!hindered && decided) allow('granted');
  return allowed;
}

export function grantedTo(
  { flavour, world, artefacts }: History,
  one: Artefact,
  by: 0 | 1,
  { reply }: Sent,
): void {
  const next = reply.members.refresh_token;
  const isNew = typeof next === 'string' && next !== '' && next !== one.value;
  if (one.kind === 'refresh token') {
    // A grace period may let the old one work for a while.
    if (isNew) {
      // One that was replaced before may bring a newer token in place of those of then.
      if (one.state !== 'fresh') doubt(one.family);
      one.state = 'unsure';
      if (flavour.rotates(one.owner)) one.replacedAt ??= world.now();
    }
  } else {
    // No document says how often a subject token may be exchanged, and none that a device code is good for one token.
    const mayComeAgain = one.kind === 'subject token' || (one.kind === 'device' && flavour.bare);
    one.state = mayComeAgain ? 'unsure' : 'spent';
    // Nor does any promise that what a user granted to a client before goes on.
    if (flavour.bare) doubt(artefacts.filter((other) => isKin(other, one)));
  }
  if (!isNew || artefacts.some(({ value }) => value === next)) return;
  if (!flavour.kinds.includes('refresh token')) return;
  const kind = one.kind === 'device' ? 'device' : 'refresh token';
  const obtained = { value: next, request: (client: Client) => flavour.refreshing(client, next) };
  // The refresh token of a device authorization belongs to a client of the device flow.
  if (kind === 'refresh token')
    artefacts.push(artefact(kind, by, obtained, { count: artefacts.length, born: world.now() }, one.family));
}

export function refusedTo({ artefacts }: History, one: Artefact, stranger: boolean, spoilt: boolean): void {
  const again = one.state !== 'fresh' && !stranger && !spoilt;
  // No document says how much of what its client has may end with it.
  const kin = [...one.family, ...artefacts.filter((other) => isKin(other, one))];
  // A code that is presented twice, or a replaced refresh token, may cost the whole family.
  if (one.state !== 'fresh' && (again || stranger || spoilt)) doubt(kin);
  // Whoever presents another's refresh token may have stolen it, and that may end it (RFC 9700 §4.14.2).
  if (stranger && one.kind === 'refresh token') doubt(kin);
  const burnt = one.kind === 'code' || one.kind === 'assertion';
  if (burnt && (stranger || spoilt)) doubt([one]);
}

const isKin = ({ kind, owner }: Artefact, one: Artefact): boolean =>
  kind === 'refresh token' && owner === one.owner;

export const answerOf = ({ reply }: Sent): string =>
  reply.outcome === 'rejected' ? (reply.error ?? 'an unknown error') : reply.outcome;
