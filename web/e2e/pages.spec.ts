import type { Locator, Page } from '@playwright/test';
import { covers } from './harness/covers';
import { hold } from './harness/hold';
import { inspect } from './harness/inspect';
import type { Cabinet } from './harness/people';
import { publish, wish } from './harness/orders';
import { personOf } from './harness/platform';
import { expect, test } from './harness/test';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** Whose pages are looked at, and the name that their pictures begin with. */
const people: { login: string; cabinet: Cabinet; name: string }[] = [
  { login: 'customer-org', cabinet: 'Правообладатель (Заказчик)', name: 'customer' },
  { login: 'engineer-moscow', cabinet: 'Исполнитель (кадастровый инженер)', name: 'engineer' },
  { login: 'employer', cabinet: 'Работодатель', name: 'employer' },
  { login: 'moderator', cabinet: 'Модератор системы', name: 'moderator' },
];

const lightBlue = 'rgb(232, 241, 253)';
const none = 'rgba(0, 0, 0, 0)';

/** From left to right: the platform's name, the sections, messages and notifications, the person; he leads to the profile. */
async function headerGoes(page: Page, login: string): Promise<void> {
  const header = page.getByRole('banner');
  const person = header.getByRole('button', { name: `учётная запись: ${personOf(login).name}` });
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

/** The list that a link leads to has a filter panel. What is typed into it while the list is on its way stays; «Сброс» clears it, though it was not applied. */
async function filterPanelKeepsAndClears(page: Page, link: Locator): Promise<void> {
  const answers = await hold(page, 'GET', ({ pathname }) => pathname.startsWith('/api/'));
  const before = (await heading(page).textContent()) ?? '';
  await link.click();
  await expect(heading(page)).not.toHaveText(before); // the page before may have such a panel, too
  const panel = page.getByRole('form', { name: 'Фильтр' });
  await expect(panel.getByRole('button', { name: 'Применить' })).toBeVisible();
  const reset = panel.getByRole('button', { name: 'Сброс', exact: true });
  const arrived = async () => {
    await answers.release();
    await expect(page.getByRole('status', { name: /^Загрузка/ })).toHaveCount(0);
  };
  const fields = panel.getByRole('textbox');
  if ((await fields.count()) > 0) {
    await fields.first().fill('1.2.2026');
    await arrived();
    await expect(fields.first()).toHaveValue(/^0?1\.0?2\.2026$/);
    await reset.click();
    await expect(fields.first()).toHaveValue('');
  } else {
    const box = panel.getByRole('checkbox').first();
    await box.check();
    await arrived();
    await expect(box).toBeChecked();
    await reset.click();
    await expect(box).not.toBeChecked();
  }
}

test.describe('the pages', () => {
  for (const { login, cabinet, name } of people) {
    test(
      `of the role «${cabinet}» can be read on a phone and by everybody`,
      { annotation: covers('R-UI-1', 'R-UI-2', 'R-UI-3', 'R-UI-5', 'R-UI-6', 'R-GEN-12', 'R-GEN-14') },
      async ({ enter }) => {
        const page = await enter(login, cabinet);
        await headerGoes(page, login);
        const tabs = page.getByRole('navigation', { name: 'Вкладки профиля' }).getByRole('link');
        await expect(tabs.and(page.locator('[aria-current]'))).toHaveCSS('background-color', lightBlue);
        await expect(tabs.and(page.locator(':not([aria-current])')).first()).toHaveCSS('background-color', none);
        if (name === 'customer') await publish(page, wish);
        const links = page.getByRole('navigation', { name: 'Разделы' }).getByRole('link');
        for (const section of await links.all()) {
          await filterPanelKeepsAndClears(page, section);
          await expect(section).toHaveAttribute('aria-current', 'page');
          await expect(section).toHaveCSS('background-color', lightBlue);
          await expect(heading(page)).toBeVisible();
          await inspect(page, `${name}-${new URL(page.url()).pathname.split('/').at(-1)}`);
        }
        await page.getByRole('link', { name: 'Сообщения' }).click();
        await expect(heading(page)).toHaveText('Сообщения');
        await inspect(page, 'messages');
        await filterPanelKeepsAndClears(page, page.getByRole('link', { name: /^Уведомления/ }));
        await expect(heading(page)).toHaveText('Уведомления');
        await inspect(page, 'notifications');
        await page.getByRole('button', { name: 'Справка по странице' }).click();
        await expect(page.getByRole('region', { name: 'Текст справки' })).toBeVisible();
        await inspect(page, 'help');
      },
    );
  }

  test.describe('that are not there', () => {
    // The answer of the platform is an error to the console.
    test.use({ tolerated: [/status of 404/] });

    test('say so: the order of somebody else, an address that leads nowhere, a page of another role', async ({
      enter,
    }) => {
      const owner = await enter('customer2');
      await publish(owner, wish);
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
    'of a list that a filter empties say so, and the filter stays in the address',
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
