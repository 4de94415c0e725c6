/**
 * Why a target need not show what a requirement presupposes, by a name. What proves each of them to somebody who has
 * only the exchanges stands in `report/proofs.ts`.
 */
export const absences = {
  rotation: 'refresh tokens do not rotate here: the response brings no new one',
  grace: 'a replaced refresh token still works for a while here',
  refreshToken: 'the response brings no refresh token, which is optional',
  refreshIdToken: 'a refresh brings no ID token here, which is optional',
  oneScope: 'what is granted here has one scope alone, so that none can be left out',
  codeWithoutChallenge: 'no code is issued without a challenge',
  codeWithoutOpenid:
    'no code is issued here without the scope openid, which OpenID Connect Core §3.1.2.1 leaves to the server',
  plainChallenge:
    'no code is issued here for a challenge that is the verifier itself, or the provider does not confirm it',
  codeWithoutRedirectUri:
    'no code is issued here without a redirect URI in the authorization request, or the provider does not confirm it',
  otherRedirectUri: 'no code is given to a second redirect URI of a client',
  sameClient: 'every registration brings the same client here',
  completeUri: 'the response brings no verificationUriComplete, which is optional',
  tokenEndpoint: 'the registration names no tokenEndpoint',
  secretLife: 'client secrets end here before the time is over that this takes',
  deviceLife: 'device codes end here before they were polled as slowly as this case does',
  slowDown: 'polls in a row are not answered slow_down here',
  scopes: 'a scope that nobody has heard of is not accepted here, and the target file names too few others',
  metadata: 'the target is described by no metadata: neither its file nor its issuer names the URL',
  change: 'the valid request is here already what this case would make of it, so nothing is wrong with it',
  sessionExpiry: 'the target cannot let a session token expire',
  secretEnd: 'client secrets do not end here in a time that this suite can let pass',
  shortInterval: 'a device code does not live long enough here for all the polls that this takes',
  redirectUris: 'no client and code can be had here for the redirect URIs that this needs',
  requestedType: 'no token of this type is issued for a subject token here',
  otherScope: 'a request for a scope that nobody has heard of is refused here, so no other scope is granted',
  method: 'no client can be registered here that authenticates in this way',
  assertionUses: 'a client assertion may be used more than once here',
  plainCredentials:
    'neither the id of the client nor its secret has a character that a form spells otherwise',
  defaults: 'no client is registered here that leaves out what RFC 7591 has defaults for',
  reuse: 'a subject token that was exchanged cannot be exchanged again here, or not as late as this takes',
  endpoint: 'neither the target file nor the metadata names the endpoint that this takes',
  look: 'an access token that was just issued is not shown to its client here, or not one of this kind',
  revocation: 'the revocation endpoint does not take this token from its client, or not with this hint',
  tokenLife: 'no access token ends here in a time that is stated and that this suite can let pass',
  givenAgain: 'each request brings another access token here',
  resource:
    'the target file names no resource that the server issues tokens for: write "resource: https://mcp.example.com/mcp", with the URI of yours',
  unrestricted: 'no token is restricted to its resource here, so nothing shows that the parameter is known',
  untoldScope: 'nothing here tells the scope of a token',
  untoldAudience:
    'nothing here tells whom an access token is for: it is no JWT, and introspection does not say it',
  untoldActor:
    'nothing here tells of whom an access token speaks: it is no JWT, and introspection does not say it',
  subject: 'nothing here tells both the subject of a user and that of a client',
  bothGrants: 'no client can be had here that asks for itself and for a user',
  actor: 'no token of a client is accepted here as that of an actor',
} as const;

/** Seconds: time that passes, passes for everything on the target. */
export const longestTokenLife = 7 * 86_400;

export type Absence = keyof typeof absences;
