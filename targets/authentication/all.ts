import type { Members } from '../members.ts';
import type { AuthMethod, ClientAuthentication, Credential } from './authentication.ts';
import { clientSecretBasic } from './client-secret-basic.ts';
import { clientSecretPost } from './client-secret-post.ts';
import { none } from './none.ts';
import { sigv4 } from './sigv4.ts';

/** Every way to authenticate a client that this suite has. */
export const authentications: Readonly<Record<AuthMethod, ClientAuthentication>> = {
  client_secret_basic: clientSecretBasic,
  client_secret_post: clientSecretPost,
  none,
  sigv4,
};

/** The members of a request, with those that say who asks in front. */
export const presented = (members: Members, by: Credential | undefined): Members =>
  by === undefined ? members : { ...authentications[by.method].present(by), ...members };
