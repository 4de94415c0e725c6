import fc from 'fast-check';
import type { Case } from '../../../harness/case.ts';
import { granted, rejected } from '../../../harness/expectation.ts';
import type { World } from '../../../harness/world/world.ts';
import * as iam from '../../aws/given.ts';
import { codeClient, codeWith, type Given, redeeming } from '../../kit/given.ts';
import type { GrantAt } from '../../kit/grant.ts';
import { memberOf } from '../../kit/member.ts';
import { mutated } from '../mutation.ts';
import { property, refusals, wrong } from '../property.ts';
import { anyEdit, edited, edits, unreservedText } from '../text.ts';
import { about } from './about.ts';
import { answerToEdit } from './altered.ts';

/** Redirect URIs that somebody might take for the same. */
const otherUris: Readonly<Record<string, (uri: string) => string>> = {
  'empty fragment': (uri) => `${uri}#`,
  'empty query': (uri) => `${uri}?`,
  'dot segments': (uri) => `${uri}/..`,
  localhost: (uri) => uri.replace('127.0.0.1', 'localhost'),
  'short address': (uri) => uri.replace('127.0.0.1', '127.1'),
  user: (uri) => uri.replace('://', '://user@'),
  'no port': (uri) => uri.replace(/:\d+/, ''),
  'next port': (uri) => uri.replace(/:(\d+)/, (_, port) => `:${Number(port) + 1}`),
  'space before': (uri) => ` ${uri}`,
  'space behind': (uri) => `${uri} `,
};

/** What only the authorization code grants have: a redirect URI and a verifier. */
export function ofCode(row: GrantAt): Case[] {
  const named = about(row);
  const { given } = row;
  const invalidGrant = rejected('invalid_grant');
  const issued = (world: World, wishes: Parameters<typeof iam.codeWith>[0] & object): ReturnType<Given> =>
    row.operation === 'token' ? codeWith(wishes)(world) : iam.codeWith(wishes)(world);
  return [
    property(
      named('verifiers', {
        title: 'codes that are bound to any verifier that is allowed',
        requirement: row.operation === 'token' ? 'RFC7636-4.1-verifier-bounds-accepted' : row.granted,
        property: 'granted for 43 to 128 unreserved characters',
      }),
      () => unreservedText(43, 128),
      async (verifier, world) =>
        wrong(world, granted(), await world.send('probe', await issued(world, { verifier }))),
    ),
    refusals(
      named('altered-verifier', {
        title: 'verifiers with another character anywhere',
        requirement: 'RFC7636-4.6-wrong-verifier',
        property: 'refused as invalid_grant',
      }),
      (world) => issued(world, { verifier: world.verifier(64) }),
      () => edits('replace', 'swap-case'),
      answerToEdit('code_verifier', invalidGrant),
    ),
    refusals(
      named('altered-redirect-uri', {
        title: 'redirect URIs with an edit anywhere',
        requirement: 'RFC6749-4.1.3-redirect_uri-identical',
        property: 'refused as invalid_grant',
      }),
      given,
      () =>
        fc.oneof(
          anyEdit.filter(({ kind }) => kind !== 'cut'),
          fc.constantFrom(...Object.keys(otherUris)),
        ),
      async (change, request, world) => {
        const before = String(request.members.redirect_uri);
        const value = typeof change === 'string' ? otherUris[change]?.(before) : edited(before, change);
        if (value === before) return undefined;
        const sent = await world.send('probe', mutated(request, { member: 'redirect_uri', value }));
        return wrong(world, invalidGrant, sent);
      },
    ),
    ...(row.operation === 'token'
      ? [
          property(
            {
              ...named('survives', {
                title: 'a code after a refused request',
                requirement: 'OAUTH21-7.5.2-failed-request-keeps-code',
                property: 'after a request that failed authentication or PKCE, the code is still granted',
              }),
              control: given,
            },
            () =>
              fc.record({
                member: fc.constantFrom('client_secret', 'code_verifier'),
                edit: edits('replace'),
              }),
            async ({ member, edit }, world) => {
              const request = await given(world);
              const value = edited(String(memberOf(request, member)), edit);
              const refusal = await world.send('refused', mutated(request, { member, value }));
              if (refusal.reply.outcome === 'granted') {
                world.givenAway();
                return `a wrong ${member} is granted`;
              }
              return wrong(world, granted(), await world.send('probe', request));
            },
            { weight: 3 },
          ),
          property(
            named('loopback-ports', {
              title: 'loopback redirect URIs with any port, registered without one',
              requirement: 'AWS-loopback-port',
              property: 'granted for every port',
            }),
            () => fc.integer({ min: 1, max: 65_535 }),
            async (port, world) => {
              const redirectUris = ['http://127.0.0.1/oauth/callback'];
              const client = await codeClient(world, { name: 'loopback', redirectUris });
              const redirectUri = `http://127.0.0.1:${port}/oauth/callback`;
              const code = await world.authorizationCode(client, { redirectUri });
              return wrong(world, granted(), await world.send('probe', redeeming(client, code)));
            },
            { weight: 4 },
          ),
        ]
      : []),
  ];
}
