import { regionOf } from '../dialects/aws-json/endpoints.ts';
import type { ClientAuthentication } from './authentication.ts';
import { sign } from './aws-signature.ts';

/** AWS Signature Version 4, for a request that names its client and no secret. */
export const sigv4: ClientAuthentication = {
  method: 'sigv4',
  auth: 'iam',
  changes: ['signing'],
  present: ({ client_id }) => ({ client_id }),
  prove: async (wire, { signing = {} }, { target, ahead, credentials }) => {
    if (signing.none) return wire;
    const { service, unsigned, written, skewSeconds = 0, tamper } = signing;
    const signed = await sign(wire, {
      credentials: signing.credentials ?? (await credentials()),
      region: signing.region ?? regionOf(target),
      ...(service !== undefined && { service }),
      ...(unsigned !== undefined && { unsigned }),
      ...(written !== undefined && { written }),
      date: new Date(Date.now() + (ahead + skewSeconds) * 1_000),
    });
    return tamper?.(signed) ?? signed;
  },
};
