import { pathToFileURL } from 'node:url';
import type { FixtureProvider } from '../fixtures/provider.ts';
import { didYouMean, UserError } from '../problem.ts';
import { inTime, late } from '../transport/patience.ts';

const verbs = [
  'client',
  'authorizationCode',
  'deviceDecision',
  'refreshToken',
  'assertion',
  'subjectToken',
  'credentials',
  'expire',
  'fault',
  'clock',
];

type Verb = (input: Readonly<Record<string, unknown>>) => unknown;

/**
 * A TypeScript or JavaScript module that exports one function a verb, in camelCase: `client`,
 * `authorizationCode`, `deviceDecision` … Each gets the input and returns (or resolves to) the output.
 * A verb that is not exported is not offered; an Error that it throws is a refusal.
 *
 * @throws {UserError} when the module cannot be loaded or exports no verb
 */
export async function loadModule(path: string, timeoutMs: number): Promise<FixtureProvider> {
  let module: Record<string, unknown>;
  try {
    module = await import(/* @vite-ignore */ pathToFileURL(path).href);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    const why = missing ? 'there is no such file, or it imports one that is missing' : messageOf(error);
    throw new UserError(`The fixture module ${path} cannot be loaded: ${why}`);
  }
  const exported = Object.keys(module).filter((name) => typeof module[name] === 'function');
  if (!exported.some((name) => verbs.includes(name)))
    throw new UserError(
      `The fixture module ${path} exports no verb.${didYouMean(exported[0] ?? '', verbs)} Export functions named client, authorizationCode …`,
    );
  return async (verb, input) => {
    const name = verb.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const call = module[name];
    if (typeof call !== 'function') return { kind: 'not-offered' };
    try {
      const output = (await inTime((call as Verb)(input), timeoutMs)) ?? {};
      if (output === late)
        return { kind: 'failed', message: `${name} of ${path} did not return within ${timeoutMs / 1_000} s` };
      if (typeof output !== 'object' || Array.isArray(output))
        return { kind: 'failed', message: `${name} of ${path} returned something that is not an object` };
      return { kind: 'given', output: output as Record<string, unknown> };
    } catch (error) {
      return { kind: 'refused', message: messageOf(error) };
    }
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
