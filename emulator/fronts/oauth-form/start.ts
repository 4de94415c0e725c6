import { virtualClock } from '../../clock.ts';
import { type CoreBehaviours, coreBehaviours } from '../../core/behaviours.ts';
import { userNamed } from '../../core/service.ts';
import { emptyState } from '../../core/state.ts';
import { defaultSubject } from '../../fixtures/clients.ts';
import type { Keys } from '../../keys.ts';
import type { Middleware } from '../../wire.ts';
import { oauthFormBehaviours } from './behaviours.ts';
import { grantTypes } from './decisions.ts';
import type { OAuthBehaviours, OAuthService } from './service.ts';
import { newOAuthState, oauthOf } from './state.ts';

/** The one user who has a password. */
export const passwordUser = { username: defaultSubject, password: 'correct horse battery staple' } as const;

export interface OAuthFormOptions {
  /** What this front does differently. */
  readonly behaviours?: Partial<OAuthBehaviours>;
  /** What stands in front of all of it but its fixtures. */
  readonly middleware?: Middleware | undefined;
  /** Offers the grant `password`, which RFC 9700 section 2.4 forbids, to `passwordUser`. */
  readonly passwordGrant?: boolean;
}

/** The service behind this front, with a state and a clock of its own. Of other behaviours it takes those of the core. */
export function oauthService(
  keys: Keys,
  others: Partial<CoreBehaviours>,
  { behaviours = {}, passwordGrant = false }: OAuthFormOptions = {},
): OAuthService {
  const grants = grantTypes.filter((one) => passwordGrant || one !== 'password');
  const shared = Object.entries(others).filter(([name]) => Object.hasOwn(coreBehaviours, name));
  const service: OAuthService = {
    clock: virtualClock(),
    state: emptyState(newOAuthState(grants)),
    keys,
    behaviours: { ...coreBehaviours, ...oauthFormBehaviours, ...Object.fromEntries(shared), ...behaviours },
  };
  if (passwordGrant) {
    const { username, password } = passwordUser;
    userNamed(service, username);
    oauthOf(service.state).passwords.set(username, password);
  }
  return service;
}
