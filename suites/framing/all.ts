import type { Case } from '../../harness/case.ts';
import { takenByAws, unsignedIam } from '../aws/requests.ts';
import { framedInJson } from './json.ts';
import { accepted, cors, others } from './request.ts';

/** How requests are framed. Of the bodies JSON alone is sent: no dialect writes forms yet (`form.ts`). */
export const request: readonly Case[] = [
  ...accepted,
  ...takenByAws,
  ...framedInJson,
  ...others,
  unsignedIam,
  cors,
];
