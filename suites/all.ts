import type { Case } from '../harness/case.ts';
import { authorizationCode } from './authorization-code.ts';
import { deviceCode } from './device-code.ts';
import { devicePolling } from './device-polling.ts';
import { everyGrant, reasons } from './every-grant.ts';
import { lifecycles } from './generated/lifecycle.ts';
import { properties } from './generated/properties.ts';
import { races } from './generated/races.ts';
import { generations } from './generations.ts';
import { iamEveryGrant, iamReasons } from './iam/every-grant.ts';
import { iamGenerations } from './iam/generations.ts';
import { iamGrantCases } from './iam/grants.ts';
import { iamLookAlikes } from './iam/look-alikes.ts';
import { iamRepeats } from './iam/repeats.ts';
import { iamRightAfter } from './iam/right-after.ts';
import { iamSignature } from './iam/signature.ts';
import { lookAlikeCases } from './look-alikes.ts';
import { manyScopes } from './many-scopes.ts';
import { promisedEnds } from './promised-ends.ts';
import { promises } from './promises.ts';
import { refreshToken } from './refresh-token.ts';
import { registerClient } from './register-client.ts';
import { repeats } from './repeats.ts';
import { request } from './request.ts';
import { rightAfter } from './right-after.ts';
import { startDeviceAuthorization } from './start-device-authorization.ts';
import { unpredictability } from './unpredictability.ts';

/** Every case, in the order of the plan. */
export const cases: readonly Case[] = [
  ...registerClient,
  ...startDeviceAuthorization,
  ...authorizationCode,
  ...deviceCode,
  ...devicePolling,
  ...refreshToken,
  ...generations,
  ...repeats,
  ...everyGrant,
  ...reasons,
  ...request,
  ...manyScopes,
  ...unpredictability,
  ...promises,
  ...promisedEnds,
  ...lookAlikeCases,
  ...rightAfter,
  ...iamGrantCases,
  ...iamGenerations,
  ...iamRepeats,
  ...iamEveryGrant,
  ...iamReasons,
  ...iamSignature,
  ...iamRightAfter,
  ...iamLookAlikes,
  ...lifecycles,
  ...properties,
  ...races,
];
