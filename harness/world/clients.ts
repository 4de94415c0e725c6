import { authentications } from '../../targets/authentication/all.ts';
import type { AuthMethod } from '../../targets/authentication/authentication.ts';
import { clientKey, keepKey, publicJwk } from '../../targets/authentication/client-keys.ts';
import type { Call, Dialect, RegistrationWishes } from '../../targets/dialect.ts';
import type { FixtureProvider, Offer } from '../../targets/fixtures/provider.ts';
import { methodOf } from '../../targets/target/by-dialect.ts';
import { hasSecret, limitOnMethod } from '../../targets/target/limits.ts';
import type { DeclaredClient, Target } from '../../targets/target/target.ts';
import type { Vault } from '../capture/vault.ts';
import type { Sender } from '../send/sender.ts';
import { notOffered, Stop } from '../stop.ts';
import type { Client, ClientWishes } from './artefacts.ts';
import { type Asking, outputOf } from './asking.ts';
import type { Random } from './random.ts';

interface Parts {
  readonly target: Target;
  readonly dialect: Dialect;
  readonly vault: Vault;
  readonly sender: Sender;
  readonly random: Random;
  readonly ask: Asking['ask'];
}

/** At which nobody has to listen: codes come from the fixture provider. */
export const defaultRedirectUri = 'http://127.0.0.1:8400/oauth/callback';

const usual = {
  grants: ['authorization_code', 'refresh_token'],
  redirectUris: [defaultRedirectUri],
} as const;

/** What the fixture provider is asked for. */
export function inputFor(
  wishes: ClientWishes & Required<Pick<ClientWishes, 'method'>> & Pick<RegistrationWishes, 'jwks'>,
  target: Target,
): Readonly<Record<string, unknown>> {
  const { grants, redirectUris, method, jwks } = { ...usual, ...wishes };
  return {
    grantTypes: grants,
    ...(method !== 'sigv4' && { scopes: target.scopes }),
    ...(grants.includes('authorization_code') && { redirectUris }),
    auth: authOf(method, target),
    ...(jwks && { jwks }),
  };
}

/** What providers and target files call a method. */
const authOf = (method: AuthMethod, { dialect }: Pick<Target, 'dialect'>): string =>
  dialect === 'oauth-form' ? method : authentications[method].auth;

/** Whether cases have to share their clients, by how these are authenticated. */
export type Sharing = (method: AuthMethod) => Promise<boolean>;

/** Asks the provider for two clients, once: some have only one. Those of a target file are few, too. */
export function sharingOf(target: Target, fixtures: FixtureProvider): Sharing {
  const known = new Map<string, Promise<boolean>>();
  const isOne = async (method: AuthMethod): Promise<boolean> => {
    if (target.clients !== undefined) return true;
    if (target.limits.some(({ fixture }) => fixture === 'client')) return false;
    const [one, other] = [
      await fixtures('client', inputFor({ method }, target)),
      await fixtures('client', inputFor({ method }, target)),
    ];
    return one.kind === 'given' && other.kind === 'given' && one.output.clientId === other.output.clientId;
  };
  return (method) => {
    const answer = known.get(method) ?? isOne(method);
    known.set(method, answer);
    return answer;
  };
}

/** The clients of a case: declared in the target file, made by the fixture provider, or registered. */
export function clientsOf({
  target,
  dialect,
  vault,
  sender,
  random,
  ask,
}: Parts): (wishes?: ClientWishes) => Promise<Client> {
  const made = new Map<string, Promise<Client>>();

  async function make(wishes: ClientWishes): Promise<Client> {
    const { usualMethod } = dialect;
    const { grants, redirectUris, method } = { ...usual, method: usualMethod, ...wishes };
    if (target.clients !== undefined) return declared(wishes, grants);
    const limit = limitOnMethod(method, target.limits);
    if (limit !== undefined) throw new Stop('out-of-scope', limit.reason);
    const redirect_uri = redirectUris[0] ?? defaultRedirectUri;
    const keys = await keysOf(method, wishes);
    const usesCodes = grants.includes('authorization_code');
    // The limit names what the provider gives: who registers clients itself still can.
    const isLimited = target.limits.some(({ fixture }) => fixture === 'client') && registers(method);
    const offer: Offer = isLimited
      ? { kind: 'not-offered' }
      : await ask('client', inputFor({ method, ...wishes, ...keys?.told }, target));
    if (offer.kind !== 'not-offered' || !registers(method)) {
      const { clientId, clientSecret, clientSecretExpiresAt } = outputOf('client', offer);
      if (typeof clientId !== 'string')
        throw new Stop('fixture', 'the fixture "client" answered without a string "clientId"');
      if (typeof clientSecret !== 'string')
        return { method, ...keys?.own, client_id: clientId, redirect_uri };
      vault.remember('clientSecret', clientSecret);
      return {
        method,
        client_id: clientId,
        client_secret: clientSecret,
        ...endOf(clientSecretExpiresAt),
        redirect_uri,
      };
    }
    const registration: Call = {
      operation: 'register',
      members: dialect.registration(
        {
          name: `token-conformance ${random.garbage(8)}`,
          grants,
          ...(usesCodes && { redirectUris }),
          scopes: target.scopes,
          method,
          ...keys?.told,
        },
        target,
      ),
    };
    // Which methods a server offers beside the usual one is its own affair.
    const isUsual = method === usualMethod;
    const sent = isUsual
      ? await sender.given('registration', registration)
      : await sender.send('given: registration', registration);
    const { error, members } = sent.reply;
    const { token_endpoint_auth_method: given = method } = members;
    if (!isUsual && (error === 'invalid_client_metadata' || given !== method)) throw notOffered('method');
    return {
      method,
      ...keys?.own,
      client_id: sent.text('client_id'),
      ...(hasSecret(method) && { client_secret: sent.text('client_secret') }),
      ...endOf(sent.reply.members.client_secret_expires_at),
      redirect_uri,
    };
  }

  /** Those of the target file, with the names that clients of this case were asked for with. */
  const taken = new Map<DeclaredClient, string | undefined>();

  /** Chosen by what it can do: of those that can, the one that can do least, so that others are left for other wishes. */
  function declared({ name, without, method }: ClientWishes, grants: readonly string[]): Client {
    const chosen = Object.values(target.clients ?? {})
      .filter((one) => authenticates(one, method) && isAllowed(one, grants, without))
      .filter((one) => !taken.has(one) || taken.get(one) === name)
      .toSorted((one, other) => abilityOf(one) - abilityOf(other))[0];
    if (chosen === undefined) {
      const how = target.dialect === 'oauth-form' && method !== undefined ? ` for ${method}` : '';
      const which = `${name === undefined ? '' : 'second '}client${how}`;
      const able = [
        ...(grants.length > 0 ? [`with the grants ${grants.join(', ')}`] : []),
        ...(without ? [`without ${without}`] : []),
      ].join(' and ');
      throw new Stop('fixture', `the target file declares no ${which} ${able}`);
    }
    taken.set(chosen, name);
    const { clientId, clientSecret, key, redirectUris } = chosen;
    if (clientSecret !== undefined) vault.remember('clientSecret', clientSecret);
    const kid = key && keepKey(key);
    if (key && kid === undefined)
      throw new Stop(
        'fixture',
        'the target file declares a client whose key is for no algorithm of signatures',
      );
    return {
      method: target.dialect === 'oauth-form' ? methodOf(chosen) : (method ?? dialect.usualMethod),
      client_id: clientId,
      ...(clientSecret !== undefined && { client_secret: clientSecret }),
      ...(kid !== undefined && { kid }),
      redirect_uri: redirectUris?.[0] ?? defaultRedirectUri,
    };
  }

  /** Where no method is wished for, the usual one will do, or any that shows a secret: most mistakes are made with one. */
  function authenticates(client: DeclaredClient, method: AuthMethod | undefined): boolean {
    if (target.dialect !== 'oauth-form')
      return (client.auth ?? 'secret') === authOf(method ?? dialect.usualMethod, target);
    const own = methodOf(client);
    if (method !== undefined) return own === method;
    return own === dialect.usualMethod || showsSecret.includes(own);
  }

  /** How much it can do; where that is the same, how it authenticates decides. */
  function abilityOf(client: DeclaredClient): number {
    const usualFirst = methodOf(client) === dialect.usualMethod ? 0 : 0.5;
    return (client.grantTypes?.length ?? Number.MAX_SAFE_INTEGER / 2) + usualFirst;
  }

  /** What gave the clients, and what it did when two that must differ are one. */
  const gaveOne =
    target.clients === undefined
      ? 'this target gives the same client twice'
      : 'the target file declares the same client twice';
  /** By their ids, the names that clients of this case were asked for with. */
  const names = new Map<string, string | undefined>();

  /** Who must be another client has to be one: else nothing can be said of another's codes and tokens. */
  function mustDiffer({ client_id }: Client, { name }: ClientWishes): void {
    if (names.has(client_id) && names.get(client_id) !== name)
      throw new Stop('silent', `${gaveOne}, and this case needs two that differ`);
    names.set(client_id, name);
  }

  /** Nothing about a client is secret but its secret. */
  async function makePublic(wishes: ClientWishes): Promise<Client> {
    const client = await make(wishes);
    mustDiffer(client, wishes);
    vault.publish(client.client_id);
    vault.publish(client.redirect_uri);
    return client;
  }

  return (wishes = {}) => {
    const key = JSON.stringify(wishes);
    const client = made.get(key) ?? makePublic(wishes);
    made.set(key, client);
    return client;
  };
}

/** Whether clients of this kind can be had by registration; AWS's applications are made by an administrator. */
const registers = (method: AuthMethod): boolean => method !== 'sigv4';

/** The keys of a client that signs: their name, and the public half for those who register it. */
async function keysOf(method: AuthMethod, { name = 'client' }: ClientWishes) {
  if (method !== 'private_key_jwt') return undefined;
  const key = await clientKey(name);
  return { own: { kid: key.kid }, told: { jwks: { keys: [publicJwk(key)] } } };
}

/** 0 says that it never ends (RFC 7591 §3.2.1). */
function endOf(expiresAt: unknown): Pick<Client, 'secret_expires_at'> {
  return typeof expiresAt === 'number' && expiresAt > 0 ? { secret_expires_at: expiresAt } : {};
}

/** Of one that says nothing of its grants it is not known that it lacks any. */
function isAllowed(
  { grantTypes }: DeclaredClient,
  wished: readonly string[],
  without: string | undefined,
): boolean {
  if (grantTypes === undefined) return without === undefined;
  return (
    wished.every((grant) => grantTypes.includes(grant)) &&
    (without === undefined || !grantTypes.includes(without))
  );
}

/** The methods that have the secret itself in the request. */
const showsSecret: readonly AuthMethod[] = ['client_secret_basic', 'client_secret_post'];
