import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsOfUrl } from '../../harness/capture/url.ts';
import { readMark } from '../../harness/capture/vault.ts';
import { spellings, spellingsIn } from '../support/spellings.ts';
import { captured, formType, jsonType } from '../support/wire.ts';

/** Letters that are written differently wherever they are put, and those that mean something in a form. */
const letters = [...'abcXYZ019"\\/~!\'()*+% -._=&;?#<>{}[]:,@äü🔑'];
const text = (min: number, max: number) =>
  fc.array(fc.constantFrom(...letters), { minLength: min, maxLength: max }).map((some) => some.join(''));
const long = text(9, 40).filter((one) => one.trim().length >= 9 && new Set(one).size > 4);
/** What is too short to be looked for elsewhere has its name alone to be known by. */
const short = text(1, 7).filter((one) => one.trim() === one);

const secretNames = {
  client_secret: 'clientSecret',
  code: 'code',
  code_verifier: 'codeVerifier',
  refresh_token: 'refreshToken',
  password: 'password',
  assertion: 'assertion',
  client_assertion: 'clientAssertion',
  subject_token: 'subjectToken',
  actor_token: 'actorToken',
  device_code: 'deviceCode',
  token: 'token',
  id_token_hint: 'idTokenHint',
  clientSecret: 'clientSecret',
  codeVerifier: 'codeVerifier',
  access_token: 'accessToken',
} as const;
const harmlessNames = [
  'grant_type',
  'scope',
  'client_id',
  'redirect_uri',
  'state',
  'resource',
  'redirectUri',
];

/** What is no secret is made of other letters, so that no secret is in it. */
const harmlessValue = fc.constantFrom(
  '',
  'openid profile',
  'https://m.test/kl?m=w',
  'urn:k:l',
  'mmm~mmm',
  'ß',
);

const parameter = fc.oneof(
  fc.record({
    name: fc.constantFrom(...Object.keys(secretNames)),
    value: fc.oneof({ weight: 4, arbitrary: long }, { weight: 2, arbitrary: short }, fc.constant('')),
  }),
  fc.record({ name: fc.constantFrom(...harmlessNames), value: harmlessValue }),
  fc.record({ name: fc.constantFrom('x', 'login_hint', 'nonce', 'a b', 'k~l'), value: long }),
);

/** How clients and servers write a name or a value. */
const encoders = {
  form: (one: string) => new URLSearchParams({ x: one }).toString().slice(2),
  encodeURIComponent: encodeURIComponent,
  'every byte': (one: string) => spellings['every byte percent-encoded']?.(one) ?? '',
  'lower case': (one: string) => encodeURIComponent(one).replace(/%../g, (all) => all.toLowerCase()),
};
const encoder = fc.constantFrom(...Object.values(encoders));

const parameters = fc.array(fc.tuple(parameter, encoder, fc.boolean()), { minLength: 1, maxLength: 8 });
type Parameters = readonly (readonly [
  { readonly name: string; readonly value: string },
  (one: string) => string,
  boolean,
])[];

const written = (some: Parameters): string =>
  some
    .map(
      ([{ name, value }, encode, isNameEncoded]) =>
        `${isNameEncoded ? encode(name) : encoders.form(name)}=${encode(value)}`,
    )
    .join('&');

/** What a standard parser reads where a secret was is its mark; everything else is as it was, in its order. */
function expectSameParameters(shown: string, some: Parameters): void {
  const read = [...new URLSearchParams(shown)];
  expect(read.map(([name]) => name)).toEqual(some.map(([{ name }]) => name));
  for (const [at, [{ name, value }]] of some.entries()) {
    const now = read[at]?.[1] ?? '';
    if (value === '' || harmlessNames.includes(name)) expect(now).toBe(value);
    else if (name in secretNames)
      expect(readMark(now)).toMatchObject({
        kind: secretNames[name as keyof typeof secretNames],
        length: [...value].length,
      });
    else expect(now).toMatch(/^\[\w+ \d+ chars/);
  }
}

const secretsOf = (some: Parameters): string[] =>
  some.flatMap(([{ name, value }]) => (name in secretNames && value.length >= 9 ? [value] : []));

/** What stands before and behind the URL of a header. */
const aroundUrl: Readonly<Record<string, readonly [string, string]>> = {
  link: ['<', '>; rel="next"'],
  refresh: ['0; url=', ''],
};

const options = { seed: 7, numRuns: 500 };

test('a form stays a form: the same parameters in the same order, and no secret in any spelling', () => {
  fc.assert(
    fc.property(parameters, (some) => {
      const form = written(some);
      const { request, response } = captured({
        body: form,
        answer: { headers: [formType], body: form },
      });
      for (const shown of [request.body ?? '', response?.body ?? '']) {
        expectSameParameters(shown, some);
        for (const secret of secretsOf(some)) expect(spellingsIn(shown, secret)).toEqual([]);
      }
    }),
    options,
  );
});

test('so does the query or the fragment of a URL, in whatever header it comes', () => {
  fc.assert(
    fc.property(
      parameters,
      parameters,
      fc.constantFrom('location', 'content-location', 'referer', 'link', 'refresh'),
      (query, fragment, header) => {
        const url = `https://app.example/cb?${written(query)}#${written(fragment)}`;
        const around = aroundUrl[header] ?? ['', ''];
        const { response } = captured({
          answer: { headers: [[header, around[0] + url + around[1]], jsonType] },
        });
        const shown = response?.headers[0]?.[1] ?? '';
        const [address, ...parts] = partsOfUrl(
          shown.slice(around[0].length, shown.length - around[1].length),
        );
        expect(address).toBe('https://app.example/cb');
        expect(parts.map((part) => part[0])).toEqual(['?', '#']);
        expectSameParameters(parts[0]?.slice(1) ?? '', query);
        expectSameParameters(parts[1]?.slice(1) ?? '', fragment);
        for (const secret of [...secretsOf(query), ...secretsOf(fragment)])
          expect(spellingsIn(shown, secret)).toEqual([]);
      },
    ),
    options,
  );
});

/** How a server gives back what it was sent. */
const echoes = {
  'in JSON': (one: string) => ({
    body: JSON.stringify({ error: 'invalid_request', error_description: one }),
  }),
  'in a member nobody knows': (one: string) => ({ body: JSON.stringify({ scope: [one], [one]: 1 }) }),
  'in HTML': (one: string) => ({
    headers: [['Content-Type', 'text/html']] as const,
    body: `<p title="${spellings['as entities']?.(one)}">${spellings['every character as an entity']?.(one)}</p>`,
  }),
  'in a header': (one: string) => ({ headers: [['X-Debug', Buffer.from(one).toString('latin1')]] as const }),
  'in a redirect': (one: string) => ({
    headers: [['Location', `/login?error_description=${encoders.form(`not ${one}`)}`]] as const,
  }),
  'in a challenge': (one: string) => ({
    headers: [
      ['WWW-Authenticate', `Bearer error_description="${spellings['JSON-escaped']?.(one)}"`],
    ] as const,
  }),
};
const echo = fc.constantFrom(...Object.values(echoes));
const spelling = fc.constantFrom(...Object.keys(spellings));

test('a secret that was sent in a form is found in every echo, in every spelling', () => {
  fc.assert(
    fc.property(parameters, echo, spelling, (some, answerWith, spelt) => {
      const secrets = secretsOf(some);
      const [secret] = secrets;
      fc.pre(secret !== undefined);
      const exchange = captured({
        body: written(some),
        answer: answerWith(spellings[spelt]?.(secret ?? '') ?? ''),
      });
      expect(spellingsIn(JSON.stringify(exchange.response), secret ?? '')).toEqual([]);
    }),
    options,
  );
});

test('both halves of Basic are known as they were sent and as they were meant', () => {
  fc.assert(
    fc.property(
      long,
      encoder,
      fc.boolean(),
      echo,
      spelling,
      (secret, encode, isEncoded, answerWith, spelt) => {
        const sent = isEncoded ? encode(secret) : secret;
        const credentials = Buffer.from(`client%7E1:${sent}`).toString('base64');
        const { request, response } = captured({
          headers: [['Authorization', `Basic ${credentials}`], formType],
          body: 'grant_type=client_credentials',
          answer: answerWith(spellings[spelt]?.(isEncoded ? sent : secret) ?? ''),
        });
        expect(request.headers[0]?.[1]).toMatch(
          /^Basic client%7E1:\[clientSecret(?:Encoded)? \d+ chars \w+ #\w{12}\]$/,
        );
        for (const one of new Set([secret, sent]))
          expect(spellingsIn(JSON.stringify({ request, response }), one)).toEqual([]);
      },
    ),
    options,
  );
});

/** What no form would write: broken percent-encoding, bytes that are no UTF-8, blanks and quotes as they are. */
const broken = fc
  .array(
    fc.constantFrom(
      '%',
      '%z',
      '%4',
      '%ff',
      '%C3',
      '%2B',
      '+',
      'a',
      'B',
      '7',
      ' ',
      '"',
      "'",
      '<',
      '(',
      '[',
      '=',
      '?',
      '#',
      '~',
    ),
    {
      minLength: 12,
      maxLength: 30,
    },
  )
  .map((some) => `${some.join('')}k9`)
  .filter((one) => new Set(one).size > 5);

test('a broken spelling is known as it stands, and as a lenient server reads it', () => {
  fc.assert(
    fc.property(
      broken,
      fc.constantFrom('client_secret', 'code', 'c%6fde', 'code[]', ' code '),
      fc.constantFrom(...Object.values(echoes)),
      fc.boolean(),
      (value, name, answerWith, isRead) => {
        const form = `grant_type=x&${name}=${value}&scope=openid`;
        const read = new URLSearchParams(form);
        const said = isRead ? ([...read][1]?.[1] ?? '') : value;
        const { request, response } = captured({ body: form, answer: answerWith(said) });
        expect([...new URLSearchParams(request.body)].map(([one]) => one)).toEqual([...read.keys()]);
        expect(new URLSearchParams(request.body).get('scope')).toBe('openid');
        expect(request.body).not.toContain(value);
        if (said.trim() === said && !said.includes('\ufffd'))
          expect(spellingsIn(JSON.stringify(response), said)).toEqual([]);
      },
    ),
    options,
  );
});
