import type { Locator, Page } from '@playwright/test';
import { attach, Card } from './harness/card';
import { inspect } from './harness/inspect';
import { publish, orderInput, startOrder } from './harness/orders';
import { pdf } from './harness/testFiles';
import { expect, test } from './harness/test';

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let steps = 0; steps < 80; steps++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target, 'reached by Tab').toBeFocused();
}

test('signing in, opening an order and cancelling it work with the keyboard only', async ({ enter, visit }) => {
  const { number } = await publish(await enter('customer2'), orderInput);

  const page = await visit();
  await page.goto('/');
  await tabTo(page, page.getByRole('main').getByRole('link', { name: 'Войти через Госуслуги' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('textbox', { name: 'Имя для входа' }));
  await page.keyboard.type('customer2');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Профиль' })).toBeVisible();

  await tabTo(page, page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Мои заказы' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('link', { name: number }));
  await page.keyboard.press('Enter');
  const card = new Card(page);
  await card.expectStage('Выбор исполнителя');
  await tabTo(page, page.getByRole('region', { name: 'Действия' }).getByRole('button', { name: 'Отменить заказ' }));
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog');
  await inspect(page, 'form-cancel');
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
  await expect(
    page.getByRole('region', { name: 'Действия' }).getByRole('button', { name: 'Отменить заказ' }),
  ).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, form.getByRole('textbox'));
  await page.keyboard.type('Передумали.');
  await tabTo(page, form.getByRole('button', { name: 'Отменить заказ' }));
  await page.keyboard.press('Enter');
  await card.expectStage('Отменен заказчиком');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('a button that removes itself leaves the focus where it was', async ({ enter }) => {
  const page = await enter('customer2');
  await startOrder(page);
  const file = pdf('План участка');
  await attach(page, 'Исходные документы', file);
  const files = page.getByRole('group', { name: 'Исходные документы', exact: true });
  await files.getByRole('button', { name: `Убрать файл ${file.name}` }).press('Enter');
  await expect(files.getByRole('listitem')).toHaveCount(0);
  await expect(files).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(files.getByRole('button', { name: 'Выбрать файлы' })).toBeFocused();

  await enter('customer2'); // a second session
  await page.goto('/settings');
  const sessions = page.getByRole('button', { name: /^Завершить сеанс/ });
  await expect(sessions.first()).toBeVisible();
  const before = await sessions.count();
  await sessions.last().press('Enter');
  await expect(sessions).toHaveCount(before - 1);
  await expect(page.locator(':focus')).toContainText('Сеансы');
});
