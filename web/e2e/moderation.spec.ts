import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';

test(
  'a moderator blocks an engineer with a reason, and unblocks him',
  { annotation: covers('R-ROLE-4', 'R-UI-6') },
  async ({ enter, frozen }) => {
    test.skip(frozen, 'it sets the clock of its tabs');
    const page = await enter('moderator', 'Модератор системы');
    const { name, snils } = userOf('engineer-only');
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

    // Another moderator blocks first. The page notices it when it is shown again; the open form
    // stays unchanged.
    const colleague = await page.request.post(
      `/api/engineers/${new URL(page.url()).pathname.split('/').at(-1) ?? ''}/block`,
      {
        headers: { 'Idempotency-Key': crypto.randomUUID() },
        data: { reason: 'Жалоба поступила и мне.' },
      },
    );
    expect(colleague.ok(), await colleague.text()).toBe(true);
    await page.clock.setFixedTime(Date.now() + 60_000);
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    await expect(page.getByText('Жалоба поступила и мне.')).toBeVisible();
    await expect(form).toHaveAccessibleName(`Заблокировать: ${name}`);
    await form.getByRole('button', { name: 'Заблокировать' }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'Жалоба заказчика подтвердилась.' })).toContainText(
      'Заблокирован',
    );
    await expect(form).toBeHidden();
    await inspect(page, 'moderator-engineer');
    await page.getByRole('button', { name: 'Снять блокировку' }).click();
    await form.getByRole('textbox', { name: 'Причина' }).fill('Замечания устранены.');
    await form.getByRole('button', { name: 'Снять блокировку' }).click();
    await expect(form).toBeHidden();
    await expect(page.getByRole('button', { name: 'Заблокировать' })).toBeVisible();
  },
);
