import { expect, test } from 'vitest';
import { assertionType, emulatorForThisFile, type Form } from './support.ts';

const api = emulatorForThisFile();

const atOnce = async (act: () => Promise<{ readonly outcome: string }>) => {
  const answers = await Promise.all(Array.from({ length: 12 }, act));
  const counts: Record<string, number> = {};
  for (const { outcome } of answers) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

const once = { granted: 1, '400 invalid_grant': 11 };

test.for(['client_secret_basic', 'client_secret_jwt', 'none'])(
  'what is good for one time is granted one time, to a client of %s too',
  async (auth) => {
    const who = await api.client({ auth });
    const forms: readonly Form[] = [
      await api.codeForm(who),
      await api.refreshForm(who),
      await api.deviceForm(who, 'approve'),
      await api.assertionForm(who),
    ];
    for (const form of forms) expect(await atOnce(() => api.token(who, form)), form.grant_type).toEqual(once);
  },
);

test('a client assertion is good for one time', async () => {
  const who = await api.client({ auth: 'private_key_jwt' });
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: assertionType,
    client_assertion: await api.clientAssertion(who),
  };
  expect(await atOnce(() => api.post('/token', form))).toEqual({ granted: 1, '401 invalid_client': 11 });
});
