import type { Case } from '../../harness/case.ts';
import { rejectedOrIgnored } from '../../harness/expectation.ts';
import { flow, grant } from '../kit/cases.ts';
import { drawn, set } from '../kit/change.ts';
import type { Given } from '../kit/given.ts';

/** The scopes of CreateToken, which have no effect there: AWS alone says so. */
export function scopes(
  about: Pick<Case, 'grant' | 'needs'> & { readonly given: Given },
  folder: string,
): Case[] {
  return [
    grant({
      ...about,
      id: `${folder}/with-registered-scope`,
      title: 'the registered scopes',
      requirement: 'AWS-scope-inert',
      change: drawn('scope', ({ target }) => target.scopes),
    }),
    flow({
      ...about,
      id: `${folder}/with-unknown-scope`,
      title: 'a scope that was never registered',
      requirement: 'AWS-scope-inert',
      expect: {
        probe: rejectedOrIgnored('invalid_scope', 'AWS: scope has no effect on CreateToken'),
      },
      run: async (world) => {
        const request = await about.given(world);
        await world.send('probe', await set('scope', ['token-conformance:never-registered'])(request, world));
      },
    }),
  ];
}
