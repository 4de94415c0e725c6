import { afterEach, describe, expect, test } from 'vitest';
import type { Credential } from '../../targets/authentication/authentication.ts';
import type { Offer } from '../../targets/fixtures/provider.ts';
import { frontChannel } from '../../targets/providers/front-channel.ts';
import { defaultsOf, type Login, type Target } from '../../targets/target/target.ts';
import {
  type LoginServer,
  type PageAnswer,
  type PageRequest,
  type Pages,
  startLoginServer,
  to,
} from '../support/login-server.ts';

const redirectUri = 'http://127.0.0.1:1/cb?own=1';
const login: Login = { username: 'alice', password: 'right-password' };
const request = {
  clientId: 'c',
  redirectUri,
  scope: ['openid'],
  codeChallenge: 'x',
  codeChallengeMethod: 'S256',
};

let server: LoginServer;
afterEach(() => server.close());

async function serverOf(
  pages: Pages,
  about: Partial<Target> = {},
  paths: Readonly<Record<string, string>> = {},
) {
  server = await startLoginServer(pages);
  const target: Target = {
    ...defaultsOf('oauth-form', 'oidc'),
    name: 'pages',
    endpoint: Object.fromEntries(
      Object.entries({ authorization: '/authorize', token: '/token', ...paths }).map(([name, path]) => [
        name,
        server.url + path,
      ]),
    ),
    login,
    timeoutSeconds: 5,
    ...about,
  };
  const provider = frontChannel(target);
  if (provider === undefined) throw new Error('a target with an authorization endpoint has a front channel');
  return provider;
}

/** Sent back to the client, with the state of the request. */
const back = (state: string | null, answer: Readonly<Record<string, string>>): string =>
  `${redirectUri}&${new URLSearchParams({ ...answer, ...(state !== null && { state }) })}`;

const granted = ({ query, form }: PageRequest): PageAnswer =>
  to(back(query.get('state') ?? form.get('state'), { code: 'the-code' }));

/** Whoever comes with a state is shown a form that keeps it. */
const formAt =
  (action: string, inner: string, about = '') =>
  ({ query, form }: PageRequest): string =>
    `<!doctype html><html><head><title>Sign in</title></head><body>${about}<form method="post" action="${action}">
   <input type="hidden" name="state" value="${query.get('state') ?? form.get('state')}">${inner}</form></body></html>`;

const signIn =
  '<label>User <input name="u"></label><input type="password" name="p"><button name="login" value="1">Sign in</button>';

/** Only who typed the right password comes through. */
const checked =
  (then: (request: PageRequest) => PageAnswer, name = 'p') =>
  (one: PageRequest): PageAnswer =>
    one.form.get(name) === login.password ? then(one) : formAt('/login', signIn)(one);

const consent = (inner: string) => formAt('/consent', inner);

const passable: Record<string, Pages> = {
  'a server that consents at once': { '/authorize': granted },
  'a login': { '/authorize': formAt('/login', signIn), '/login': checked(granted) },
  'the name first, then the password': {
    '/authorize': formAt(
      '/name',
      '<input type="email" name="identifier" required><input type="submit" value="Next">',
    ),
    '/name': formAt(
      '/login',
      '<input name="shown" value="alice" readonly><input type="password" name="p"><button>Go</button>',
    ),
    '/login': (one) => (one.form.get('shown') === 'alice' ? checked(granted)(one) : 'no'),
  },
  'a consent with scopes to be checked': {
    '/authorize': consent(
      '<input type="checkbox" name="scope" value="a"><input type="checkbox" name="scope" value="b"><input type="checkbox" name="remember"><button name="act" value="cancel">Cancel</button><button name="act" value="accept">Accept</button>',
    ),
    '/consent': (one) =>
      String(one.form.getAll('scope')) === 'a,b' &&
      !one.form.has('remember') &&
      one.form.get('act') === 'accept'
        ? granted(one)
        : 'no',
  },
  'a consent of two forms': {
    '/authorize': ({ query }) =>
      `<form method=post action=/no><input type=hidden name=state value=${query.get('state')}><button>Deny</button></form>
       <form method=post action=/yes><input type=hidden name=state value=${query.get('state')}><button>Allow</button></form>`,
    '/yes': granted,
  },
  'a consent that is a radio': {
    '/authorize': consent(
      '<label><input type="radio" name="d" value="0">Reject</label><label><input type="radio" name="d" value="1">Approve</label><button>Send</button>',
    ),
    '/consent': (one) => (one.form.get('d') === '1' ? granted(one) : 'no'),
  },
  'buttons of other forms': {
    '/authorize': (one) =>
      `<form action=/search><input name=q><button>Search</button></form><form action=/logout><button>Log out</button></form>${formAt('/login', signIn)(one)}`,
    '/login': checked(granted),
  },
  'a button outside of its form': {
    '/authorize': ({ query }) =>
      `<form id=f method=post action=/consent></form><input form=f type=hidden name=state value=${query.get('state')}><button form=f name=ok value=yes>OK</button>`,
    '/consent': (one) => (one.form.get('ok') === 'yes' ? granted(one) : 'no'),
  },
  'a form whose table was opened before it': {
    '/authorize': ({ query }) =>
      `<table><form method=post action=/login><tr><td><input type=hidden name=state value=${query.get('state')}></td></tr><tr><td>${signIn}</td></tr></form></table>`,
    '/login': checked(granted),
  },
  'an answer by form_post': {
    '/authorize': ({ query }) =>
      `<body onload="document.forms[0].submit()"><form method=post action="${redirectUri.replace('&', '&amp;')}"><input type=hidden name=code value=the-code><input type=hidden name=state value=${query.get('state')}></form></body>`,
  },
  'an answer in the fragment': {
    '/authorize': ({ query }) => to(`${redirectUri}#code=the-code&state=${query.get('state')}`),
  },
  'a page that leads on': {
    '/authorize': ({ query }) =>
      `<meta http-equiv="Refresh" content="0; URL='/next?state=${query.get('state')}'">`,
    '/next': granted,
  },
  'a page that leads on without scripts': {
    '/authorize': ({ query }) =>
      `<noscript><meta http-equiv=refresh content="1;url=/next?state=${query.get('state')}"></noscript><script src=x></script>`,
    '/next': granted,
  },
  'a server that wants its cookie back': {
    '/authorize': (one) => ({
      headers: { 'Set-Cookie': ['session=s3ss10n; Path=/; HttpOnly; Secure', 'csrf=t; Path=/login'] },
      html: String(formAt('/login', signIn)(one)),
    }),
    '/login': (one) =>
      one.cookies.get('session') === 's3ss10n' && one.cookies.get('csrf') === 't'
        ? checked(granted)(one)
        : { status: 403 },
  },
  'a redirect that keeps the form': {
    '/authorize': formAt('/first', signIn),
    '/first': () => ({ status: 307, headers: { Location: '/login' } }),
    '/login': checked(granted),
  },
  'a form sent by GET': {
    '/authorize': ({ query }) =>
      `<form action="/consent?gone=1"><input type=hidden name=state value=${query.get('state')}><button>Continue</button></form>`,
    '/consent': (one) => (one.query.has('gone') ? 'no' : granted(one)),
  },
};

test.each(Object.entries(passable))('%s is passed', async (_, pages) => {
  const provider = await serverOf(pages);
  expect(await provider('authorization-code', request)).toEqual({
    kind: 'given',
    output: { code: 'the-code', exactly: true },
  });
});

/** What stands in the way, and what is said of it. */
const impassable: Record<string, readonly [pages: Pages, kind: Offer['kind'], message: RegExp]> = {
  'a wrong password': [
    { '/authorize': formAt('/login', signIn), '/login': formAt('/login', signIn) },
    'failed',
    /^the login of alice was refused at http:\/\/127\.0\.0\.1:\d+\/login \("Sign in"\)$/,
  ],
  'a login turned away by a status': [
    {
      '/authorize': formAt('/login', signIn),
      '/login': () => ({ status: 401, html: '<title>Locked</title>' }),
    },
    'failed',
    /^the login of alice was refused at \S+\/login \("Locked", status 401\)$/,
  ],
  'a name that nobody has': [
    {
      '/authorize': formAt('/name', '<input name="username"><button>Next</button>'),
      '/name': formAt('/name', '<input name="username"><button>Next</button>', '<p>No such user</p>'),
    },
    'failed',
    /the login of alice was refused at \S+\/name/,
  ],
  'a field that nobody knows': [
    {
      '/authorize': formAt('/login', signIn),
      '/login': checked(
        formAt('/otp', '<label for=o>One-time code</label><input id=o name=otp><button>Verify</button>'),
      ),
    },
    'failed',
    /^the page \S+\/login \("Sign in"\) cannot be passed: it asks for otp \(text, "One-time code"\): write login: \{ fields: \{ otp: … \} \} into the target file$/,
  ],
  'a change of the password': [
    {
      '/authorize': formAt(
        '/login',
        '<input type=password name=a autocomplete=new-password><input type=password name=b autocomplete=new-password><button>OK</button>',
      ),
    },
    'failed',
    /asks for a new password: give "login" a user who has none to change$/,
  ],
  'a page of scripts': [
    { '/authorize': () => '<title>App</title><div id=app></div><script src=/app.js></script>' },
    'failed',
    /^the page \S+\/authorize \("App"\) needs a browser with scripts: run with --interactive, or give fixtures/,
  ],
  'a page without a form': [
    { '/authorize': () => '<title>Hello</title><p>Nothing to do</p>' },
    'failed',
    /has no form to go on with: Nothing to do$/,
  ],
  'a page of 500': [
    { '/authorize': () => ({ status: 500, html: '<title>Oops</title>' }) },
    'failed',
    /\("Oops", status 500\) leads nowhere/,
  ],
  'redirects without end': [
    { '/authorize': () => to('/authorize') },
    'failed',
    /^the pages do not come to an end: after 40 requests/,
  ],
  'forms without end': [
    { '/authorize': formAt('/authorize', '<button>OK</button>') },
    'failed',
    /^the pages do not come to an end: 15 forms were sent/,
  ],
  'another program': [{ '/authorize': () => to('intent://x') }, 'failed', /leads out of HTTP, to intent:$/],
  'a redirect to nowhere': [
    { '/authorize': () => to('http://[') },
    'failed',
    /redirects to something that is no URL$/,
  ],
  'a code sent elsewhere': [
    { '/authorize': ({ query }) => to(`http://127.0.0.1:2/cb?own=1&code=c&state=${query.get('state')}`) },
    'failed',
    /^the code is sent to another place than the redirect URI of the request$/,
  ],
  'another state': [
    { '/authorize': () => to(back('another', { code: 'c' })) },
    'failed',
    /without the state of the request, or with another one$/,
  ],
  'no state': [{ '/authorize': () => to(back(null, { code: 'c' })) }, 'failed', /without the state/],
  'an error by redirect': [
    {
      '/authorize': ({ query }) =>
        to(back(query.get('state'), { error: 'invalid_scope', error_description: 'not\u001b[31m this' })),
    },
    'refused',
    /^the authorization endpoint answered invalid_scope: not \[31m this$/,
  ],
  'an error of the server by redirect': [
    { '/authorize': ({ query }) => to(back(query.get('state'), { error: 'server_error' })) },
    'failed',
    /answered server_error$/,
  ],
  'a page of 400': [
    { '/authorize': () => ({ status: 400, html: '<title>Bad client</title><p>redirect_uri</p>' }) },
    'refused',
    /\/authorize answered status 400 \("Bad client": redirect_uri\)$/,
  ],
  'JSON of 401 with an error of OAuth': [
    {
      '/authorize': () => ({
        status: 401,
        headers: { 'Content-Type': 'application/json' },
        html: '{"error":"invalid_client","error_description":"no redirect URI"}',
      }),
    },
    'refused',
    /\/authorize answered invalid_client \(""/,
  ],
  'JSON of 401 with an error of something else': [
    {
      '/authorize': () => ({
        status: 401,
        headers: { 'Content-Type': 'application/json' },
        html: '{"error":"invalid_token"}',
      }),
    },
    'failed',
    /\("", status 401\) leads nowhere/,
  ],
  'JSON of 500 with an error of OAuth': [
    {
      '/authorize': () => ({
        status: 500,
        headers: { 'Content-Type': 'application/json' },
        html: '{"error":"invalid_request"}',
      }),
    },
    'failed',
    /\("", status 500\) leads nowhere/,
  ],
  'a page of an error elsewhere': [
    {
      '/authorize': () => to('/oops?error=invalid_request'),
      '/oops': () => '<title>Oops</title>',
    },
    'refused',
    /\/oops answered invalid_request/,
  ],
  'a page of too many elements': [
    { '/authorize': () => '<i>'.repeat(30_000) },
    'failed',
    /cannot be read: the page has more elements than any page for a person$/,
  ],
  'a page of too many fields': [
    { '/authorize': () => `<form>${'<input type=radio name=a>'.repeat(10_000)}</form>` },
    'failed',
    /cannot be read/,
  ],
  'a page without end': [
    { '/authorize': () => 'x'.repeat(2_000_000) },
    'failed',
    /did not answer: the response is larger than 1048576 bytes$/,
  ],
};

test.each(Object.entries(impassable))('%s is told', async (_, [pages, kind, message]) => {
  const provider = await serverOf(pages);
  const offer = await provider('authorization-code', request);
  expect(offer).toEqual({ kind, message: expect.stringMatching(message) });
});

test('nobody logs in where the target has no login', async () => {
  const provider = await serverOf({ '/authorize': formAt('/login', signIn) }, {
    login: undefined,
  } as Partial<Target>);
  expect(await provider('authorization-code', request)).toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('write login: { username: …, password: … } into the target file'),
  });
});

test.each(['otp', 'One-time code', 'one-time CODE'])('a field is filled in by "%s"', async (name) => {
  const otp =
    '<label for=o>One-time code: *</label><input id=o name=otp type=password><select name=s><option>a<option selected>b</select><button>Verify</button>';
  const provider = await serverOf(
    {
      '/authorize': formAt('/login', signIn),
      '/login': checked(formAt('/otp', otp)),
      '/otp': (one) => (one.form.get('otp') === '123456' && one.form.get('s') === 'b' ? granted(one) : 'no'),
    },
    { login: { ...login, fields: { [name]: '123456' } } },
  );
  expect(await provider('authorization-code', request)).toMatchObject({ kind: 'given' });
});

test('a code that was not taken is not sent again', async () => {
  const otp = formAt('/otp', '<input name=otp><button>Verify</button>');
  const provider = await serverOf(
    { '/authorize': formAt('/login', signIn), '/login': checked(otp), '/otp': otp },
    { login: { ...login, fields: { otp: 'wrong' } } },
  );
  for (let turn = 0; turn < 2; turn += 1)
    expect(await provider('authorization-code', request)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('the login of alice was refused at'),
    });
  expect(server.asked.filter(({ path }) => path === '/otp')).toHaveLength(1);
});

describe('nothing is tried too often', () => {
  test('a login that was refused is tried once, however many ask', async () => {
    const provider = await serverOf({
      '/authorize': formAt('/login', signIn),
      '/login': formAt('/login', signIn),
    });
    const offers = await Promise.all(
      Array.from({ length: 20 }, () => provider('authorization-code', request)),
    );
    expect(new Set(offers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(server.asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('a page that cannot be passed is met three times', async () => {
    const provider = await serverOf({ '/authorize': () => '<title>Hello</title>' });
    for (let turn = 0; turn < 6; turn += 1) await provider('authorization-code', request);
    expect(server.asked).toHaveLength(3);
  });

  test('a refusal is asked for each time', async () => {
    const provider = await serverOf({ '/authorize': () => ({ status: 400 }) });
    for (let turn = 0; turn < 6; turn += 1) await provider('authorization-code', request);
    expect(server.asked).toHaveLength(6);
  });

  test('each walk has its own cookies', async () => {
    const provider = await serverOf({
      '/authorize': (one) =>
        one.cookies.has('seen')
          ? 'no'
          : to(back(one.query.get('state'), { code: 'c' }), { 'Set-Cookie': 'seen=1' }),
    });
    for (let turn = 0; turn < 3; turn += 1)
      expect(await provider('authorization-code', request)).toMatchObject({ kind: 'given' });
  });
});

describe('an authorization request has', () => {
  const asked = async (input: Record<string, unknown>) => {
    const provider = await serverOf({
      '/authorize': ({ query }) => to(`http://127.0.0.1:3/?code=c&state=${query.get('state')}`),
    });
    expect(await provider('authorization-code', { clientId: 'c', ...input })).toMatchObject({
      kind: 'given',
    });
    const { state, ...parameters } = Object.fromEntries(server.asked[0]?.query ?? []);
    expect(state).toMatch(/^[\w-]{22}$/);
    return parameters;
  };

  test('just what was asked for, and no redirect URI where none was given', async () => {
    expect(await asked({ codeChallenge: 'v', exactly: true })).toEqual({
      response_type: 'code',
      client_id: 'c',
      code_challenge: 'v',
    });
  });

  test('all that was asked for, with the prompt that offline_access needs', async () => {
    const input = {
      scope: ['openid', 'offline_access'],
      nonce: 'n',
      codeChallenge: 'v',
      codeChallengeMethod: 'plain',
    };
    expect(await asked({ ...input, redirectUri: 'http://127.0.0.1:3/' })).toEqual({
      response_type: 'code',
      client_id: 'c',
      redirect_uri: 'http://127.0.0.1:3/',
      scope: 'openid offline_access',
      nonce: 'n',
      code_challenge: 'v',
      code_challenge_method: 'plain',
      prompt: 'consent',
    });
  });

  test('that prompt for offline_access alone as well', async () => {
    expect(await asked({ scope: ['offline_access'] })).toMatchObject({ prompt: 'consent' });
  });
});

describe('a server that wants requests pushed', () => {
  async function pushing(answer: PageAnswer, by?: Credential): Promise<Offer> {
    let state: string | null = null;
    const pages: Pages = {
      '/par': ({ form }) => {
        state = form.get('state');
        return answer;
      },
      '/authorize': ({ query }) =>
        query.get('request_uri') === 'urn:x' ? to(back(state, { code: 'c' })) : { status: 400 },
    };
    const provider = await serverOf(pages, {}, { pushed_authorization: '/par' });
    return provider('authorization-code', request, by);
  }
  const taken: PageAnswer = {
    status: 201,
    headers: { 'Content-Type': 'application/json' },
    html: '{"request_uri":"urn:x","expires_in":60}',
  };
  const by = { method: 'client_secret_post', client_id: 'c', client_secret: 's' } as const;

  test('gets them from the client', async () => {
    expect(await pushing(taken, by)).toMatchObject({ kind: 'given' });
    expect(Object.fromEntries(server.asked[0]?.form ?? [])).toMatchObject({
      client_id: 'c',
      client_secret: 's',
      redirect_uri: redirectUri,
      code_challenge: 'x',
    });
    expect(server.asked[0]?.form.getAll('client_id')).toEqual(['c']);
    expect([...(server.asked[1]?.query ?? [])].map(([name]) => name)).toEqual(['client_id', 'request_uri']);
  });

  test('refuses one by its error', async () => {
    const refused = {
      status: 400,
      html: '{"error":"invalid_request","error_description":"no redirect_uri"}',
    };
    expect(await pushing(refused, by)).toEqual({
      kind: 'refused',
      message:
        'the endpoint for pushed authorization requests answered status 400, invalid_request, no redirect_uri',
    });
  });

  test('gets none from a client that nobody knows', async () => {
    expect(await pushing(taken)).toMatchObject({ kind: 'failed' });
  });
});

describe('a device', () => {
  const device = (decision: string) => ({
    userCode: 'WXYZ-1234',
    decision,
    verificationUri: `${server.url}/device`,
  });
  const decided = (decision: string) => `<title>Device</title><p>The device was ${decision}.</p>`;
  const onePage: Pages = {
    '/device': (one) =>
      one.method === 'POST'
        ? one.form.get('user_code') === 'WXYZ-1234'
          ? decided(String(one.form.get('decision')))
          : 'no'
        : '<form method=post><input name=user_code required><button name=decision value=approved>Allow</button><button name=decision value=denied>Deny</button></form>',
  };
  const severalPages: Pages = {
    '/device': () =>
      '<form method=post action=/code><input name=user_code><button>Continue</button><button name=x>Cancel</button></form>',
    '/code': (one) =>
      one.form.get('user_code') === 'WXYZ-1234' && !one.form.has('x') ? to('/sign-in') : 'no',
    '/sign-in': formAt('/login', signIn),
    '/login': checked(
      formAt(
        '/decision',
        '<button name=d value=approved>Yes</button><button name=d value=denied>No</button>',
      ),
    ),
    '/decision': (one) => decided(String(one.form.get('d'))),
  };

  test.each([
    ['approve', 'approved', onePage],
    ['deny', 'denied', onePage],
    ['approve', 'approved', severalPages],
    ['deny', 'denied', severalPages],
  ])('is decided on: %s', async (decision, word, pages) => {
    const provider = await serverOf(pages);
    expect(await provider('device-decision', device(decision))).toEqual({ kind: 'given', output: {} });
    const last = server.asked.at(-1)?.form;
    expect(last?.get('decision') ?? last?.get('d')).toBe(word);
  });

  test('whose code is not taken is refused', async () => {
    const provider = await serverOf({
      '/device': () =>
        '<title>Device</title><form method=post><input name=user_code><button>Continue</button></form>',
    });
    expect(await provider('device-decision', device('approve'))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('does not take the code of the device'),
    });
  });

  test('that cannot be denied is not said to be', async () => {
    const provider = await serverOf({
      '/device': (one) =>
        one.method === 'POST'
          ? '<p>You are connected.</p>'
          : '<form method=post><input name=user_code><button>Connect</button></form>',
    });
    expect(await provider('device-decision', device('deny'))).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('there was nothing to deny with'),
    });
  });

  test('whose page is not known is not offered', async () => {
    const provider = await serverOf({});
    expect(await provider('device-decision', { userCode: 'W', decision: 'deny' })).toEqual({
      kind: 'not-offered',
    });
    expect(await provider('client', {})).toEqual({ kind: 'not-offered' });
  });
});

test('no secret of a walk is in a message, though the page says them all', async () => {
  const all = `${login.password} c00kie-value hidden-value-1`;
  const provider = await serverOf({
    '/authorize': (one) => ({
      headers: { 'Set-Cookie': 'sid=c00kie-value; Path=/' },
      html: String(formAt('/login', `${signIn}<input type=hidden name=h value=hidden-value-1>`)(one)),
    }),
    '/login': checked(
      ({ form }) =>
        `<title>${form.get('p')} c00kie-value hidden-value-1</title><form action=/x><label>${all}<input name="${all}"></label><input type=hidden name=h value=hidden-value-1><button>x</button></form>`,
    ),
  });
  const offer = (await provider('authorization-code', request)) as { message: string };
  expect(offer.message).toMatch(/cannot be passed/);
  expect(offer.message).not.toMatch(/right-password|c00kie-value|hidden-value-1/);
  expect(offer.message.length).toBeLessThan(500);
});
