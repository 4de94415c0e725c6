import { misbehaviours } from '../../emulator/misbehaviours/all.ts';
import type { Verdict } from '../../harness/verdict.ts';

/** What is right to say of a misbehaviour, whatever the suite says of it today. */
export interface Expectation {
  /** Of the misbehaviour. */
  readonly name: string;
  readonly exitCode: readonly number[];
  /** Verdicts that must not occur. A `pass` counts only for cases that send requests of their own. */
  readonly never: readonly Verdict[];
  /** Verdicts that may occur; any other when absent. */
  readonly only?: readonly Verdict[];
  /** What these cases must come to, where they were observed at all. */
  readonly verdicts?: Readonly<Record<string, readonly Verdict[]>>;
  /** What is right where all cases are run, as far as it differs. */
  readonly whole?: Partial<Pick<Expectation, 'exitCode' | 'never'>>;
  /** It keeps clients waiting, or reading, for longer than a test may take: only `npm run hostile` certifies it. */
  readonly slow?: true;
  /** Its answers are so large that a test has no time for generated requests. */
  readonly large?: true;
}

interface Group extends Omit<Expectation, 'name' | 'slow' | 'large'> {
  /** The sentence of a document, or the principle, that makes it right. */
  readonly because: string;
  /** Names, in which `*` stands for any text. The last group that a name fits decides. */
  readonly names: string;
}

const nothingSeen: Pick<Group, 'exitCode' | 'never' | 'only'> = {
  exitCode: [2],
  never: ['pass', 'fail', 'warn', 'harness-error'],
  only: ['inconclusive', 'not-tested', 'not-applicable'],
};
/** Read whole and nothing of a token endpoint in it. */
const garbage: Pick<Group, 'exitCode' | 'never'> = { exitCode: [1], never: ['pass', 'harness-error'] };
/** Cannot be read, or is garbage: both may be said. */
const garbageOrUnread: Pick<Group, 'exitCode' | 'never'> = {
  exitCode: [1, 2],
  never: ['pass', 'harness-error'],
};
const conformant: Pick<Group, 'exitCode' | 'never'> = { exitCode: [0], never: ['fail', 'harness-error'] };
/** Conformant as far as it was seen, which need not be whole. */
const neverBlamed: Pick<Group, 'exitCode' | 'never'> = { exitCode: [0, 2], never: ['fail', 'harness-error'] };
const broken: Pick<Group, 'exitCode' | 'never'> = { exitCode: [1], never: ['harness-error'] };
const brokenOrUnread: Pick<Group, 'exitCode' | 'never'> = { exitCode: [1, 2], never: ['harness-error'] };
const anyhow: Pick<Group, 'exitCode' | 'never'> = { exitCode: [0, 1, 2], never: ['harness-error'] };

const noSecretInError = 'wire/no-secret-in-error';
const noticed: Group['verdicts'] = { [noSecretInError]: ['warn', 'fail', 'inconclusive', 'not-tested'] };

const groups: readonly Group[] = [
  // Silence, time, framing, statuses, headers.
  {
    ...nothingSeen,
    because: 'Nobody answered to the end; an incomplete message is no response (RFC 9112 section 8).',
    names: `never-reads says-nothing closes-at-once resets-at-once reads-then-* one-byte-only half-* headers-then-*
      drips-* length-too-long length-too-long-then-close chunks-without-end* chunk-that-never-ends
      no-length-then-silence hints-for-ever continue-for-ever`,
  },
  {
    ...nothingSeen,
    because:
      'What came is no HTTP/1.1 message that a client could take for an answer (RFC 9112 sections 2.2 and 6.3).',
    names: `length-negative length-no-number length-of-2-to-the-64 two-lengths chunk-size-* chunk-too-short
      bare-carriage-returns http-0-9 http-9-9 http-2-frames status-line-without-space tls-alert ssh-banner smtp-banner
      random-bytes status-1000 status-20 status-abc status--200 switches-protocols
      header-without-colon header-without-name header-name-with-space header-name-with-nul`,
  },
  {
    ...nothingSeen,
    because: 'A limit of ours on what is read is no fault of the target: the answer was not observed.',
    names:
      'header-of-1-mb headers-5000 headers-endless body-5-mb body-endless body-without-length-endless gzip-bomb',
  },
  {
    ...nothingSeen,
    because:
      '429 and 503 say "not now" (RFC 6585 section 4, RFC 9110 section 15.6.4): nothing about the request.',
    names: 'too-many-requests retry-after-* unavailable echo-body-in-503',
  },
  {
    ...neverBlamed,
    because:
      'A connection may end at any time (RFC 9112 section 9.5): a fault of the network is never a verdict.',
    names: `stalls-once loses-* resets-every-tenth-answer ignores-every-tenth-request dies-after-20 unavailable-after-20
      closes-soon-after-each-answer resets-after-each-answer`,
  },
  {
    ...conformant,
    because: 'HTTP allows it, and every client has to read it (RFC 9112 sections 2.3, 6.3, 7.1 and 9.6).',
    names: `pauses-within-answers announces-its-close closes-after-each-answer no-length-then-close chunk-of-each-byte
      chunk-extensions-and-trailers http-1-0 status-line-without-reason too-many-requests-sometimes`,
  },
  {
    ...conformant,
    because: 'A client MUST be able to parse interim responses it did not ask for (RFC 9110 section 15.2).',
    names: 'hints-first hundred-hints-first',
  },
  {
    ...neverBlamed,
    because: 'The same; but undici, which reads for us, gives up at a 100: what is not seen is not blamed.',
    names: 'continue-first',
  },
  {
    ...neverBlamed,
    because:
      'A recipient may read it or refuse it (RFC 9112 sections 2.2, 5.2, 6.3; RFC 9110 sections 2.5, 8.6).',
    names: `length-twice chunked-and-length bare-line-feeds empty-lines-first http-1-2 header-name-before-space
      header-value-with-* header-folded header-folded-first answers-twice`,
  },
  {
    ...garbageOrUnread,
    because:
      'Cut to its announced length, the body is no JSON; what is left over spoils the connection (RFC 9112 6.3).',
    names: 'length-too-short length-zero no-content-with-content',
  },
  {
    ...garbageOrUnread,
    because: 'A coding that is not taken off leaves no text to read (RFC 9112 section 6.1).',
    names: 'transfer-encoding-unknown transfer-encoding-gzip',
  },
  {
    ...anyhow,
    because: 'A stray answer may be taken for that to the next request; that is what the target sent.',
    names: 'answers-twice-later',
  },
  {
    ...brokenOrUnread,
    because: 'What was granted before it was asked for may be read as a grant; what refuses must then fail.',
    names: 'answers-before-the-request',
  },
  {
    ...garbageOrUnread,
    because: 'A status outside 100..599 counts as 5xx (RFC 9110 section 15), or the message as unreadable.',
    names: 'status-000 status-099 status-600 status-999',
  },
  {
    ...garbage,
    // What only asks that nothing breaks or comes back is seen to hold where errors are told honestly.
    whole: { never: ['harness-error'] },
    because: 'Success is 200 with JSON, an error is named in JSON (RFC 6749 section 5); this is neither.',
    names: `no-content reset-content not-modified redirects-* is-a-teapot
      empty-500 bad-gateway empty-200 empty-object *-for-everything token-in-the-prototype
      echo-whole-body echo-whole-request`,
  },
  {
    ...broken,
    because: 'Whoever sends a token has granted the request; that the status is 200 is told by a rule.',
    names: 'status-226 partial-content',
  },
  {
    ...garbage,
    whole: { ...nothingSeen },
    because:
      'A 401 in no words of the operation, whatever is asked, is that of a login in front: nothing can be judged there.',
    names: 'wants-a-login',
  },
  {
    ...garbageOrUnread,
    because:
      '407 comes from a proxy in between (RFC 9110 section 15.5.8): never a pass, and hardly the target.',
    names: 'wants-a-proxy-login',
  },
  {
    ...broken,
    because: 'It grants what has to be refused.',
    names: 'token-for-everything everything-for-everything',
  },
  {
    ...conformant,
    because:
      'Fields that mean nothing to a client are ignored (RFC 9110 section 5.1), however long within 16 KB.',
    names: `header-value-in-* header-empty header-of-14000-* header-behind-14000-spaces headers-100
      header-names-of-objects content-type-of-spaces cache-control-long cookies-100`,
  },
  {
    ...broken,
    because: 'One Content-Type, application/json (RFC 6749 section 5.1, RFC 9110 section 5.3).',
    names: 'content-type-twice content-type-missing html-as-json',
  },
  // Bodies, encodings, size.
  {
    ...garbage,
    because:
      'A body is one JSON object in UTF-8 without a mark, with the members of its operation (RFC 8259, RFC 6749).',
    names: `byte-order-mark utf-16* utf-32 nul-bytes comments trailing-comma single-quotes unquoted-names not-a-number
      cut-off second-value wrapped-* form-for-json members-in-other-case json-in-html gzip-without-label
      gzip-of-nothing secrets-in-a-broken-body`,
  },
  {
    ...broken,
    because: 'Member names are unique (RFC 6749 section 5), texts are UTF-8 (RFC 8259 section 8.1).',
    names: 'every-member-twice another-value-first empty-name-1000-times invalid-utf-8',
  },
  {
    ...conformant,
    because: 'JSON allows it (RFC 8259), and unknown members are ignored (RFC 6749 section 5.1).',
    names: `nul-escapes member-names-escaped first-letters-escaped values-escaped slashes-escaped on-many-lines
      prototype-member object-members secrets-under-other-names secrets-as-names`,
  },
  {
    ...anyhow,
    because: 'Half a character is JSON by its grammar and unpredictable by its text (RFC 8259 section 8.2).',
    names: 'lone-surrogates secrets-with-half-a-character',
  },
  {
    ...garbage,
    because: 'A body that is not in the coding it names cannot be read by anybody (RFC 9110 section 8.4).',
    names: 'plain-as-* gzip-cut-off',
  },
  {
    ...garbageOrUnread,
    because: 'Nobody can read a coding that nobody knows; whether it exists the suite cannot say.',
    names: 'coding-unknown coding-named-a-thousand-times',
  },
  {
    ...conformant,
    because:
      'Without Accept-Encoding any coding is acceptable (RFC 9110 section 12.5.3): worth a warning, no failure.',
    names: 'gzip-unasked x-gzip-unasked deflate-unasked br-unasked coding-identity',
  },
  {
    ...anyhow,
    because: 'Some leave out the wrapper, code twice or pad (RFC 9110 section 8.4.1): readers differ.',
    names: 'raw-deflate-unasked gzip-twice gzip-and-more',
  },
  {
    ...neverBlamed,
    because:
      'Unknown members are ignored (RFC 6749 5.1); depth and length may have limits (RFC 8259 9), which are ours.',
    names: `lists-* objects-* members-900-kb string-900-kb string-60-kb name-900-kb list-900-kb number-60-kb spaces-900-kb
      description-900-kb run-of-eyj-900-kb run-of-letters-900-kb`,
  },
  { ...garbage, because: 'A list is no answer.', names: 'list-for-everything' },
  {
    ...garbageOrUnread,
    because: 'Blanks are no JSON; or they are more than we read.',
    names: 'spaces-for-everything',
  },
  {
    ...brokenOrUnread,
    because: 'error_description has no backslashes (RFC 6749 section 5.2); or it is longer than we read.',
    names: 'run-of-unicode-escapes',
  },
  {
    ...nothingSeen,
    because: 'Depth may have limits (RFC 8259 9), which are ours: what is not read proves nothing.',
    names: 'deep-list-for-everything open-brackets',
  },
  // What is issued.
  {
    ...broken,
    because:
      'A token is a non-empty string, a lifetime a plain number of seconds (RFC 6749 section 5.1, AWS).',
    names: 'token-an-object token-a-list token-a-number token-true token-empty lifetime-*',
  },
  {
    ...broken,
    because:
      'No token is issued twice (RFC 6749 section 10.10); words of the protocol stay what they are all the same.',
    names: `token-of-one-letter token-of-two-letters token-invalid-grant token-access-token token-bearer
      token-application-json token-like-a-mark`,
    verdicts: {
      'authorization-code/valid': ['pass'],
      'authorization-code/wrong-verifier': ['pass'],
      'wire/success-content-type': ['pass'],
      'wire/error-shape': ['pass'],
    },
  },
  {
    ...conformant,
    // The honest fixture service does not know what stands for its codes and tokens, and lets none of them expire.
    whole: { exitCode: [0, 2] },
    because: 'Tokens are printable ASCII of any length (RFC 6749 appendix A.12).',
    names: `secrets-with-a-slash secrets-with-quotes secrets-with-punctuation secrets-with-spaces
      secrets-with-brackets secrets-like-a-jwt`,
  },
  {
    ...neverBlamed,
    because: 'The same; but a limit of ours on what is read is no fault of the target.',
    names: 'token-of-500-kb',
  },
  {
    ...broken,
    because: 'Tokens are printable ASCII (RFC 6749 appendix A.12).',
    names: 'secrets-beyond-ascii secrets-with-controls',
  },
  {
    ...broken,
    because:
      'Every client has an id and a secret of its own (RFC 7591 section 3.2.1, RFC 6749 section 10.10).',
    names: 'client-secret-is-a-word',
  },
  {
    ...neverBlamed,
    because:
      'A server may give one client for many registrations (RFC 7591 section 3.2.1); then strangers are missing.',
    names: 'client-id-always-the-same',
  },
  {
    exitCode: [0, 1],
    never: ['harness-error'],
    because:
      'An id is no secret (RFC 6749 section 2.2), so that such a secret is none; no case needs to notice.',
    names: 'client-id-is-the-secret client-secret-is-the-id secrets-in-harmless-members',
  },
  // Texts.
  {
    ...broken,
    because: 'error and x-amzn-ErrorType name an exception of the contract.',
    names: '*-in-error *-in-exception echo-in-exception-name',
  },
  {
    ...broken,
    because: 'error_description has the characters of RFC 6749 section 5.2 only.',
    names: `escapes-in-description bidi-in-description invisible-in-description line-separators-in-description
      lines-of-commands-in-description xml-in-description`,
  },
  {
    ...conformant,
    because: 'Printable ASCII is allowed there, and an unknown member or header may say anything.',
    names: `commands-in-description html-in-description markdown-in-description *-in-member-name *-in-header
      *-in-content-type`,
  },
  {
    ...neverBlamed,
    because:
      'Printable ASCII is allowed there; but a limit of ours on what is read is no fault of the target.',
    names: `run-of-eyj run-of-jwt-dots run-of-opening-brackets run-of-marks run-of-parentheses
      run-of-angles run-of-spaces run-of-letters run-of-token-like run-of-unreserved run-of-percents run-of-equals
      run-of-slashes run-of-colons run-of-backquotes run-of-stars run-of-commas run-of-dots run-of-ampersands`,
  },
  {
    ...neverBlamed,
    because:
      'Control characters make no header of HTTP (RFC 9110 section 5.5): such an answer cannot be read.',
    names: `escapes-in-header escapes-in-content-type line-separators-in-header line-separators-in-content-type
      *-in-header-name`,
  },
  {
    ...brokenOrUnread,
    because: 'Control characters make no header of HTTP; where they are read, they name no exception.',
    names: 'escapes-in-exception line-separators-in-exception',
  },
  // Echoes: a SHOULD NOT, so that a warning is enough, and exit code 0.
  {
    ...conformant,
    // Some texts are no names of headers and no values: such an answer cannot be read.
    whole: { exitCode: [0, 1, 2], never: ['harness-error'] },
    verdicts: noticed,
    because:
      'A secret that comes back in an error is noticed, wherever it stands and whoever can read it there.',
    names: `echo-in-description echo-in-description-* echo-in-message echo-in-scope echo-in-member echo-in-nested-member
      echo-in-member-name echo-in-content-type echo-in-request-id echo-in-location echo-in-location-* echo-in-cookie
      echo-in-header-name`,
  },
  {
    ...conformant,
    whole: { exitCode: [0, 1], never: ['harness-error'] },
    because: 'Turned around or pulled apart it need not be noticed, but must not be shown either.',
    names: 'echo-in-*-backwards echo-in-*-upper echo-in-*-entities echo-in-*-json-twice',
  },
  {
    ...broken,
    because: 'A description has no backslashes (RFC 6749 section 5.2).',
    names: 'echo-in-description-json echo-in-description-json-twice echo-in-description-unicode',
  },
  {
    ...broken,
    verdicts: noticed,
    because: 'An error is JSON of the contract (RFC 6749 section 5.2), and repeats no secret.',
    names:
      'echo-in-error echo-in-exception echo-in-exception-name echo-in-text echo-in-broken-json echo-in-html echo-in-502',
  },
  { ...broken, because: 'A body is JSON in UTF-8.', names: 'echo-in-utf-16' },
  {
    ...conformant,
    because: 'Nobody has to read a reason phrase or a hint; the coding may be any (RFC 9110 section 12.5.3).',
    names: 'echo-in-reason echo-in-interim-response echo-in-gzip',
  },
  {
    ...neverBlamed,
    because: 'Such an answer cannot be read, or says "not now".',
    names: 'echo-in-status-line echo-in-broken-chunk echo-in-503',
  },
];

/** So long a polite client waits for each of several repeats, or reads. */
const slow = /^(retry-after-(1|three-years|hexadecimal|infinite)|(list|members)-900-kb)$/;

/** Hundreds of kilobytes in each answer, or what takes as long to read. */
const large =
  /-900-kb|-deep|000-times|of-500-kb|of-14000|5-mb|endless|^(gzip-bomb|number-60-kb|open-brackets|string-60-kb)$/;

/** What is right to say of each misbehaviour. */
export const expectations: readonly Expectation[] = misbehaviours.map(({ name }) => {
  const group = groups.findLast(({ names }) => names.split(/\s+/).some((pattern) => fits(name, pattern)));
  if (group === undefined) throw new Error(`nothing says what is right for the misbehaviour ${name}`);
  const { because: _, names: __, ...expected } = group;
  return {
    name,
    ...expected,
    ...(slow.test(name) && { slow: true as const }),
    ...(large.test(name) && { large: true as const }),
  };
});

function fits(name: string, pattern: string): boolean {
  const [start = '', end] = pattern.split('*');
  return end === undefined ? name === pattern : name.startsWith(start) && name.endsWith(end);
}
