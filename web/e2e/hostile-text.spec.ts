import { randomUUID } from 'node:crypto';
import type { APIResponse, Page } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { platform, userOf } from './harness/platform';
import { unknownBic } from './harness/profile';
import { expect, test } from './harness/test';

const engineer = 'engineer-moscow';
const invisible = '\u202eоборот\u202c\u2066 ноль\u200bширина\u200f\ufeff';
const markup = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

/** A text of this length: markup, invisible and direction marks, and one word that fills the rest. */
const hostile = (length: number) => `${markup}${invisible}${'ж'.repeat(10_000)}`.slice(0, length);

/** Returns an account with this control digit at its ninth place. */
function accountOf(prefix: string, end: string, head: string): string {
  for (let key = 0; key < 10; key++) {
    const account = `${prefix}${key}${end}`;
    const sum = [...(head + account)].reduce((all, digit, i) => all + Number(digit) * ([7, 1, 3][i % 3] ?? 0), 0);
    if (sum % 10 === 0) return account;
  }
  throw new Error('no digit fits');
}

async function read<T>(page: Page, path: string): Promise<T> {
  return (await (await page.request.get(platform.url + path)).json()) as T;
}

async function done(answer: Promise<APIResponse>): Promise<void> {
  const given = await answer;
  expect(given.ok(), await given.text()).toBe(true);
}

interface File {
  id: string;
  title?: string;
}

interface Profile {
  id: string;
  version: number;
  formVersion: number;
  regions: { code: string }[];
  website: string;
  email: string;
  phone: string;
  experienceSince: number;
  works: unknown[];
  diplomas: File[];
  samples: File[];
  ogrnip: string;
  documentDate: string;
  documents: File[];
  photo?: File;
}

const named = (files: File[], title?: string) => files.map(({ id }) => ({ file: id, ...(title && { title }) }));

/** Opens a page that shows such texts, and requires that they are only shown. */
async function requireHarmless(page: Page, path: string, name: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('status', { name: /^Загрузка/ })).toHaveCount(0);
  const shown = () =>
    page.evaluate(() => {
      const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea')];
      return [document.body.textContent, ...fields.map(({ value }) => value)].join(' ');
    });
  await expect.poll(shown, { message: `${path} shows the text` }).toContain('<img src=x');
  await inspect(page, `hostile-${name}`);
  expect(await shown(), path).not.toMatch(/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/);
  expect(await page.evaluate(() => 'hacked' in window), `${path} ran no script`).toBe(false);
}

test.describe('hostile texts', () => {
  // A word that is longer than its field is refused, and no bank has the БИК.
  test.use({ tolerated: [/status of 4(04|22)/] });

  test(
    'in profile, form of work, requisites, reply and saved search are shown harmlessly',
    { annotation: covers('R-KPROF-1', 'R-KPROF-10', 'R-KPROF-11', 'R-KORD-8', 'S-25') },
    async ({ enter }) => {
      const customer = await enter('customer');
      const page = await enter(engineer, 'Исполнитель (кадастровый инженер)');
      const agreement = await Agreement.create({
        customer: { login: 'customer', page: customer },
        engineer: { login: engineer, page },
      });
      await agreement.sendContract();
      await agreement.signContract();
      await agreement.acceptResults();
      await agreement.customer.act('report-payment', { details: { withoutDocument: true } });
      await agreement.customer.act('rate', { details: { mark: 5 }, text: { review: hostile(1000) } });
      await agreement.engineer.act('confirm-payment', {});

      const put = (path: string, data: object) => page.request.put(platform.url + path, { data });
      const before = await read<Profile>(page, '/api/engineer/profile');
      const profile = {
        regions: before.regions.map(({ code }) => code),
        email: before.email,
        phone: before.phone,
        website: before.website,
        experienceSince: before.experienceSince,
        works: before.works,
        diplomas: named(before.diplomas, hostile(200)),
        samples: named(before.samples, hostile(200)),
        ...(before.photo && { photo: before.photo.id }),
        residence: hostile(200),
        workingHours: hostile(200),
        experience: hostile(3000),
        education: hostile(3000),
        about: hostile(5000),
      };
      const tooLong = await put('/api/engineer/profile', {
        ...profile,
        version: before.version,
        about: 'ж'.repeat(10_000),
      });
      expect(tooLong.status()).toBe(422);
      await done(put('/api/engineer/profile', { ...profile, version: before.version }));
      await done(
        put('/api/engineer/profile/form', {
          version: before.formVersion,
          form: 'entrepreneur',
          ogrnip: before.ogrnip,
          documentName: hostile(200),
          documentNumber: hostile(100),
          documentDate: before.documentDate,
          documents: named(before.documents),
        }),
      );
      const { version } = await read<{ version: number }>(page, '/api/requisites');
      await done(
        put('/api/requisites', {
          version,
          inn: '',
          kpp: '',
          address: '',
          bic: unknownBic,
          bankName: hostile(300),
          account: accountOf('40802810', '00000000001', unknownBic.slice(6)),
          correspondentAccount: accountOf('30101810', `00000000${unknownBic.slice(6)}`, `0${unknownBic.slice(4, 6)}`),
        }),
      );
      const { items } = await read<{ items: { id: number; number: string }[] }>(page, '/api/engineer/reviews');
      const review = items.find(({ number }) => number === agreement.number)?.id ?? 0;
      await done(put(`/api/engineer/reviews/${review}/reply`, { version: 0, text: hostile(1000) }));
      await done(
        page.request.post(`${platform.url}/api/saved-searches`, {
          headers: { 'Idempotency-Key': randomUUID() },
          data: { name: `${Date.now()} ${hostile(80)}`, notify: false, filters: { place: hostile(100) } },
        }),
      );

      await requireHarmless(page, '/profile', 'profile');
      await requireHarmless(page, '/profile/edit', 'profile-editing');
      await requireHarmless(page, '/profile/work', 'form-of-work');
      await requireHarmless(page, '/profile/requisites', 'requisites');
      await requireHarmless(page, '/profile/requisites?edit=true', 'requisites-editing');
      await requireHarmless(page, '/profile/reviews', 'own-reviews');
      await requireHarmless(page, '/orders/search', 'saved-searches');
      await requireHarmless(customer, `/engineers/${before.id}`, 'engineer');
      await requireHarmless(customer, `/orders/${agreement.customer.order}`, 'order');
      const moderator = await enter('moderator', 'Модератор системы');
      await requireHarmless(moderator, '/moderation/reviews', 'moderated-reviews');
      expect(userOf(engineer).name, 'the name is ЕСИА’s').not.toContain('<');
    },
  );
});
