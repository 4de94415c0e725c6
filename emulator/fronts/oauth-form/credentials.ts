import { utf8Text } from '../../json.ts';
import type { WireRequest } from '../../wire.ts';
import { formDecoded } from './form.ts';
import type { AuthMethod } from './methods.ts';

/** Who a request says that it comes from, before anything of it is believed. */
export interface Presented {
  /** By which means; `none` where only an identifier came, undefined where nothing did. */
  readonly method: AuthMethod | 'assertion' | 'unreadable' | undefined;
  readonly clientId: string | undefined;
  readonly secret: string | undefined;
  readonly assertion: string | undefined;
  readonly assertionType: string | undefined;
  /** Whether an Authorization header came. */
  readonly byHeader: boolean;
  /** How many means were used at once. */
  readonly means: number;
  /** The identifiers that came, each once. */
  readonly names: readonly string[];
}

export interface BasicCredentials {
  readonly id: string;
  readonly secret: string;
}

/** What a body says of the client. */
export interface ClientParameters {
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly client_assertion?: string;
  readonly client_assertion_type?: string;
}

/** How credentials are read (RFC 6749 section 2.3, RFC 7617, RFC 7521 section 4.2). */
export const credentialReading = {
  /** Undefined where it is none. */
  'basic-credentials': (header: string): BasicCredentials | undefined => {
    const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header.trim()) ?? [];
    if (encoded === undefined) return undefined;
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) return undefined;
    const text = utf8Text(bytes);
    // RFC 7617 section 2: the first colon parts them.
    const colon = text?.indexOf(':') ?? -1;
    if (text === undefined || colon < 0) return undefined;
    const id = formDecoded(text.slice(0, colon));
    const secret = formDecoded(text.slice(colon + 1));
    return id === undefined || id === '' || secret === undefined ? undefined : { id, secret };
  },

  'subject-of-client-assertion': (assertion: string): string | undefined => {
    try {
      const text = Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString();
      const { sub } = JSON.parse(text) as { readonly sub?: unknown };
      return typeof sub === 'string' ? sub : undefined;
    } catch {
      return undefined;
    }
  },
};

export function presentedBy(
  b: typeof credentialReading,
  { headers }: Pick<WireRequest, 'headers'>,
  parameters: ClientParameters,
): Presented {
  const authorizations = headers.get('authorization') ?? [];
  const byHeader = authorizations.length > 0;
  const basic = authorizations.length === 1 ? b['basic-credentials'](authorizations[0] ?? '') : undefined;
  const { client_secret: inBody, client_assertion: assertion } = parameters;
  const asserted = assertion === undefined ? undefined : b['subject-of-client-assertion'](assertion);
  const names = [basic?.id, parameters.client_id, asserted].filter((one) => one !== undefined);
  return {
    method: methodOf(byHeader, basic, parameters),
    clientId: basic?.id ?? parameters.client_id ?? asserted,
    secret: basic?.secret ?? inBody,
    assertion,
    assertionType: parameters.client_assertion_type,
    byHeader,
    means: [byHeader, inBody !== undefined, assertion !== undefined].filter((used) => used).length,
    names: [...new Set(names)],
  };
}

function methodOf(
  byHeader: boolean,
  basic: BasicCredentials | undefined,
  parameters: ClientParameters,
): Presented['method'] {
  if (byHeader) return basic ? 'client_secret_basic' : 'unreadable';
  if (parameters.client_assertion !== undefined) return 'assertion';
  if (parameters.client_secret !== undefined) return 'client_secret_post';
  return parameters.client_id === undefined ? undefined : 'none';
}
