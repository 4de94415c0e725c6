export { accessTokenType, refreshTokenType } from '../../core/checks/subject-token.ts';

/** RFC 8693 section 3. */
export const idTokenType = 'urn:ietf:params:oauth:token-type:id_token';
