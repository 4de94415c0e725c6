import type { Attempt } from './attempt.ts';

/** What the presented artefact was issued for; undefined stands for all that the client has. */
export function scopeOfArtefact(attempt: Attempt): readonly string[] | undefined {
  switch (attempt.grant) {
    case 'authorization_code':
      return attempt.code?.scope;
    case 'urn:ietf:params:oauth:grant-type:device_code':
      return attempt.device?.scope;
    case 'refresh_token':
      return attempt.refreshToken?.scope;
    case 'urn:ietf:params:oauth:grant-type:token-exchange':
      return attempt.subjectToken?.scope;
    default:
      return undefined;
  }
}
