import { pathToFileURL } from 'node:url';
import type { FixtureProvider } from '../fixtures.ts';
import { UserError } from '../problem.ts';

type Verb = (input: Readonly<Record<string, unknown>>) => unknown;

/**
 * A TypeScript or JavaScript module that exports one function a verb, in camelCase: `client`,
 * `authorizationCode`, `deviceDecision` … Each gets the input and returns (or resolves to) the output.
 * A verb that is not exported is not offered; an Error that it throws is a refusal.
 *
 * @throws {UserError} when the module cannot be loaded or exports no verb
 */
export async function loadModule(path: string): Promise<FixtureProvider> {
  let module: Record<string, unknown>;
  try {
    module = await import(/* @vite-ignore */ pathToFileURL(path).href);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ERR_MODULE_NOT_FOUND' ? 'there is no such file, or it imports one that is missing' : message;
    throw new UserError(`The fixture module ${path} cannot be loaded: ${why}`);
  }
  if (!Object.values(module).some((value) => typeof value === 'function'))
    throw new UserError(
      `The fixture module ${path} exports no verb. Export functions named client, authorizationCode …`,
    );
  return async (verb, input) => {
    const name = verb.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const call = module[name];
    if (typeof call !== 'function') return { kind: 'not-offered' };
    try {
      const output = await (call as Verb)(input);
      return { kind: 'given', output: (output ?? {}) as Record<string, unknown> };
    } catch (error) {
      return { kind: 'refused', message: error instanceof Error ? error.message : String(error) };
    }
  };
}
