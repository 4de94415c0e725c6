import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TlsMaterial } from '../transport/dispatcher.ts';
import { readingProblem } from '../yaml.ts';
import type { Misplaced } from './by-dialect.ts';

/** The files that a target file names under `tls`, read, and what is wrong with them. Nothing of a key is told. */
export function readTls(
  paths: TlsMaterial,
  folder: string,
): { readonly tls: TlsMaterial; readonly mistakes: readonly Misplaced[] } {
  const mistakes: Misplaced[] = [];
  const tls: Record<string, string> = {};
  for (const [name, path] of Object.entries(paths)) {
    const problem = read(name);
    if (problem !== undefined)
      mistakes.push({ path: ['tls', name], text: `/tls/${name}: ${path}: ${problem}` });

    function read(name: string): string | undefined {
      try {
        tls[name] = readFileSync(resolve(folder, path), 'utf8');
      } catch (error) {
        return readingProblem(error);
      }
      return problemWith(name, tls[name]);
    }
  }
  const { cert, key } = tls;
  if (mistakes.length === 0 && cert !== undefined && key !== undefined && !isPair(cert, key))
    mistakes.push({
      path: ['tls', 'key'],
      text: '/tls/key is not the private key of the certificate /tls/cert',
    });
  return { tls, mistakes };
}

function problemWith(name: string, pem: string): string | undefined {
  try {
    if (name === 'key') createPrivateKey(pem);
    else new X509Certificate(pem);
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE')
      return 'it is encrypted: give one without a passphrase';
    return name === 'key' ? 'it is no private key as PEM' : 'it is no certificate as PEM';
  }
}

const isPair = (cert: string, key: string): boolean =>
  new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
