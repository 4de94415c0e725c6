import type { Arbitrary } from 'fast-check';
import type { Call, World } from '../../harness/world/world.ts';
import { bodyOf } from './bodies/all.ts';
import type { GeneratedBody, Noise } from './bodies/body.ts';

export type { Noise };

/** Noise for the requests of an operation, of one of its grants where it has some. */
export function noiseFor(
  world: World,
  about: Pick<Call, 'operation'> & { readonly grant?: string },
): Arbitrary<Noise> {
  const members = world.contract(about.operation, about.grant);
  const body = bodyOf(world, about);
  if (body.type !== 'json' || world.target.dialect === 'aws-json') return body.noiseFor(members);
  // RFC 7591 does not say that null is the same as nothing: a server may refuse it.
  return body.noiseFor(members.map((one) => ({ ...one, required: true })));
}

/** The same request, with differences that must not matter. */
export const withNoise = (world: World, request: Call, noise: Noise): Call =>
  dressed(bodyOf(world, request), request, (text, body) => body.restyled(text, noise));

/** The request with its text changed, behind what else changes it. */
export function dressed(
  body: GeneratedBody,
  request: Call,
  change: (text: string, body: GeneratedBody) => string | Buffer,
): Call {
  const { body: before = (text: string) => text, bodyType = body.type, ...raw } = request.raw ?? {};
  return { ...request, raw: { ...raw, bodyType, body: (text) => change(String(before(text)), body) } };
}
