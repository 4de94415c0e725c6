import type { Answer, Api, Client, Form, Json } from './support.ts';

/** Makes a request of that client which will be granted. */
export type Make = (api: Api, who: Client) => Promise<Form>;

export const code: Make = (to, who) => to.codeForm(who);
export const refresh: Make = (to, who) => to.refreshForm(who);
export const device: Make = (to, who) => to.deviceForm(who, 'approve');
export const credentials: Make = async () => ({ grant_type: 'client_credentials' });
export const bearer: Make = (to, who) => to.assertionForm(who);
export const exchange: Make = (to, who) => to.exchangeForm(who);

/** A good request but for these members. */
export const but =
  (make: Make, changes: Form, wishes: Json = {}) =>
  async (to: Api): Promise<Answer> => {
    const who = await to.client(wishes);
    return to.token(who, { ...(await make(to, who)), ...changes });
  };

export const twice = (make: Make) => async (to: Api) => {
  const who = await to.client();
  const form = await make(to, who);
  await to.token(who, form);
  return to.token(who, form);
};

export const byAnother = (make: Make) => async (to: Api) => {
  const form = await make(to, await to.client());
  return to.token(await to.client(), form);
};

export const expired = (make: Make, kind: string, member: string) => async (to: Api) => {
  const who = await to.client();
  const form = await make(to, who);
  await to.made('expire', { kind, value: form[member] });
  return to.token(who, form);
};

export const withoutChallenge: Make = (to, who) =>
  to.codeForm(who, { codeChallenge: null, codeChallengeMethod: null });
