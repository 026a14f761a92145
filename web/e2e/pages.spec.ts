import type { Locator, Page } from '@playwright/test';
import { covers } from './harness/covers';
import { pauseRequests } from './harness/pausedRequests';
import { inspect } from './harness/inspect';
import type { Cabinet } from './harness/people';
import { publish, orderInput } from './harness/orders';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** The users whose pages are checked, and the prefix of their screenshots. */
const people: { login: string; cabinet: Cabinet; name: string }[] = [
  { login: 'customer-org', cabinet: 'Правообладатель (Заказчик)', name: 'customer' },
  { login: 'engineer-moscow', cabinet: 'Исполнитель (кадастровый инженер)', name: 'engineer' },
  { login: 'employer', cabinet: 'Работодатель', name: 'employer' },
  { login: 'moderator', cabinet: 'Модератор системы', name: 'moderator' },
];

const lightBlue = 'rgb(232, 241, 253)';
const none = 'rgba(0, 0, 0, 0)';

/**
 * Checks the order of the header from left to right: the platform's name, the sections, messages,
 * notifications, the account. The account menu links to the profile.
 */
async function checkHeader(page: Page, login: string): Promise<void> {
  const header = page.getByRole('banner');
  const person = header.getByRole('button', { name: `учётная запись: ${userOf(login).name}` });
  const parts = [
    header.getByRole('link', { name: 'Электронная платформа кадастровых работ' }),
    header.getByRole('navigation', { name: 'Разделы' }),
    header.getByRole('link', { name: 'Сообщения' }),
    header.getByRole('link', { name: /^Уведомления/ }),
    person,
  ];
  let right = 0;
  for (const part of parts) {
    const { x = -1, width = 0 } = (await part.boundingBox()) ?? {};
    expect(x, String(part)).toBeGreaterThanOrEqual(right);
    right = x + width;
  }
  await person.click();
  await page.getByRole('menuitem', { name: 'Профиль' }).click();
  await expect(heading(page)).toHaveText('Профиль');
}

/**
 * Opens a list with a filter panel by its link. What is typed while the list is loading stays, and
 * «Сброс» clears it, although it was not applied.
 */
async function checkFilterPanel(page: Page, link: Locator): Promise<void> {
  const pausedReads = await pauseRequests(page, 'GET', ({ pathname }) => pathname.startsWith('/api/'));
  const before = (await heading(page).textContent()) ?? '';
  await link.click();
  await expect(heading(page)).not.toHaveText(before); // the previous page may have such a panel too
  const panel = page.getByRole('form', { name: 'Фильтр' });
  await expect(panel.getByRole('button', { name: 'Применить' })).toBeVisible();
  const reset = panel.getByRole('button', { name: 'Сброс', exact: true });
  const finishLoading = async () => {
    await pausedReads.release();
    await expect(page.getByRole('status', { name: /^Загрузка/ })).toHaveCount(0);
  };
  const fields = panel.getByRole('textbox');
  if ((await fields.count()) > 0) {
    await fields.first().fill('1.2.2026');
    await finishLoading();
    await expect(fields.first()).toHaveValue(/^0?1\.0?2\.2026$/);
    await reset.click();
    await expect(fields.first()).toHaveValue('');
  } else {
    const box = panel.getByRole('checkbox').first();
    await box.check();
    await finishLoading();
    await expect(box).toBeChecked();
    await reset.click();
    await expect(box).not.toBeChecked();
  }
}

test.describe('the pages', () => {
  for (const { login, cabinet, name } of people) {
    test(
      `of the role «${cabinet}» are accessible and fit a phone`,
      { annotation: covers('R-UI-1', 'R-UI-2', 'R-UI-3', 'R-UI-5', 'R-UI-6', 'R-GEN-12', 'R-GEN-14') },
      async ({ enter }) => {
        const page = await enter(login, cabinet);
        await checkHeader(page, login);
        const tabs = page.getByRole('navigation', { name: 'Вкладки профиля' }).getByRole('link');
        await expect(tabs.and(page.locator('[aria-current]'))).toHaveCSS('background-color', lightBlue);
        await expect(tabs.and(page.locator(':not([aria-current])')).first()).toHaveCSS('background-color', none);
        if (name === 'customer') await publish(page, orderInput);
        const links = page.getByRole('navigation', { name: 'Разделы' }).getByRole('link');
        for (const section of await links.all()) {
          await checkFilterPanel(page, section);
          await expect(section).toHaveAttribute('aria-current', 'page');
          await expect(section).toHaveCSS('background-color', lightBlue);
          await expect(heading(page)).toBeVisible();
          await inspect(page, `${name}-${new URL(page.url()).pathname.split('/').at(-1)}`);
        }
        await page.getByRole('link', { name: 'Сообщения' }).click();
        await expect(heading(page)).toHaveText('Сообщения');
        await inspect(page, 'messages');
        await checkFilterPanel(page, page.getByRole('link', { name: /^Уведомления/ }));
        await expect(heading(page)).toHaveText('Уведомления');
        await inspect(page, 'notifications');
        await page.getByRole('button', { name: 'Справка по странице' }).click();
        await expect(page.getByRole('region', { name: 'Текст справки' })).toBeVisible();
        await inspect(page, 'help');
      },
    );
  }

  test.describe('that do not exist', () => {
    // The console logs the answer as an error.
    test.use({ tolerated: [/status of 404/] });

    test('show a message: the order of other people, an unknown address, a page of another role', async ({ enter }) => {
      const owner = await enter('customer2');
      await publish(owner, orderInput);
      const page = await enter('customer');
      await page.goto(new URL(owner.url()).pathname);
      await expect(page.getByText('Такого заказа для вас нет')).toBeVisible();
      await expect(page.getByRole('article')).toHaveCount(0);
      await inspect(page, 'order-of-others');
      await page.goto(`${new URL(owner.url()).pathname}/edit`);
      await expect(page.getByText('Такого заказа у вас нет')).toBeVisible();

      await page.goto('/nowhere');
      await expect(heading(page)).toHaveText('Такой страницы нет');
      await inspect(page, 'not-found');
      await page.goto('/orders/search');
      await expect(heading(page)).toHaveText('Страница «Поиск по заказам» недоступна в этой роли');
      await inspect(page, 'wrong-role');
    });
  });

  test(
    'of a list without matches show that, and the filter stays in the address',
    { annotation: covers('R-UI-6') },
    async ({ enter }) => {
      const page = await enter('customer2');
      await page.goto('/orders');
      const number = page.getByRole('textbox', { name: 'Номер заказа' });
      await number.fill('1999-000000');
      await number.press('Enter');
      await expect(page).toHaveURL(/number=1999-000000$/);
      await expect(number).toBeFocused();
      await expect(page.getByText('По этому фильтру ничего не найдено')).toBeVisible();
      await inspect(page, 'orders-none-found');
      await page.reload();
      await expect(number).toHaveValue('1999-000000');
      await page.getByRole('button', { name: 'Сброс', exact: true }).click();
      await expect(page).toHaveURL(/\/orders$/);
      await page.goBack();
      await expect(number).toHaveValue('1999-000000');
      await page.goForward();
      await expect(number).toHaveValue('');
    },
  );
});
