import type { CoreBehaviours } from '../../core/behaviours.ts';
import type { Service } from '../../core/service.ts';
import type { AwsJsonBehaviours } from './behaviours.ts';

/** The service behind this front. */
export interface AwsService extends Service {
  readonly behaviours: CoreBehaviours & AwsJsonBehaviours;
}
