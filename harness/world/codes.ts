import type { Offer } from '../../targets/fixtures/provider.ts';
import type { Target } from '../../targets/target/target.ts';
import type { Vault } from '../capture/vault.ts';
import type { Client, Code, CodeWishes, ExactWishes } from './artefacts.ts';
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
  /**
   * A code of an authorization request that is just as wished. Undefined when the target refuses to issue it, and when
   * the provider does not confirm that nothing was put in: then nothing follows from what becomes of the code.
   */
  readonly authorizationCodeOfExactly: (client: Client, wishes: ExactWishes) => Promise<Code | undefined>;
}

/** What a provider said when it was asked for a code, and what the code is bound to. */
interface CodeOffer extends Pick<Code, 'redirect_uri'> {
  readonly offer: Offer;
  readonly code_verifier: string | null;
}

type Wishes = Omit<CodeWishes, 'redirectUri'> &
  Omit<ExactWishes, 'redirectUri'> & { readonly redirectUri?: string | false; readonly exactly?: true };

/** The authorization codes of a case, made by the fixture provider. */
export function codesOf({ target, vault, random, ask, secret }: Parts): Codes {
  async function askForCode(owner: Client, wishes: Wishes = {}): Promise<CodeOffer> {
    const { redirectUri = owner.redirect_uri, challenge = challengeOf, challengeMethod = 'S256' } = wishes;
    const code_verifier = wishes.verifier === undefined ? random.verifier() : wishes.verifier;
    if (code_verifier !== null) vault.remember('codeVerifier', code_verifier);
    const offer = await ask(
      'authorization-code',
      {
        clientId: owner.client_id,
        ...(redirectUri !== false && { redirectUri }),
        ...scopeOf(owner, wishes),
        ...(wishes.nonce !== undefined && { nonce: wishes.nonce }),
        ...(wishes.resource !== undefined && { resource: wishes.resource }),
        ...(code_verifier !== null && {
          codeChallenge: challenge(code_verifier),
          ...(challengeMethod !== false && { codeChallengeMethod: challengeMethod }),
        }),
        ...(wishes.exactly && { exactly: true }),
      },
      owner,
    );
    return { offer, ...(redirectUri !== false && { redirect_uri: redirectUri }), code_verifier };
  }

  /** A request for none in particular names none. */
  function scopeOf({ method }: Client, { scope }: Pick<CodeWishes, 'scope'>) {
    const wished = scope ?? (method === 'sigv4' ? undefined : target.scopes);
    return wished === undefined || (scope !== undefined && scope.length === 0) ? {} : { scope: wished };
  }

  const codeIn = ({ offer, redirect_uri, code_verifier }: CodeOffer): Code => ({
    code: secret('authorization-code', outputOf('authorization-code', offer), 'code'),
    ...(redirect_uri !== undefined && { redirect_uri }),
    ...(code_verifier !== null && { code_verifier }),
  });

  return {
    authorizationCode: async (owner, wishes) => codeIn(await askForCode(owner, wishes)),
    authorizationCodeIfAllowed: async (owner, wishes) => {
      const asked = await askForCode(owner, wishes);
      return asked.offer.kind === 'refused' ? undefined : codeIn(asked);
    },
    authorizationCodeOfExactly: async (owner, wishes) => {
      const asked = await askForCode(owner, { ...wishes, exactly: true });
      const { offer } = asked;
      const isExact = offer.kind === 'given' && offer.output.exactly === true;
      return offer.kind === 'refused' || (offer.kind === 'given' && !isExact) ? undefined : codeIn(asked);
    },
  };
}
