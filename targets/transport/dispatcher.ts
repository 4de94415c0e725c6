import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { isLoopback } from '../loopback.ts';
import { UserError } from '../problem.ts';

/** What a TLS endpoint is reached with, each as PEM. */
export interface TlsMaterial {
  /** The authorities that sign its certificate, in place of those that Node knows. */
  readonly ca?: string;
  /** The certificate that a client shows, with those in between behind it, and its private key. */
  readonly cert?: string;
  readonly key?: string;
}

export interface DispatcherOptions {
  readonly tls?: TlsMaterial | undefined;
  /** Milliseconds that a connection may take, TLS included. */
  readonly connectMs: number;
  readonly connections: number;
  readonly maxResponseSize: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** What sends requests to a target: the one place that knows of connections, TLS and proxies. */
export interface Dispatching extends Pick<Dispatcher, 'dispatch'> {
  /** Whether a connection that failed was one to a proxy. */
  isOfProxy(error: unknown): boolean;
  destroy(): Promise<void>;
}

/**
 * Makes it. Over TLS a server chooses between HTTP/1.1 and HTTP/2 (ALPN). A proxy comes from the environment
 * (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, or these in small letters, which come first), as undici reads it: where there
 * is none for https, that for http is taken. Unlike undici and curl, and like Go, nothing for this machine goes to a
 * proxy: its own loopback would be another one.
 *
 * @throws {UserError} when the environment names a proxy that no URL has
 */
export function createDispatcher({
  tls = {},
  connectMs,
  connections,
  maxResponseSize,
  environment = process.env,
}: DispatcherOptions): Dispatching {
  const common = { headersTimeout: 0, bodyTimeout: 0, maxResponseSize, connections };
  const direct = new Agent({ ...common, connect: { ...tls, timeout: connectMs } });
  const proxies = proxiesIn(environment);
  if (proxies.every(({ url }) => url === undefined))
    return {
      dispatch: (options, handler) => direct.dispatch(options, handler),
      isOfProxy: () => false,
      destroy: () => direct.destroy(),
    };
  const [http, https] = proxies.map(({ url = '' }) => url);
  const proxied = new EnvHttpProxyAgent({
    ...common,
    httpProxy: http ?? '',
    httpsProxy: https ?? '',
    noProxy: settingOf(environment, 'NO_PROXY') ?? '',
    // What goes to a proxy in the clear is limited in the same way.
    factory: (origin: string | URL, options: object) => new Pool(origin, { ...common, ...options }),
    connect: { ...tls, timeout: connectMs },
    requestTls: { ...tls, timeout: connectMs },
    proxyTls: { ...(tls.ca !== undefined && { ca: tls.ca }), timeout: connectMs },
  } as EnvHttpProxyAgent.Options);
  return {
    dispatch: (options, handler) =>
      (isLoopback(String(options.origin)) ? direct : proxied).dispatch(options, handler),
    isOfProxy: (error) => {
      const { hostname, port } = connectionOf(error);
      return proxies.some(({ url }) => {
        const at = url === undefined ? undefined : new URL(url);
        return at !== undefined && (at.hostname === hostname || portOf(at) === port);
      });
    },
    destroy: async () => {
      await Promise.all([direct.destroy(), proxied.destroy()]);
    },
  };
}

/** Whom Node could not find, or where it found nobody. */
function connectionOf(error: unknown): { readonly hostname?: string; readonly port?: number } {
  const { errors, ...own } = error as { errors?: object[]; hostname?: string; port?: number };
  return errors?.[0] ?? own;
}

const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);

/** The user and the password of the proxies that the environment names: they are secrets. */
export function proxySecrets(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return proxiesIn(environment).flatMap(({ url }) => {
    const { username = '', password = '' } = url === undefined ? {} : new URL(url);
    const pair = [username, password].map(plainly);
    const basic = username === '' ? '' : Buffer.from(pair.join(':')).toString('base64');
    return [password, pair[1] ?? '', basic].filter((text) => text !== '');
  });
}

function plainly(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const proxyNames = ['HTTP_PROXY', 'HTTPS_PROXY'] as const;

/** What it holds may be a secret and is not told. */
function proxiesIn(environment: Readonly<Record<string, string | undefined>>) {
  return proxyNames.map((name) => {
    const url = settingOf(environment, name);
    if (url !== undefined && !/^(?:https?|socks5?):\/\/\S+$/i.test(url))
      throw new UserError(
        `The environment variable ${name} is no URL of a proxy, such as http://proxy.example:3128.`,
      );
    if (url !== undefined && !URL.canParse(url))
      throw new UserError(
        `The environment variable ${name} is no complete URL of a proxy: check its host and port.`,
      );
    return { name, url };
  });
}

function settingOf(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  const value = environment[name.toLowerCase()] ?? environment[name];
  return value === '' ? undefined : value;
}
