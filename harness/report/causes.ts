import { isRed } from '../judge/tries.ts';
import { kindOfProblem } from '../judge/words.ts';
import { isRule } from '../plan/plan.ts';
import { isUnseen } from '../verdict.ts';
import type { ReportVerdict } from './report-verdict.ts';

/**
 * How grave a cause is, the gravest first: a token or right given where none may be, a valid request that is refused, a
 * shape that breaks clients, anything else.
 */
export const gravities = ['given', 'refused', 'shape', 'other'] as const;
export type Gravity = (typeof gravities)[number];

/** One thing that is wrong with a target, with all that shows it. */
export interface Cause {
  /** In one sentence. */
  readonly what: string;
  /** The operations, with the grant where it is one. */
  readonly where: string;
  readonly gravity: Gravity;
  /** `fail` where a case of it fails, else `warn`. */
  readonly verdict: 'fail' | 'warn';
  readonly requirements: readonly string[];
  /** The cases that show it. */
  readonly cases: readonly string[];
  /** The one that shows it best. */
  readonly best: string;
  /** Cases that are broken, or could not be judged, while it is so. */
  readonly follow: readonly string[];
}

/** What a cause needs of a verdict. */
export type Judged = Pick<
  ReportVerdict,
  | 'case'
  | 'title'
  | 'requirement'
  | 'operation'
  | 'grant'
  | 'exception'
  | 'verdict'
  | 'reason'
  | 'expected'
  | 'actual'
  | 'generated'
>;

/** One problem of one verdict. */
interface Finding {
  readonly of: Judged;
  readonly text: string;
  readonly gravity: Gravity;
  /** What it has in common with others of its cause. */
  readonly key: string;
  /** The number of responses, for a rule over all of them. */
  readonly responses?: number;
  /** What was due where a refusal says something else. */
  readonly due?: string;
}

/** Groups what is broken by what was seen, the gravest first. A pure function of the verdicts. */
export function causesOf(verdicts: readonly Judged[]): Cause[] {
  const plain = plainRefusals(verdicts);
  const generous = grantingAll(verdicts);
  const all = verdicts.filter(isRed).flatMap((one) => findingsOf(one, plain, generous));
  const findings = inSameWords(withRefused(asOneFormat(all), plain));
  const common = commonKinds(findings);
  const groups = Map.groupBy(findings, ({ key, gravity, text }) =>
    gravity === 'other' && common.has(kindOfProblem(text)) ? `other ${kindOfProblem(text)}` : key,
  );
  const unseen = Map.groupBy(
    verdicts.filter(({ verdict }) => isUnseen(verdict)),
    (one) => keyOfUnseen(one, plain) ?? '',
  );
  unseen.delete('');
  const causes = [...groups].map(([key, group]) => causeOf(key, group, unseen.get(key) ?? []));
  return withGenerous(withoutExplained(causes).sort(byGravity), verdicts);
}

/** Where what is refused has one shape always, a valid request that is refused in it is another matter. */
function withRefused(findings: readonly Finding[], plain: ReadonlySet<string>): Finding[] {
  const ofRefusals = new Set(
    findings.filter(({ gravity, text }) => gravity === 'shape' && isRefusal(text)).map(({ key }) => key),
  );
  return findings.map((one) => {
    if (one.gravity !== 'refused' || !ofRefusals.has(one.key) || !isRefusal(one.text)) return one;
    const key = plainKey(one.of, one.text);
    return { ...one, key: plain.has(key) ? key : `refused ${one.of.requirement}` };
  });
}

const isRefusal = (text: string): boolean => /^status 4\d\d\b/.test(text) && malformed.test(text);

/** What is said of one grant in the same words is one thing, told with what else the first of their requirements shows. */
function inSameWords(findings: readonly Finding[]): Finding[] {
  const firsts = new Map<string, string>();
  return findings.map((one) => {
    const { of, text, key } = one;
    if (key !== byRequirement(of.requirement) || isAnswer(text) || isRule(of.case)) return one;
    const words = `${of.operation} ${of.grant} ${kindOfProblem(text)}`;
    const first = firsts.get(words) ?? key;
    firsts.set(words, first);
    return { ...one, key: first };
  });
}

/** Errors of another format lack the member error, too: what the same responses show is one cause. */
function asOneFormat(findings: readonly Finding[]): Finding[] {
  const seenIn = ({ of, text, responses }: Finding): string => {
    const places = of.actual.flatMap((line) =>
      line.endsWith(`: ${text}`) ? [line.slice(0, -text.length)] : [],
    );
    return `${responses} ${places.sort().join('')}`;
  };
  const ofErrors = findings.filter(({ of, gravity }) => gravity === 'shape' && /^wire\/error-/.test(of.case));
  const lacking = ofErrors.filter(({ text }) => text === 'error is absent');
  return findings.map((one) => {
    if (!lacking.includes(one)) return one;
    const [format] = ofErrors.filter((other) => other.of !== one.of && seenIn(other) === seenIn(one));
    return format === undefined ? one : { ...one, key: format.key };
  });
}

/** A case that another cause holds as its own need not be told again as what follows from this one. */
function withoutExplained(causes: readonly Cause[]): Cause[] {
  const shown = new Set(causes.flatMap(({ cases }) => cases));
  return causes.map((cause) => ({ ...cause, follow: cause.follow.filter((id) => !shown.has(id)) }));
}

/** Where a control was granted that has to be refused, its case follows from the first cause that gives such things. */
function withGenerous(causes: readonly Cause[], verdicts: readonly Judged[]): Cause[] {
  const placeOf = ({ operation, grant }: Judged) => `${operation} ${grant}`;
  const places = new Map(verdicts.map((one) => [one.case, placeOf(one)]));
  const waiting = verdicts.filter((one) => isUnseen(one.verdict) && isGift(one, unseenText(one) ?? ''));
  const taken = new Set(causes.flatMap(({ follow }) => follow));
  return causes.map((cause) => {
    if (cause.gravity !== 'given') return cause;
    const here = new Set(cause.cases.map((id) => places.get(id)));
    const more = waiting.filter((one) => here.has(placeOf(one)) && !taken.has(one.case));
    for (const one of more) taken.add(one.case);
    return { ...cause, follow: [...cause.follow, ...idsOf(more)] };
  });
}

const byGravity = (one: Cause, other: Cause): number =>
  Number(one.verdict === 'warn') - Number(other.verdict === 'warn') ||
  gravities.indexOf(one.gravity) - gravities.indexOf(other.gravity) ||
  weightOf(other) - weightOf(one);

/** What more cases show is told first; what only generated requests or warnings show, later. */
const weightOf = ({ cases, follow }: Cause): number =>
  cases.filter((id) => !id.startsWith('generated/')).length + (cases.length + follow.length) / 1_000;

function causeOf(key: string, group: readonly Finding[], unseen: readonly Judged[]): Cause {
  const best = bestOf(group);
  const isShown = ({ of }: Finding): boolean =>
    key.startsWith(plainlyRefused)
      ? of.requirement === best.of.requirement
      : !isRule(best.of.case) || isRule(of.case);
  const shown = group.filter(isShown);
  const cases = idsOf(shown.map(({ of }) => of));
  const follow = [...group.filter((one) => !isShown(one)).map(({ of }) => of), ...unseen];
  return {
    what: whatOf(key, best),
    where: whereOf(group.map(({ of }) => of)),
    gravity: gravities.find((gravity) => group.some((one) => one.gravity === gravity)) ?? best.gravity,
    verdict: group.some(({ of }) => of.verdict === 'fail') ? 'fail' : 'warn',
    requirements: [...new Set([best, ...shown].map(({ of }) => of.requirement))],
    cases,
    best: best.of.case,
    follow: idsOf(follow).filter((id) => !cases.includes(id)),
  };
}

const idsOf = (some: readonly Judged[]): string[] => [...new Set(some.map((one) => one.case))];

/** A rule that saw more than the examples; else an example, the first in the order of the plan. */
function bestOf(group: readonly Finding[]): Finding {
  const examples = new Set(group.map(({ of }) => of.case).filter((id) => !isRule(id))).size;
  const sawMore = ({ of, responses }: Finding) => isRule(of.case) && (responses ?? Infinity) > examples;
  const rank = ({ of }: Finding) => 4 * Number(of.verdict !== 'fail') + 2 * Number(of.generated !== null);
  return group.toSorted(
    (one, other) =>
      Number(sawMore(other)) - Number(sawMore(one)) ||
      Number(isRule(one.of.case)) - Number(isRule(other.of.case)) ||
      rank(one) - rank(other) ||
      (other.responses ?? 0) - (one.responses ?? 0),
  )[0] as Finding;
}

/** What is longer tells nothing more. */
const longest = 240;
const longestReason = 4_000;

function whatOf(key: string, { of, text, responses, due }: Finding): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  if (key.startsWith(allGiven)) return `${of.operation} grants what has to be refused: ${short}`;
  if (key.startsWith(plainlyRefused)) return `a valid request is refused: ${short.replace(/ \(.*$/s, '')}`;
  if (key.startsWith('other ')) return short;
  if (key.startsWith(insteadOf)) return `${short} of ${due}`;
  if (isRule(of.case)) return responses === undefined ? short : `${short}, in ${responses} responses`;
  return `${of.title}: ${short}`;
}

function whereOf(some: readonly Judged[]): string {
  const operations = [...new Set(some.map(({ operation }) => operation))].filter((one) => one !== null);
  const grants = [...new Set(some.map(({ grant }) => grant))].filter((one) => one !== null);
  const of = operations.length > 0 ? operations.join(', ') : 'every operation';
  return grants.length > 0 && grants.length < 3 && operations.length === 1
    ? `${of} with ${grants.map((grant) => grant.split(':').at(-1)).join(', ')}`
    : of;
}

const byRequirement = (requirement: string): string => `by requirement ${requirement}`;
const insteadOf = 'instead of ';
const allGiven = 'all given ';
const plainlyRefused = 'plainly refused ';

function findingsOf(of: Judged, plain: ReadonlySet<string>, generous: ReadonlySet<string>): Finding[] {
  return problemsOf(of).map(({ text, isGranting, responses, due }) => {
    const shared = { of, text, ...(responses !== undefined && { responses }) };
    if (isGift(of, text))
      return {
        ...shared,
        gravity: 'given',
        key:
          generous.has(of.operation ?? '') && !isRule(of.case)
            ? `${allGiven}${of.operation}`
            : `given ${of.requirement}`,
      };
    const shape = shapeOf(of, text);
    if (shape !== undefined)
      return {
        ...shared,
        gravity: isGranting && isAnswer(text) ? 'refused' : 'shape',
        key: `shape ${shape}`,
      };
    if (!isGranting || !isAnswer(text))
      return { ...shared, gravity: 'other', key: keyOfOther(of, due, text), ...(due && { due }) };
    const key = plainKey(of, text);
    return { ...shared, gravity: 'refused', key: plain.has(key) ? key : `refused ${of.requirement}` };
  });
}

/** The same error in place of the same other is one thing. */
const keyOfOther = ({ requirement }: Judged, due: string | undefined, text: string): string =>
  due === undefined ? byRequirement(requirement) : `${insteadOf}${due} ${text}`;

interface Problem {
  readonly text: string;
  /** Whether it came where something has to be granted. */
  readonly isGranting: boolean;
  readonly responses?: number;
  /** What was due where it is another error. */
  readonly due?: string;
}

/** The problems that the reason of a verdict tells, without steps and numbers. */
function problemsOf({ case: id, reason, expected, generated }: Judged): Problem[] {
  const text = (generated?.counterexample?.problem ?? reason ?? '').slice(0, longestReason);
  if (isRule(id))
    return text.split(/(?<= responses); (?!and \d+ more problems$)/).map((one) => {
      const [, problem = one, count] =
        /^(.*), in (\d+) of \d+ responses(?:; and \d+ more problems)?$/s.exec(one) ?? [];
      return { text: problem, isGranting: false, ...(count !== undefined && { responses: Number(count) }) };
    });
  if (generated !== null)
    return [
      { text: text.replace(/^(?:[\w ]{1,40}: )+/, ''), isGranting: /^granted\b/.test(expected[0] ?? '') },
    ];
  const steps = expected.map((line) => /^(.*?): (.*)$/s.exec(line)?.slice(1) ?? [line, '']);
  return apart(text).map((one) => {
    const bare = one.replace(/ \(\d+ times\)$/, '');
    const [step = '', asked = ''] =
      steps
        .filter(([name]) => bare.startsWith(`${name}: `))
        .sort(([a = ''], [b = '']) => b.length - a.length)[0] ?? [];
    const problem = step === '' ? bare : bare.slice(step.length + 2);
    const due = /^answered \S+ instead$/.test(problem) ? /^\w+/.exec(asked)?.[0] : undefined;
    return {
      text: problem,
      isGranting: asked.startsWith('granted'),
      ...(due !== undefined && { due }),
    };
  });
}

/** The parts of a reason; what stands in brackets belongs together. */
function apart(reason: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let begin = 0;
  for (let at = 0; at < reason.length; at++) {
    if (reason[at] === '(') depth += 1;
    else if (reason[at] === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0 && reason.startsWith('; ', at)) {
      parts.push(reason.slice(begin, at));
      begin = at + 2;
    }
  }
  return [...parts, reason.slice(begin)];
}

const gifts = [
  /^(?:a token was issued|a device code was issued|a client was registered|\S{1,40} was granted|it is granted)/,
  /^\d+ of \d+ parallel requests were granted/,
  /^a wrong \S{1,40} is granted$/,
  /carries a token$/,
  /^another grant was given the same one before$/,
  /^the response says that the added scope was granted$/,
  /: no more was asked for$/,
];

const isGift = ({ generated }: Judged, text: string): boolean =>
  generated?.counterexample?.givenAway === true || gifts.some((gift) => gift.test(text));

const isAnswer = (text: string): boolean => /^(?:status \d{3}|answered )/.test(text);

const malformed = /^status \d{3}[^(]*neither a success nor an error of the contract(?: \((.*)\))?/s;

/** What is wrong with the shape of an answer, by the part that it is about; undefined where its meaning is wrong. */
function shapeOf({ case: id }: Pick<Judged, 'case'>, text: string): string | undefined {
  const [whole, problems] = malformed.exec(text) ?? [];
  if (whole !== undefined) {
    const [first = text] = apart(problems ?? text);
    return partOf(first) ?? kindOfProblem(first);
  }
  if (/^(?:status 5\d\d(?:$|,)|a client's mistake is answered with |answered InternalServer)/.test(text))
    return 'server error';
  const part = partOf(text);
  // What a rule says in words of its own is one thing, however the words differ.
  if (isRule(id)) return part ?? id;
  if (/^(?:\/|the body |the status is |Content-Type |there is no \S+ header)/.test(text))
    return part ?? kindOfProblem(text);
  return undefined;
}

/** Parts of a response as sentences name them, in the order in which they are looked for. */
const parts: readonly (readonly [RegExp, string])[] = [
  [/html|Unexpected token '?</i, 'html'],
  [/\btwice\b/, 'repeated members'],
  [/\b(x-[a-z-]+|content-type|content-encoding|cache-control|pragma|date)\b/i, ''],
  [/\bwithout a documented error|\bis not documented for\b/, 'name of the error'],
  [/\/error\b|^error is /, 'error'],
  [/\berror_description\b/, 'error_description'],
  [/^\/(\w+)/, ''],
  [/property '(\w+)'/, ''],
  [/\blifetime\b/, 'expiresin'],
  [/^the (access token|token type|refresh token|ID token|verification URI)/, ''],
  [/^(?:the )?status\b|\bwith status \d{3}$/, 'status'],
  [/JSON|UTF-8|not an object/, 'json'],
  [/^(\w{2,40}) is /, ''],
];

function partOf(text: string): string | undefined {
  for (const [pattern, name] of parts) {
    const found = pattern.exec(text);
    if (found !== null) return name === '' ? plainName(found[1] ?? '') : name;
  }
  return undefined;
}

const plainName = (name: string): string => name.toLowerCase().replace(/[ _-]/g, '');

const controlFailed = /^the control failed, so the case proves nothing: (.*)$/s;
const needFailed = /^the .{1,60}? that this case needs failed: (.*)$/s;

/** What was answered where a case needed something else, so that it could not be judged. */
function unseenText(one: Judged): string | undefined {
  const reason = (one.reason ?? '').slice(0, longestReason);
  return (controlFailed.exec(reason) ?? needFailed.exec(reason))?.[1];
}

/** The key of the cause that kept a case from being judged; undefined where it has none. */
function keyOfUnseen(one: Judged, plain: ReadonlySet<string>): string | undefined {
  const text = unseenText(one);
  if (text === undefined) return undefined;
  const [first = text] = apart(text.replace(/ \(\d+ times\)$/, ''));
  const shape = shapeOf(one, first);
  if (shape !== undefined) return `shape ${shape}`;
  const key = plainKey(one, first);
  return plain.has(key) ? key : undefined;
}

const plainKey = ({ operation, grant }: Judged, text: string): string =>
  isBelow(text)
    ? `${plainlyRefused}${kindOfProblem(text)}`
    : `${plainlyRefused}${operation} ${grant} ${kindOfProblem(text)}`;

/** A status that no operation answers with: who answers so stands before all of them. */
const isBelow = (text: string): boolean => /^status (?!40[013]\b)\d{3}/.test(text);

/** Refusals that valid requests met, controls among them: whatever else met the same follows from that. */
function plainRefusals(verdicts: readonly Judged[]): ReadonlySet<string> {
  return new Set(
    verdicts.flatMap((one) => {
      const text = controlFailed.exec((one.reason ?? '').slice(0, longestReason))?.[1];
      return text === undefined
        ? []
        : [plainKey(one, (apart(text)[0] ?? text).replace(/ \(\d+ times\)$/, ''))];
    }),
  );
}

/** How many requirements share an answer that has nothing to do with any of them. */
const manyRequirements = 6;

/** Problems that cases of many requirements have in common. */
function commonKinds(findings: readonly Finding[]): ReadonlySet<string> {
  const kinds = Map.groupBy(
    findings.filter(({ gravity }) => gravity === 'other'),
    ({ text }) => kindOfProblem(text),
  );
  const isCommon = (group: readonly Finding[]) =>
    new Set(group.map(({ of }) => of.requirement)).size >= manyRequirements;
  return new Set([...kinds].filter(([, group]) => isCommon(group)).map(([kind]) => kind));
}

/** Operations that give nearly whatever they are asked for. */
function grantingAll(verdicts: readonly Judged[]): ReadonlySet<string> {
  const negative = verdicts.filter(
    (one) =>
      !isRule(one.case) &&
      one.generated === null &&
      (one.verdict === 'pass' || isRed(one)) &&
      one.expected.some((line) => !/^control|: granted$/.test(line)),
  );
  const isGiven = (one: Judged) => isRed(one) && problemsOf(one).some(({ text }) => isGift(one, text));
  const operations = Map.groupBy(negative, ({ operation }) => operation ?? '');
  return new Set(
    [...operations]
      .filter(([, some]) => some.length >= 5 && some.filter(isGiven).length >= 0.7 * some.length)
      .map(([operation]) => operation),
  );
}
