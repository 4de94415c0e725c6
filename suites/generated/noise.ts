import type { Arbitrary } from 'fast-check';
import type { Call, World } from '../../harness/world/world.ts';
import { bodyOf } from './bodies/all.ts';
import type { GeneratedBody, Noise } from './bodies/body.ts';

export type { Noise };

/** Noise for the requests of an operation, of one of its grants where it has some. */
export const noiseFor = (
  world: World,
  about: Pick<Call, 'operation'> & { readonly grant?: string },
): Arbitrary<Noise> => {
  const noise = bodyOf(world, about).noiseFor(world.contract(about.operation, about.grant));
  // No standard says of JSON that null is absent: a registration may be refused for it (RFC 7591 §2 has types).
  const isNullAbsent = world.target.dialect === 'aws-json' || world.bodyType(about.operation) !== 'json';
  return isNullAbsent ? noise : noise.map((one) => ({ ...one, nulls: [] }));
};

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
