import type { Login } from '../../target/target.ts';
import type { Button, Field, Form, Page } from './page.ts';
import { isDenial, isSearch, isUserCode, isUsername, meaningOf, remembers } from './words.ts';

/** What a walk is for. */
export interface Errand {
  readonly decision: 'approve' | 'deny';
  readonly login: Login | undefined;
  /** What a device shows. */
  readonly userCode?: string;
}

/** What a form asks for: the password, the code of a device, more of the login, a decision. */
export type Asks = 'password' | 'code' | 'login' | 'decision';

/** A form as it is sent. */
export interface Filled {
  readonly kind: 'filled';
  readonly asks: Asks;
  readonly form: Form;
  readonly pairs: readonly (readonly [name: string, value: string])[];
  readonly denies: boolean;
}

/** Why a form cannot be sent, and the fields that nobody knows what to write into. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly why: 'no-login' | 'new-password' | 'fields' | 'multipart';
  readonly fields: readonly Field[];
}

const visible = ({ fields }: Form): Field[] => fields.filter(({ kind }) => kind !== 'hidden');
const texts = (form: Form): Field[] => visible(form).filter(({ kind }) => kind === 'text');

/** What the target file has for a field, by its name, its id or its label. */
function givenFor({ name, id, label }: Field, { login }: Errand): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[\s:*]+$/, '');
  return Object.entries(login?.fields ?? {}).find(
    ([key]) => key === name || key === id || plain(key) === plain(label),
  )?.[1];
}

/** What a form asks for; undefined for one that has nothing to do with the walk. */
function asksFor(form: Form, errand: Errand): Asks | undefined {
  const fields = visible(form).filter((one) => !one.isReadOnly);
  const passwords = fields.filter((one) => one.kind === 'password' && givenFor(one, errand) === undefined);
  if (passwords.length > 0) return 'password';
  if (errand.userCode !== undefined && texts(form).some(isUserCode)) return 'code';
  if (fields.some((one) => givenFor(one, errand) !== undefined)) return 'login';
  if (texts(form).some((one) => isUsername(one) && !one.isReadOnly && one.value === '')) return 'login';
  const { buttons } = form;
  const isAside = buttons.length > 0 && buttons.every((one) => meaningOf(one) === 'aside');
  return isAside || texts(form).some(isSearch) ? undefined : 'decision';
}

const order: readonly Asks[] = ['password', 'code', 'login', 'decision'];

/** The form that a person would fill in, as it is sent; undefined where the page has none. */
export function fill({ forms }: Page, errand: Errand): Filled | Unknown | undefined {
  const candidates = forms
    .flatMap((form) => {
      const asks = asksFor(form, errand);
      return asks === undefined ? [] : [{ form, asks, button: buttonOf(form, asks, errand) }];
    })
    .toSorted((one, other) => rank(one, errand) - rank(other, errand));
  const [chosen] = candidates;
  if (chosen === undefined) return undefined;
  const { form, asks, button } = chosen;
  const denies = button !== undefined && meaningOf(button) === 'deny';
  const passwords = visible(form).filter(
    (one) => one.kind === 'password' && givenFor(one, errand) === undefined,
  );
  if (passwords.length > 1 || passwords.some((one) => one.autocomplete === 'new-password'))
    return unknown('new-password', passwords);
  if ((passwords.length > 0 || asks === 'login') && errand.login === undefined)
    return unknown(
      'no-login',
      visible(form).filter(({ kind }) => kind === 'text' || kind === 'password'),
    );
  const missing: Field[] = [];
  const pairs = form.fields.flatMap((field): [string, string][] => {
    const value = sentOf(field, { form, asks, errand, denies });
    if (value === null) missing.push(field);
    return field.name === '' || value === null || value === undefined ? [] : [[field.name, value]];
  });
  if (missing.length > 0) return unknown('fields', missing);
  if (form.isMultipart) return unknown('multipart');
  return {
    kind: 'filled',
    asks,
    form,
    denies,
    pairs: button === undefined || button.name === '' ? pairs : [...pairs, [button.name, button.value]],
  };
}

const unknown = (why: Unknown['why'], fields: readonly Field[] = []): Unknown => ({
  kind: 'unknown',
  why,
  fields,
});

/** A sign-up form asks for more than a login does; of two decisions the one with the right button is meant. */
function rank(
  { form, asks, button }: { readonly form: Form; readonly asks: Asks; readonly button: Button | undefined },
  { decision }: Errand,
): number {
  const isLarge = visible(form).filter(({ kind }) => kind === 'password').length > 1;
  const meaning = button && meaningOf(button);
  const isRight = meaning === (decision === 'deny' ? 'deny' : 'allow');
  return 10 * order.indexOf(asks) + (isLarge ? 5 : 0) + (isRight ? 0 : meaning === 'deny' ? 3 : 1);
}

function buttonOf({ buttons }: Form, asks: Asks, { decision }: Errand): Button | undefined {
  if (decision === 'deny' && (asks === 'decision' || asks === 'code')) {
    const deny = buttons.find((one) => (asks === 'code' ? isDenial(one) : meaningOf(one) === 'deny'));
    if (deny !== undefined) return deny;
  }
  const other = buttons.filter((one) => meaningOf(one) !== 'deny' && meaningOf(one) !== 'aside');
  return other.find((one) => meaningOf(one) === 'allow') ?? other[0] ?? buttons[0];
}

/** What is sent of a field: undefined for nothing, null where nobody knows. */
function sentOf(
  field: Field,
  {
    form,
    asks,
    errand,
    denies,
  }: { readonly form: Form; readonly asks: Asks; readonly errand: Errand; readonly denies: boolean },
): string | undefined | null {
  const { kind, value, isChecked, isRequired, isReadOnly } = field;
  if (kind === 'hidden' || isReadOnly) return value;
  const given = givenFor(field, errand);
  if (kind === 'checkbox') {
    const isConsent = asks === 'decision' && !denies && !remembers(field);
    const isOn =
      given === undefined ? isChecked || isRequired || isConsent : !/^(?:|no|false|off|0)$/i.test(given);
    return isOn ? value : undefined;
  }
  if (kind === 'radio') return chosenRadio(field, form, given, errand) ? value : undefined;
  if (given !== undefined) return given;
  if (kind === 'select') return value;
  if (kind === 'file') return isRequired ? null : undefined;
  if (kind === 'password') return errand.login?.password;
  if (errand.userCode !== undefined && asks === 'code' && isUserCode(field)) return errand.userCode;
  const isOnly = asks === 'password' && texts(form).filter((one) => !one.isReadOnly).length === 1;
  if (
    (asks === 'password' || asks === 'login') &&
    (isUsername(field) || isOnly) &&
    errand.login !== undefined
  )
    return errand.login.username;
  if (value !== '' || isSearch(field)) return value;
  // Beside a login what is not required may stay empty; by itself it is what the page is about.
  return isRequired || asks === 'decision' ? null : value;
}

/** One of a group is on: the one that was given, that decides as it has to, that is on already, or the first. */
function chosenRadio(field: Field, form: Form, given: string | undefined, { decision }: Errand): boolean {
  const group = form.fields.filter((one) => one.kind === 'radio' && one.name === field.name);
  const meaning = (one: Field) => meaningOf({ text: one.label, value: one.value, name: '', id: one.id });
  const wished =
    given === undefined
      ? group.find((one) => meaning(one) === (decision === 'deny' ? 'deny' : 'allow'))
      : group.find((one) => one.value === given || one.label.toLowerCase() === given.toLowerCase());
  const chosen = wished ?? group.find((one) => one.isChecked) ?? (field.isRequired ? group[0] : undefined);
  return chosen === field;
}
