import { coreBehaviours } from './core/behaviours.ts';
import type { CheckName } from './core/checks/order.ts';
import { awsJsonBehaviours } from './fronts/aws-json/behaviours.ts';
import type { AwsAttempt, AwsCheckName } from './fronts/aws-json/checks.ts';

/**
 * Every single decision of the AWS endpoint by its name: those of the core and those of its front, joined here and
 * nowhere else; the standard front joins its own in `start.ts`. A defect is one of them replaced.
 */
export const defaultBehaviours = { ...coreBehaviours, ...awsJsonBehaviours };

export type Behaviours = typeof defaultBehaviours;

/** What the core asks of an attempt, and what a front asks besides. */
export type AnyCheckName = CheckName | AwsCheckName;

/** As the checks of any front see it. */
export type AnyAttempt = AwsAttempt;
