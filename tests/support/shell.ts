/**
 * What curl would send for a line that a report prints: read as a POSIX shell reads quotes and variables, and as curl's
 * manual says of its options. It knows what those lines use, and throws at all else.
 */
export interface CurlRequest {
  method: string;
  url: string;
  readonly headers: [name: string, value: string][];
  body?: string;
}

export function requestOf(line: string, variables: Readonly<Record<string, string>>): CurlRequest {
  const [curl, ...words] = wordsOf(line, variables);
  if (curl !== 'curl') throw new Error(`no curl line: ${line}`);
  const request: CurlRequest = { method: 'GET', url: '', headers: [] };
  const data: string[] = [];
  while (words.length > 0) {
    const word = words.shift() ?? '';
    const value = () => words.shift() ?? '';
    if (word === '-sS' || word === '-i') continue;
    if (word === '-X') request.method = value();
    else if (word === '-w') value();
    else if (word === '-H') request.headers.push(headerOf(value()));
    else if (word === '--data-raw') data.push(value());
    else if (word === '--data-urlencode') data.push(encoded(value()));
    else if (word === '--user')
      request.headers.push(['Authorization', `Basic ${Buffer.from(value()).toString('base64')}`]);
    else if (!word.startsWith('-') && request.url === '') request.url = word;
    else throw new Error(`curl is given ${word}`);
  }
  // Several of them are joined by `&`.
  if (data.length > 0) request.body = data.join('&');
  return request;
}

const headerOf = (line: string): [string, string] => {
  const at = line.indexOf(':');
  return [line.slice(0, at), line.slice(at + 1).trim()];
};

/** `name=content`: the name as it stands, the content encoded. */
function encoded(text: string): string {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`--data-urlencode takes ${text} for something else`);
  return text.slice(0, at + 1) + encodeURIComponent(text.slice(at + 1)).replaceAll('%20', '+');
}

/** What ends a word, a quoted piece, a variable, or the one substitution that these lines have. */
const piece =
  /\s+|'([^']*)'|"\$(\w+)"|"\$\(printf %s ((?:'[^']*'|\\'|"\$\w+")+) \| base64 \| tr -d '\\n'\)"|\\(.)|([^\s'"\\$]+)/gy;

function wordsOf(line: string, variables: Readonly<Record<string, string>>): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let end = 0;
  for (const found of line.matchAll(piece)) {
    end = found.index + found[0].length;
    const [all, quoted, name, printed, escaped, plain] = found;
    const text =
      quoted ??
      escaped ??
      plain ??
      (name === undefined ? undefined : variables[name]) ??
      (printed === undefined
        ? undefined
        : Buffer.from(wordsOf(printed, variables)[0] ?? '').toString('base64'));
    if (text !== undefined) word = (word ?? '') + text;
    else if (/^\s/.test(all)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else throw new Error(`no value for ${all}`);
  }
  if (end < line.length) throw new Error(`a shell would read ${line.slice(end)} otherwise`);
  return word === undefined ? words : [...words, word];
}
