import type { Members } from '../members.ts';
import type { WireRequest } from '../transport/transport.ts';
import type {
  AuthChange,
  AuthMethod,
  ClientAuthentication,
  Credential,
  ProofParts,
} from './authentication.ts';
import { clientSecretJwt, privateKeyJwt } from './client-assertion.ts';
import { clientSecretBasic } from './client-secret-basic.ts';
import { clientSecretPost } from './client-secret-post.ts';
import { none } from './none.ts';
import { sigv4 } from './sigv4.ts';

/** Every way to authenticate a client that this suite has. */
export const authentications: Readonly<Record<AuthMethod, ClientAuthentication>> = {
  client_secret_basic: clientSecretBasic,
  client_secret_post: clientSecretPost,
  none,
  private_key_jwt: privateKeyJwt,
  client_secret_jwt: clientSecretJwt,
  sigv4,
};

/** Who asks, with what is made anew for each request. */
export async function ready(
  by: Credential | undefined,
  as: AuthChange = {},
  parts: ProofParts,
): Promise<Credential | undefined> {
  return by && ((await authentications[by.method].ready?.(by, as, parts)) ?? by);
}

/** The members of a request, with those that say who asks in front. */
export function presented(members: Members, by: Credential | undefined, as: AuthChange = {}): Members {
  if (by === undefined) return members;
  return Object.assign({}, ...shown(by, as).map((one) => authentications[one.method].present(one)), members);
}

/** The headers that say who asks. */
export function headersBy(by: Credential | undefined, as: AuthChange = {}): Readonly<Record<string, string>> {
  if (by === undefined) return {};
  return Object.assign({}, ...shown(by, as).map((one) => authentications[one.method].headers?.(one, as)));
}

/** A request with the proof of who asks. A change that its method has no words for throws: nothing would be wrong. */
export async function proven(
  wire: WireRequest,
  by: Credential | undefined,
  as: AuthChange = {},
  parts: ProofParts,
): Promise<WireRequest> {
  const unable = Object.keys(as).find((name) => !isAble(name, by, as));
  if (unable !== undefined)
    throw new Error(`A request by ${by?.method ?? 'nobody'} cannot be changed in what concerns ${unable}.`);
  return (by && (await authentications[by.method].prove?.(wire, as, parts))) ?? wire;
}

const isAble = (change: string, by: Credential | undefined, as: AuthChange): boolean =>
  by !== undefined &&
  shown(by, as).some(({ method }) => authentications[method].changes.some((one) => one === change));

/** Each way in which a request says who asks. */
const shown = (by: Credential, { also }: AuthChange): readonly Credential[] =>
  also === undefined ? [by] : [by, { ...by, ...also }];
