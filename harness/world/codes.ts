import type { Offer } from '../../targets/fixtures/provider.ts';
import type { Target } from '../../targets/target/target.ts';
import type { Vault } from '../capture/vault.ts';
import type { Client, Code, CodeWishes } from './artefacts.ts';
import { type Asking, outputOf } from './asking.ts';
import { challengeOf, type Random } from './random.ts';

interface Parts extends Pick<Asking, 'ask' | 'secret'> {
  readonly target: Target;
  readonly vault: Vault;
  readonly random: Random;
}

/** What a case can ask for a code. */
export interface Codes {
  readonly authorizationCode: (client: Client, wishes?: CodeWishes) => Promise<Code>;
  /** An authorization code, or undefined when the target refuses to issue this one. */
  readonly authorizationCodeIfAllowed: (client: Client, wishes?: CodeWishes) => Promise<Code | undefined>;
}

/** What a provider said when it was asked for a code, and what the code is bound to. */
interface CodeOffer extends Pick<Code, 'redirect_uri'> {
  readonly offer: Offer;
  readonly code_verifier: string | null;
}

/** The authorization codes of a case, made by the fixture provider. */
export function codesOf({ target, vault, random, ask, secret }: Parts): Codes {
  async function askForCode(owner: Client, wishes: CodeWishes = {}): Promise<CodeOffer> {
    const redirect_uri = wishes.redirectUri ?? owner.redirect_uri;
    const code_verifier = wishes.verifier === undefined ? random.verifier() : wishes.verifier;
    if (code_verifier !== null) vault.remember('codeVerifier', code_verifier);
    const offer = await ask('authorization-code', {
      clientId: owner.client_id,
      redirectUri: redirect_uri,
      ...(owner.method !== 'sigv4' && { scope: target.scopes }),
      ...(wishes.scope !== undefined && { scope: wishes.scope }),
      ...(wishes.nonce !== undefined && { nonce: wishes.nonce }),
      ...(code_verifier !== null && {
        codeChallenge: challengeOf(code_verifier),
        codeChallengeMethod: 'S256',
      }),
    });
    return { offer, redirect_uri, code_verifier };
  }

  const codeIn = ({ offer, redirect_uri, code_verifier }: CodeOffer): Code => ({
    code: secret('authorization-code', outputOf('authorization-code', offer), 'code'),
    redirect_uri,
    ...(code_verifier !== null && { code_verifier }),
  });

  return {
    authorizationCode: async (owner, wishes) => codeIn(await askForCode(owner, wishes)),
    authorizationCodeIfAllowed: async (owner, wishes) => {
      const asked = await askForCode(owner, wishes);
      return asked.offer.kind === 'refused' ? undefined : codeIn(asked);
    },
  };
}
