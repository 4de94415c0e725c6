import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { atIamToken, type Defect, replacing } from '../defect.ts';

/** A nonce that went through an encoder once too often, or through the wrong one. */
export const nonces: readonly Defect[] = [
  nonce(
    'nonce-escaped-for-html',
    'Ampersands, quotes and angle brackets of a nonce come back as entities.',
    (text) => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`),
  ),
  nonce('nonce-with-blanks', 'A plus sign of a nonce comes back as a blank.', (text) =>
    text.replaceAll('+', ' '),
  ),
  nonce('nonce-decoded', 'A nonce comes back percent-decoded.', (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }),
  nonce('nonce-as-number', 'A nonce of digits comes back as a number.', (text) =>
    /^\d+$/.test(text) ? Number(text) : text,
  ),
  nonce(
    'nonce-outside-ascii-lost',
    'Characters of a nonce outside ASCII come back as question marks.',
    (text) => text.replace(/[^\0-\x7f]/g, '?'),
  ),
];

function nonce(name: string, changes: string, change: (text: string) => unknown): Defect {
  return {
    name,
    changes,
    breaks: ['OIDC-2-nonce'],
    at: atIamToken,
    ...replacing(() => ({
      'id-token-claims': (...about) => {
        const claims = usual['id-token-claims'](...about);
        return typeof claims.nonce === 'string' ? { ...claims, nonce: change(claims.nonce) } : claims;
      },
    })),
  };
}
