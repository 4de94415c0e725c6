import type { Members } from '../members.ts';

export type BodyType = 'json' | 'form';

/** How members are written as the body of a request, and read from one. Names are spelt as on the wire. */
export interface BodyModel {
  readonly type: BodyType;
  /** What the Content-Type of such a body says. */
  readonly mediaType: string;
  /** Members that are undefined are left out; `repeat` stands behind the others. Throws at what it has no words for. */
  write(members: Members, repeat?: Members): string;
  /** The members of a captured body, of those that occur twice the last. Undefined where it is none. Never throws. */
  read(text: string): Members | undefined;
  /** Names that occur more than once and not with one value, so that nobody knows what counted. Never throws. */
  contradicted(text: string): ReadonlySet<string>;
}

/** What a case changes in the body of a request. */
export interface BodyChange {
  /** Members written a second time, behind all others, with these values. */
  readonly repeat?: Readonly<Record<string, string>>;
  readonly body?: (encoded: string) => string | Buffer | undefined;
  /** The one type of body that `body` can change; absent where it may be any. */
  readonly bodyType?: BodyType;
  readonly chunked?: boolean;
}

/**
 * A body with a change in it; undefined for none. A change that this body cannot make throws: were it dropped, a case
 * would send a valid request and judge it as a wrong one.
 */
export function changedBody(
  model: BodyModel,
  members: Members,
  { repeat, body, bodyType, chunked = false }: BodyChange,
): string | Buffer | undefined {
  if (bodyType !== undefined && bodyType !== model.type)
    throw new Error(`A change of ${nameOf[bodyType]} cannot be made in ${nameOf[model.type]}.`);
  const absent = Object.keys(repeat ?? {}).find((name) => members[name] === undefined);
  if (absent !== undefined) throw new Error(`The member ${absent} cannot be repeated: it is not there once.`);
  const text = model.write(members, repeat);
  const changed = body === undefined ? text : body(text);
  if (changed === undefined && (repeat !== undefined || chunked))
    throw new Error('A request without a body has no member twice, and no chunks.');
  return changed;
}

const nameOf: Readonly<Record<BodyType, string>> = { json: 'a JSON body', form: 'a form' };
