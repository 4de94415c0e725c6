import type { Case } from '../harness/case.ts';
import { iamAuthorizationCode } from './aws/authorization-code.ts';
import { iamEveryGrant, iamReasons } from './aws/every-grant.ts';
import { reasons } from './aws/faults.ts';
import { iamGenerations } from './aws/generations.ts';
import { jwtBearer } from './aws/jwt-bearer.ts';
import { iamLookAlikes, iamMemberLookAlikes } from './aws/look-alikes.ts';
import { iamRefreshToken } from './aws/refresh-token.ts';
import { iamRepeats } from './aws/repeats.ts';
import { iamRightAfter } from './aws/right-after.ts';
import { iamSignature } from './aws/signature.ts';
import { tokenExchange } from './aws/token-exchange.ts';
import { clientAssertion } from './clients/assertion.ts';
import { clientAuthentication } from './clients/authentication.ts';
import { clientBasic } from './clients/basic.ts';
import { startDeviceAuthorization } from './device-authorization.ts';
import { request } from './framing/all.ts';
import { lifecycles } from './generated/lifecycle/cases.ts';
import { properties } from './generated/properties/all.ts';
import { races } from './generated/races.ts';
import { grantsAtToken } from './grants/at-token.ts';
import { authorizationCode } from './grants/authorization-code.ts';
import { deviceCode } from './grants/device-code.ts';
import { devicePolling } from './grants/device-polling.ts';
import { everyGrant } from './grants/every-grant.ts';
import { exactCodes } from './grants/exact-codes.ts';
import { generations } from './grants/generations.ts';
import { idTokenCases } from './grants/id-tokens.ts';
import { codeLookAlikes, memberLookAlikes } from './grants/look-alikes.ts';
import { manyScopes } from './grants/many-scopes.ts';
import { promisedEnds } from './grants/promised-ends.ts';
import { promises } from './grants/promises.ts';
import { publicCodes } from './grants/public-codes.ts';
import { refreshToken } from './grants/refresh-token.ts';
import { repeats } from './grants/repeats.ts';
import { resources } from './grants/resources.ts';
import { rightAfter } from './grants/right-after.ts';
import { metadata } from './metadata.ts';
import { registeredMetadata } from './registered-metadata.ts';
import { registerClient } from './registration.ts';
import { unpredictability } from './unpredictability.ts';

/** Every case, in the order of the plan. */
export const cases: readonly Case[] = [
  ...registerClient,
  ...registeredMetadata,
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
  ...memberLookAlikes,
  ...iamMemberLookAlikes,
  ...codeLookAlikes,
  ...rightAfter,
  ...idTokenCases,
  ...metadata,
  ...exactCodes,
  ...publicCodes,
  ...resources,
  ...grantsAtToken,
  ...iamAuthorizationCode,
  ...iamRefreshToken,
  ...jwtBearer,
  ...tokenExchange,
  ...iamGenerations,
  ...iamRepeats,
  ...iamEveryGrant,
  ...iamReasons,
  ...iamSignature,
  ...iamRightAfter,
  ...iamLookAlikes,
  ...clientAuthentication,
  ...clientBasic,
  ...clientAssertion,
  ...lifecycles,
  ...properties,
  ...races,
];
