import type { Exchange } from './exchange.ts';

/** A command line cannot hold more, in bytes. */
const longest = 100_000;

/**
 * A shell script that repeats exchanges with curl, one after another. Where a secret stood it says `$NAME`, and
 * `$NAME_2` where a second one of its kind stood; every other character is quoted for a POSIX shell. Null when
 * there is nothing to repeat, or something that a command line cannot hold.
 */
export function curlFor(exchanges: readonly Exchange[]): string | null {
  const names = new Map<string, string>();
  const lines = exchanges.map((exchange) => lineFor(exchange, names));
  if (lines.length === 0 || lines.some((line) => line === undefined)) return null;
  return exchanges.length === 1
    ? (lines[0] ?? null)
    : exchanges.map(({ step }, at) => `# ${step.replaceAll('\n', ' ')}\n${lines[at]}`).join('\n');
}

function lineFor({ request }: Exchange, names: Map<string, string>): string | undefined {
  const { body, method, url } = request;
  // Neither NUL nor what was not UTF-8, nor what was cut, can be written down.
  if (body !== undefined && (/[\0\ufffd]|… \(\d+ characters\)$/.test(body) || body.length > longest))
    return undefined;
  const signed = request.headers.some(
    ([name, value]) => /^authorization$/i.test(name) && value.startsWith('AWS4-HMAC-SHA256'),
  );
  const headers = request.headers
    .filter(([name]) => !signed || !/^(authorization|x-amz-date|x-amz-content-sha256)$/i.test(name))
    .map(([name, value]) => `-H ${quote(`${name}: ${value}`, names)}`);
  const signature = signed
    ? ['--aws-sigv4 "aws:amz:$AWS_REGION:sso-oauth" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"']
    : [];
  const data = body === undefined ? [] : [`--data-raw ${quote(body, names)}`];
  return ['curl -sS -i', `-X ${method}`, quote(url, names), ...signature, ...headers, ...data].join(' ');
}

/** Quotes for a POSIX shell; a mark becomes a variable of its kind outside the single quotes. */
function quote(text: string, names: Map<string, string>): string {
  const quoted = `'${text.replaceAll("'", "'\\''")}'`;
  return quoted.replace(
    /\[([A-Za-z][\w-]*) \d+ chars (?:vschar|other) #([0-9a-f]{12})\]/g,
    (_, kind: string, fingerprint: string) => `'"$${variable(kind, fingerprint, names)}"'`,
  );
}

function variable(kind: string, fingerprint: string, names: Map<string, string>): string {
  const known = names.get(`${kind} ${fingerprint}`);
  if (known !== undefined) return known;
  const base = kind
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toUpperCase();
  const before = [...names.keys()].filter((key) => key.startsWith(`${kind} `)).length;
  const name = before === 0 ? base : `${base}_${before + 1}`;
  names.set(`${kind} ${fingerprint}`, name);
  return name;
}
