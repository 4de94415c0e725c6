import { coreBehaviours } from '../../core/behaviours.ts';
import { invalidRequest } from '../../core/refusal.ts';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import { atDeviceAuthorization, type Defect, replacingOAuth } from '../defect.ts';

const scopes = 'RFC6749-5.2-invalid_scope';

/** What the device authorization endpoint gets wrong beyond what the core decides. */
export const standardDeviceAuthorizations: readonly Defect[] = [
  {
    name: 'malformed-device-scope-as-invalid-request',
    changes: 'A device authorization for a scope that is none is answered with invalid_request.',
    breaks: [scopes],
    at: atDeviceAuthorization,
    ...replacingOAuth(() => ({
      'scope-well-formed': (attempt) => {
        const refusal = usual['scope-well-formed'](attempt);
        return refusal && attempt.operation === 'device_authorization' ? invalidRequest('scope') : refusal;
      },
    })),
  },
  {
    name: 'unknown-device-scope-throws',
    changes: 'A device authorization for a scope that the client may not have ends with status 500.',
    breaks: [scopes],
    at: atDeviceAuthorization,
    ...replacingOAuth(() => ({
      'scope-of-application': (attempt) => {
        const refusal = coreBehaviours['scope-of-application'](attempt);
        if (refusal && attempt.operation === 'device_authorization') throw new Error('no such scope');
        return refusal;
      },
    })),
  },
];
