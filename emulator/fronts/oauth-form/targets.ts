import { parsed } from '../../core/uris.ts';
import type { OAuthMembers } from './attempt.ts';

/** What a token shall be good for: absolute URIs without a fragment (RFC 8707), or names (RFC 8693). */
export interface Target {
  readonly kind: 'resource' | 'audience';
  readonly name: string;
}

export const targetsOf = ({ resource = [], audience = [] }: OAuthMembers): readonly Target[] => [
  ...resource.map((name) => ({ kind: 'resource', name }) as const),
  ...audience.map((name) => ({ kind: 'audience', name }) as const),
];

/** Any is served, but for one in the domain that RFC 2606 keeps for what does not exist. */
export function isTarget({ kind, name }: Target): boolean {
  const url = parsed(name);
  if (kind === 'resource' && (url === undefined || name.includes('#'))) return false;
  return !/(?:^|\.)invalid$/.test(url?.hostname || name);
}

/** Scheme and host are the same in any case (RFC 3986 section 6.2.2.1), and are compared so; all else as it stands. */
export const sameTarget = (one: string, other: string): boolean => inLowerCase(one) === inLowerCase(other);

const inLowerCase = (name: string): string =>
  name.replace(/^[a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?/i, (start) => start.toLowerCase());
