import { hash } from 'node:crypto';

/** Values that are the same in every run with the same seed, and different for every case and draw. */
export interface Random {
  /** Text that stands for nothing a target ever issued. */
  garbage(length?: number): string;
  /** A PKCE verifier of so many unreserved characters (RFC 7636 §4.1). */
  verifier(length?: number): string;
}

const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';

/** `nameOf` is asked when something is drawn: the name of a generated value is long, and most draw nothing. */
export function randomFor(seed: number, nameOf: () => string): Random {
  let name: string | undefined;
  let drawn = 0;
  function bytes(count: number): Buffer {
    name ??= nameOf();
    const block = () => hash('sha256', `${seed} ${name} ${drawn++}`, 'buffer');
    if (count <= 32) return block().subarray(0, count);
    return Buffer.concat(Array.from({ length: Math.ceil(count / 32) }, block)).subarray(0, count);
  }
  return {
    garbage: (length = 43) => bytes(length).toString('base64url').slice(0, length),
    verifier: (length = 43) =>
      [...bytes(length)].map((byte) => unreserved[byte % unreserved.length]).join(''),
  };
}

/** The S256 challenge of a verifier (RFC 7636 §4.2). */
export function challengeOf(verifier: string): string {
  return hash('sha256', verifier, 'base64url');
}
