import type { Observation } from '../../harness/probe.ts';
import { body, type RuleRow, show, when } from '../kit/rule.ts';

const scopeOf = (seen: Observation) => body(seen).object?.scope;

/** RFC 6749 appendix A.4. */
const scopeText = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** How an answer writes the scope. */
export const scopes: readonly RuleRow[] = [
  {
    id: 'wire/scope-syntax',
    operation: 'token',
    dialects: ['oauth-form'],
    title: 'the spelling of the scope',
    requirement: 'RFC6749-3.3-scope-syntax',
    expected: 'one text of scopes, with a single blank between two of them',
    // Null is no text: a server that states no scope leaves it out.
    applies: (seen) => scopeOf(seen) !== undefined,
    optional: 'no response states a scope',
    problem: (seen) => {
      const scope = scopeOf(seen);
      return when(typeof scope !== 'string' || !scopeText.test(scope), `scope is ${show(scope)}`);
    },
  },
];
