import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { completeEntry, signInAtEsia } from './harness/people';
import { platform } from './harness/platform';
import { expect, test } from './harness/test';

const cabinet = 'Заказчик (физическое лицо)';
const startHeading = 'Электронная платформа кадастровых работ';

test(
  'the start page signs in by itself where a session of ЕСИА lives, once, and never after signing out',
  { annotation: covers('R-AUTH-3') },
  async ({ visit }) => {
    const page = await visit();
    const begun: string[] = [];
    page.context().on('request', (request) => {
      if (request.url().includes('/api/auth/login')) begun.push(request.url());
    });
    const heading = (name: string) => page.getByRole('heading', { level: 1, name });

    // Nobody has signed in at ЕСИА: the page comes back with its button and without an error.
    await page.goto('/');
    await expect(heading(startHeading)).toBeVisible();
    expect(begun).toHaveLength(1);
    await expect(page).toHaveURL(`${platform.url}/`);
    await expect(page.getByRole('alert')).toHaveCount(0);
    await inspect(page, 'start');
    await page.reload();
    await expect(heading(startHeading)).toBeVisible();
    expect(begun, 'not again while the browser is open').toHaveLength(1);

    await signInAtEsia(page, 'customer2');
    await completeEntry(page, cabinet);

    // The browser is closed and opened again: cookies without a date go, ЕСИА still knows the person.
    const cookies = await page.context().cookies();
    const reopened = await visit();
    await reopened.context().addCookies(cookies.filter(({ name }) => !name.includes('epkr')));
    const automatic = reopened.waitForRequest(/\/api\/auth\/login\?automatic=true/);
    await reopened.goto('/orders');
    await automatic;
    await expect(reopened.getByRole('heading', { level: 1 })).toHaveText(/^(Мои заказы|Выберите роль)$/);
    await completeEntryTo(reopened);

    // Signing out ends it here and in other tabs.
    const other = await reopened.context().newPage();
    await other.goto('/orders');
    await expect(other.getByRole('heading', { level: 1, name: 'Мои заказы' })).toBeVisible();
    await reopened.getByRole('button', { name: /^учётная запись/ }).click();
    await reopened.getByRole('menuitem', { name: 'Выйти' }).click();
    for (const tab of [reopened, other]) {
      await expect(tab.getByRole('heading', { level: 1, name: startHeading })).toBeVisible();
      await expect(tab.getByRole('main').getByRole('link', { name: 'Войти через Госуслуги' })).toBeVisible();
    }
    const answer = await reopened.request.get('/api/auth/automatic');
    expect(await answer.json()).toMatchObject({ attempt: false });

    async function completeEntryTo(tab: typeof page) {
      const title = tab.getByRole('heading', { level: 1 });
      if ((await title.textContent()) === 'Выберите роль') await tab.getByRole('button', { name: cabinet }).click();
      await expect(title).toHaveText('Мои заказы');
    }
  },
);
