import type { CoreBehaviours } from '../../core/behaviours.ts';
import type { Service } from '../../core/service.ts';
import type { OAuthFormBehaviours } from './behaviours.ts';

/** Every decision of this front by its name: those of the core, and its own in their place or besides. */
export type OAuthBehaviours = Omit<CoreBehaviours, keyof OAuthFormBehaviours> & OAuthFormBehaviours;

/** The service behind this front. */
export interface OAuthService extends Service {
  readonly behaviours: OAuthBehaviours;
}
