import type { Case } from '../../harness/case.ts';
import { takenByAws, unsignedIam } from '../aws/requests.ts';
import { framedInForm } from './form.ts';
import { framedInJson } from './json.ts';
import { accepted, cors, others } from './request.ts';

/** How requests are framed. */
export const request: readonly Case[] = [
  ...accepted,
  ...takenByAws,
  ...framedInJson,
  ...framedInForm,
  ...others,
  unsignedIam,
  cors,
];
