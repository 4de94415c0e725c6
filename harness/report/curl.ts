import { marksIn, readMark } from '../capture/vault.ts';
import { type Exchange, headerOf, raceStep } from '../exchange.ts';

/** A command line cannot hold more, in bytes. */
const longest = 100_000;

/**
 * A shell script that repeats exchanges with curl, one after another, and those of a race at the same time. Where a
 * secret stood it says `$NAME`, and `$NAME_2` where a second one of its kind stood; one that an answer brought is taken
 * from that answer. Every other character is quoted for a POSIX shell. Null when there is nothing to repeat, or
 * something that a command line cannot hold.
 */
export function curlFor(exchanges: readonly Exchange[]): string | null {
  const names = new Map<string, string>();
  // The next answer begins on a line of its own.
  const ending = exchanges.length > 1 ? [`-w '\\n'`] : [];
  const lines = exchanges.map((exchange) => lineFor(exchange, names, ending));
  if (lines.length === 0 || lines.some((line) => line === undefined)) return null;
  if (exchanges.length === 1) return lines[0] ?? null;
  const script: string[] = [];
  for (const [at, exchange] of exchanges.entries()) {
    const line = lines[at] ?? '';
    const together =
      exchange.step === raceStep ? exchanges.filter(({ step }) => step === raceStep) : [exchange];
    if (together[0] !== exchange) continue;
    script.push(`# ${exchange.step.replaceAll('\n', ' ')}`);
    if (together.length > 1) {
      const turns = together.map((_, turn) => turn + 1).join(' ');
      script.push(`for turn in ${turns}; do ${line} & done; wait`);
    } else script.push(...keepingAnswer(line, exchange, exchanges.slice(at + 1), names));
  }
  return script.join('\n');
}

/** What was sent with the same code or token as this exchange, or brought it, in the order in which it was sent. */
export function sentWith(last: Exchange, all: readonly Exchange[]): Exchange[] {
  const known = new Set(artefactsIn(shownIn(last)));
  const found = new Set([last]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const exchange of all) {
      const sent = artefactsIn(shownIn(exchange));
      if (![...sent, ...artefactsIn(exchange.response?.body)].some((one) => known.has(one))) continue;
      found.add(exchange);
      for (const one of sent) known.add(one);
    }
  }
  return all.filter((exchange) => found.has(exchange));
}

/** What a request shows: its body, and a token in a header (RFC 6750 §2.1). */
function shownIn({ request: { headers, body = '' } }: Exchange): string {
  const authorization = headerOf(headers, 'Authorization') ?? '';
  return /^bearer /i.test(authorization) ? `${authorization} ${body}` : body;
}

/** The fingerprints of codes and tokens: a client's secret and a verifier may come with several of them. */
function artefactsIn(text = ''): string[] {
  return marksIn(text)
    .filter(({ kind }) => kind !== 'clientSecret' && kind !== 'codeVerifier')
    .map(({ fingerprint }) => fingerprint);
}

/** Sends a request and keeps what its answer brings for later ones. */
function keepingAnswer(
  line: string,
  exchange: Exchange,
  later: readonly Exchange[],
  names: ReadonlyMap<string, string>,
): string[] {
  const sent = new Set(artefactsIn(shownIn(exchange)));
  const brought = [
    ...(exchange.response?.body ?? '').matchAll(/"(\w+)"\s{0,9}:\s{0,9}"(\[[^\][]+\])"/g),
  ].flatMap(([, member = '', text = '']) => {
    const [fingerprint = ''] = artefactsIn(text);
    const uses = later
      .flatMap((one) => marksIn(shownIn(one)))
      .filter((one) => one.fingerprint === fingerprint && !sent.has(fingerprint));
    // In a body and in a header it is called otherwise.
    const called = new Set(uses.flatMap(({ kind }) => names.get(`${kind} ${fingerprint}`) ?? []));
    return [...called].map((name) => ({ member, name }));
  });
  if (brought.length === 0) return [line];
  return [
    `answer=$(${line}); printf '%s\\n' "$answer"`,
    ...brought.map(
      ({ member, name }) =>
        `${name}=$(printf '%s' "$answer" | sed -n 's/.*"${member}" *: *"\\([^"]*\\)".*/\\1/p')`,
    ),
  ];
}

function lineFor(
  { request }: Exchange,
  names: Map<string, string>,
  ending: readonly string[],
): string | undefined {
  const { body, method, url } = request;
  // Neither NUL nor what was not UTF-8, nor what was cut, can be written down.
  if (body !== undefined && (/[\0\ufffd]|… \(\d+ characters\)$/.test(body) || body.length > longest))
    return undefined;
  const signed = request.headers.some(
    ([name, value]) => /^authorization$/i.test(name) && value.startsWith('AWS4-HMAC-SHA256'),
  );
  const headers = request.headers
    .filter(([name]) => !signed || !/^(authorization|x-amz-date|x-amz-content-sha256)$/i.test(name))
    .map((header) => pairOf(header, names) ?? `-H ${quote(header.join(': '), names)}`);
  const signature = signed
    ? ['--aws-sigv4 "aws:amz:$AWS_REGION:sso-oauth" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"']
    : [];
  return [
    'curl -sS -i',
    ...ending,
    `-X ${method}`,
    quote(url, names),
    ...signature,
    ...headers,
    ...dataOf(request, names),
  ].join(' ');
}

/**
 * The body. In a form curl encodes what a variable holds, as it was encoded before it became a mark; everything else
 * stands as it was sent. A form in the names of AWS is none that anybody reads, and is sent as one text.
 */
function dataOf(request: Exchange['request'], names: Map<string, string>): string[] {
  const { body, headers } = request;
  if (body === undefined) return [];
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headerOf(headers, 'Content-Type') ?? '');
  if (!isForm || /(?:^|&)grantType=/.test(body)) return [`--data-raw ${quote(body, names)}`];
  const data: string[] = [];
  let asSent: string[] = [];
  const add = (...some: readonly string[]) => {
    if (asSent.length > 0) data.push(`--data-raw ${quote(asSent.join('&'), names)}`);
    asSent = [];
    data.push(...some);
  };
  for (const part of body.split('&')) {
    const [name = ''] = part.split('=', 1);
    const held = name === '' ? undefined : heldIn(part.slice(name.length + 1), names);
    if (held === undefined) asSent.push(part);
    else add(`--data-urlencode ${quote(`${name}=`, names)}${held}`);
  }
  add();
  return data;
}

/** The pair that Basic was shown as (RFC 7617 §2); curl spells it in Base64, and in no other way before (RFC 6749 §2.3.1). */
function pairOf([name, value]: readonly [string, string], names: Map<string, string>): string | undefined {
  const [, scheme = '', id = '', secret = ''] = /^(basic) ([^:]*:)(.*)$/i.exec(value) ?? [];
  const held = secret === '' ? '' : heldIn(secret, names);
  if (!/^authorization$/i.test(name) || id === '' || held === undefined) return undefined;
  const pair = `${quote(id, names)}${held}`;
  if (scheme === 'Basic') return `--user ${pair}`;
  return `-H ${quote(`${name}: ${scheme} `, names)}"$(printf %s ${pair} | base64 | tr -d '\\n')"`;
}

/** The variable that holds what a mark stands for; undefined for what is no mark. */
function heldIn(text: string, names: Map<string, string>): string | undefined {
  const mark = readMark(text);
  return mark && `"$${variable(mark.kind, mark.fingerprint, names)}"`;
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
