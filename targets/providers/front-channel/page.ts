import { Parser } from 'htmlparser2';

/** What a person can fill in, or a page has filled in already. */
export interface Field {
  readonly name: string;
  readonly kind: 'hidden' | 'text' | 'password' | 'checkbox' | 'radio' | 'select' | 'file';
  /** As the page has it; of a select that of the chosen option. */
  readonly value: string;
  readonly id: string;
  /** What stands beside or in it. */
  readonly label: string;
  readonly autocomplete: string;
  /** The type that the page names, in lower case. */
  readonly type: string;
  readonly isChecked: boolean;
  readonly isRequired: boolean;
  readonly isReadOnly: boolean;
}

/** A button that sends its form. */
export interface Button {
  readonly name: string;
  readonly value: string;
  readonly id: string;
  /** What a person reads on it. */
  readonly text: string;
}

export interface Form {
  /** As the page has it; empty where the form is sent to the page itself. */
  readonly action: string;
  readonly method: 'GET' | 'POST';
  readonly isMultipart: boolean;
  readonly fields: readonly Field[];
  readonly buttons: readonly Button[];
}

/** What a browser without scripts has of a page. */
export interface Page {
  readonly title: string;
  /** What a person reads, its beginning. */
  readonly text: string;
  readonly forms: readonly Form[];
  /** Where a `meta` of the page leads, and after how many seconds. */
  readonly refresh?: { readonly seconds: number; readonly url: string };
  readonly base?: string;
  readonly hasScripts: boolean;
}

/** No page that a person can use has more of them. */
const mostElements = 20_000;
const deepest = 500;
const longestText = 2_000;
const mostControls = 400;
/** Of a name, a label, or what stands on a button. */
const longestName = 300;

/** What is open at a place of the page. */
interface Gathered {
  text: string;
}

type Draft<T> = { -readonly [Key in keyof T]: T[Key] };
type Owned = { readonly owner: string | Draft<Form> | undefined };

/**
 * Reads a page in one pass. A control belongs to the form that was opened before it and is not closed yet, or to the one
 * that it names, as the HTML Standard has it, however the elements around them are nested.
 *
 * @throws {RangeError} when it has more elements than any page for a person
 */
export function readPage(html: string): Page {
  const forms: (Draft<Form> & { readonly id: string })[] = [];
  const fields: (Owned & { readonly field: Draft<Field>; readonly around: Gathered | undefined })[] = [];
  const buttons: (Owned & { readonly button: Draft<Button>; readonly shown: Gathered })[] = [];
  const labels = new Map<string, Gathered>();
  const open: { readonly name: string; readonly into: Gathered | undefined }[] = [];
  const title: Gathered = { text: '' };
  const body: Gathered = { text: '' };
  let form: (typeof forms)[number] | undefined;
  let select: { readonly field: Draft<Field>; hasChosen: boolean; options: number } | undefined;
  let option:
    | { readonly shown: Gathered; readonly value: string | undefined; readonly isChosen: boolean }
    | undefined;
  let label: Gathered | undefined;
  let unseen = 0;
  let disabled = 0;
  let elements = 0;
  let refresh: Page['refresh'];
  let base: string | undefined;
  let hasScripts = false;

  const ownerOf = (attributes: Attributes): Owned => ({ owner: attributes.form ?? form });

  function control(tag: string, attributes: Attributes): Gathered | undefined {
    if ('disabled' in attributes || disabled > 0 || unseen > 0) return undefined;
    const type = (attributes.type ?? '').toLowerCase();
    const isButton =
      tag === 'button' ? type === '' || type === 'submit' : type === 'submit' || type === 'image';
    if (isButton) {
      const { name = '', value = '', id = '' } = attributes;
      const shown = { text: tag === 'input' ? (attributes.value ?? attributes.alt ?? '') : '' };
      buttons.push({
        ...ownerOf(attributes),
        button: { name, value, id, text: attributes['aria-label'] ?? '' },
        shown,
      });
      return shown;
    }
    if (tag === 'button' || type === 'button' || type === 'reset') return undefined;
    const field = fieldOf(tag, type, attributes);
    fields.push({ ...ownerOf(attributes), field, around: label });
    if (tag === 'select') select = { field, hasChosen: false, options: 0 };
    return undefined;
  }

  function endOption(): void {
    if (select !== undefined && option !== undefined) {
      const value = option.value ?? clean(option.shown.text);
      // The first option is chosen where none says that it is.
      if ((option.isChosen && !select.hasChosen) || select.options === 0) select.field.value = value;
      select.hasChosen ||= option.isChosen;
      select.options += 1;
    }
    option = undefined;
  }

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        elements += 1;
        if (elements > mostElements || open.length > deepest || fields.length + buttons.length > mostControls)
          throw new RangeError('the page has more elements than any page for a person');
        let into: Gathered | undefined;
        if (name === 'form' && form === undefined && unseen === 0) {
          form = { ...formOf(attributes), id: attributes.id ?? '' };
          forms.push(form);
        } else if (name === 'input' || name === 'button' || name === 'select' || name === 'textarea') {
          into = control(name, attributes);
          if (name === 'textarea') {
            const field = fields.at(-1)?.field;
            into = { text: '' };
            if (field?.type === 'textarea') written.set(into, field);
          }
        } else if (name === 'option') {
          endOption();
          into = { text: '' };
          option = { shown: into, value: attributes.value, isChosen: 'selected' in attributes };
        } else if (name === 'label') {
          label = { text: '' };
          into = label;
          if (attributes.for !== undefined) labels.set(attributes.for, label);
        } else if (name === 'title' && title.text === '') into = title;
        else if (name === 'base') base ??= attributes.href;
        else if (name === 'meta' && /^refresh$/i.test(attributes['http-equiv'] ?? ''))
          refresh ??= refreshOf(attributes.content ?? '');
        if (hidesText.has(name)) unseen += 1;
        if (name === 'fieldset' && 'disabled' in attributes) disabled += 1;
        hasScripts ||= name === 'script';
        open.push({ name: name === 'fieldset' && 'disabled' in attributes ? 'disabled' : name, into });
      },
      ontext(text) {
        const to = open.findLast(({ into }) => into !== undefined)?.into;
        if (to !== undefined && to.text.length < longestText) to.text += text.slice(0, longestText);
        if (unseen === 0 && to !== title && body.text.length < longestText)
          body.text += text.slice(0, longestText);
      },
      onclosetag(name) {
        const closed = open.pop();
        if (hidesText.has(name)) unseen -= 1;
        if (closed?.name === 'disabled') disabled -= 1;
        if (name === 'form') form = undefined;
        if (name === 'option') endOption();
        if (name === 'select') select = undefined;
        if (name === 'label') label = undefined;
        const area = closed?.into && written.get(closed.into);
        if (area) area.value = closed?.into?.text ?? '';
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  const written = new Map<Gathered, Draft<Field>>();
  parser.end(html);

  const formNamed = ({ owner }: Owned) =>
    typeof owner === 'string' ? forms.find(({ id }) => id === owner) : owner;
  const fieldsOf = new Map<object, Field[]>();
  const buttonsOf = new Map<object, Button[]>();
  for (const one of fields) {
    const { field, around } = one;
    const beside = labels.get(field.id)?.text ?? around?.text;
    const owner = formNamed(one);
    if (owner) put(fieldsOf, owner, { ...field, label: short(beside ?? '') || field.label });
  }
  for (const one of buttons) {
    const owner = formNamed(one);
    if (owner) put(buttonsOf, owner, { ...one.button, text: short(`${one.shown.text} ${one.button.text}`) });
  }
  return {
    title: clean(title.text),
    text: clean(body.text),
    forms: forms.map((one) => ({
      ...one,
      fields: fieldsOf.get(one) ?? [],
      buttons: buttonsOf.get(one) ?? [],
    })),
    ...(refresh && { refresh }),
    ...(base !== undefined && { base }),
    hasScripts,
  };
}

type Attributes = Readonly<Record<string, string>>;

/** What stands in these nobody reads. */
const hidesText: ReadonlySet<string> = new Set(['script', 'style', 'template']);

function put<T>(lists: Map<object, T[]>, owner: object, one: T): void {
  const list = lists.get(owner) ?? [];
  lists.set(owner, list);
  list.push(one);
}

const clean = (text: string): string =>
  text
    .slice(0, 2 * longestText)
    .replace(/\s+/g, ' ')
    .trim();
const short = (text: string): string => clean(text).slice(0, longestName);

function formOf({ action = '', method = '', enctype = '' }: Attributes): Draft<Form> {
  return {
    action: action.trim(),
    method: /^post$/i.test(method) ? 'POST' : 'GET',
    isMultipart: /^multipart\//i.test(enctype),
    fields: [],
    buttons: [],
  };
}

function fieldOf(tag: string, type: string, attributes: Attributes): Draft<Field> {
  const named = ['hidden', 'password', 'checkbox', 'radio', 'file'] as const;
  const kind = tag === 'select' ? 'select' : (named.find((one) => one === type && tag === 'input') ?? 'text');
  const { name = '', id = '', autocomplete = '' } = attributes;
  return {
    name,
    kind,
    id,
    value: attributes.value ?? (kind === 'checkbox' || kind === 'radio' ? 'on' : ''),
    label: short(attributes['aria-label'] ?? attributes.placeholder ?? ''),
    autocomplete: autocomplete.toLowerCase(),
    type: tag === 'input' ? type || 'text' : tag,
    isChecked: 'checked' in attributes,
    isRequired: 'required' in attributes || attributes['aria-required'] === 'true',
    isReadOnly: 'readonly' in attributes,
  };
}

/** `5; url=/next`, as a meta or the header Refresh has it. Without a URL the page itself is meant, which leads nowhere. */
export function refreshOf(content: string): Page['refresh'] {
  const found = /^\s{0,9}(\d{1,9})[^;,]{0,20}[;,]\s{0,9}(?:url\s{0,9}=\s{0,9})?["']?([^"'\s]{1,4000})/i.exec(
    content,
  );
  return found === null ? undefined : { seconds: Number(found[1]), url: found[2] ?? '' };
}
