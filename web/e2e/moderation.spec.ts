import { inspect } from './harness/inspect';
import { personOf } from './harness/platform';
import { expect, test } from './harness/test';

test('a moderator blocks an engineer for a reason, and lets him go again (R-ROLE-4, R-UI-6)', async ({ enter }) => {
  const page = await enter('moderator', 'Модератор системы');
  const { name, snils } = personOf('engineer-only');
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Кадастровые инженеры' }).click();
  await expect(page.getByText(/^Показано/)).toBeVisible();
  await page.getByRole('textbox', { name: 'СНИЛС' }).fill(snils);
  await page.getByRole('button', { name: 'Применить' }).click();
  await page.getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();

  await page.getByRole('button', { name: 'Заблокировать' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('button', { name: 'Заблокировать' }).click();
  await expect(form.getByRole('textbox', { name: 'Причина' })).toHaveAccessibleDescription(/Укажите причину/);
  await form.getByRole('textbox', { name: 'Причина' }).fill('Жалоба заказчика подтвердилась.');
  await inspect(page, 'moderator-block');
  await form.getByRole('button', { name: 'Заблокировать' }).click();
  await expect(page.getByText('Жалоба заказчика подтвердилась.')).toBeVisible();
  await inspect(page, 'moderator-engineer');
  await page.getByRole('button', { name: 'Снять блокировку' }).click();
  await form.getByRole('textbox', { name: 'Причина' }).fill('Замечания устранены.');
  await form.getByRole('button', { name: 'Снять блокировку' }).click();
  await expect(page.getByRole('button', { name: 'Заблокировать' })).toBeVisible();
});
