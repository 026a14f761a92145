import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { signInAtEsia } from './harness/people';
import { registry, testUsers } from './harness/platform';
import { expect, test } from './harness/test';

test.use({ tolerated: [/status of 4(01|09)/] });

test(
  'a moderator switches an account off, its person reads why, and the moderator switches it on again',
  { annotation: covers('R-GEN-6') },
  async ({ enter, visit }) => {
    // Nobody whom another story needs.
    const known = new Set(Object.values(testUsers).map(({ snils }) => snils));
    const rows = await registry.rows();
    const snils = rows.find((row) => row.status === 'active' && !known.has(row.snils))?.snils ?? '';
    const person = await enter(snils, 'Заказчик (физическое лицо)');
    const account = await person.getByRole('button', { name: /^учётная запись: / }).getAttribute('aria-label');
    const name = account?.replace('учётная запись: ', '') ?? '';
    const page = await enter('moderator', 'Модератор системы');
    await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Учётные записи' }).click();
    await expect(page.getByText(/^Показано/)).toBeVisible();
    const number = page.getByRole('textbox', { name: /СНИЛС/ });
    await number.fill('123');
    await page.getByRole('button', { name: 'Применить' }).click();
    await expect(number).toHaveAccessibleDescription(/Введите номер целиком/);
    await inspect(page, 'accounts-invalid');
    await number.fill(snils);
    await number.press('Enter'); // a click would leave the pointer over the list
    await expect(page.getByText('Показано 1 из 1')).toBeVisible();
    await inspect(page, 'accounts');
    await page.getByRole('link', { name }).click();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    await inspect(page, 'account');

    await page.getByRole('button', { name: 'Отключить' }).click();
    const form = page.getByRole('dialog', { name: `Отключить учётную запись: ${name}` });
    await form.getByRole('button', { name: 'Отключить' }).click();
    const reason = form.getByRole('textbox', { name: 'Причина' });
    await expect(reason).toHaveAccessibleDescription(/Укажите причину/);
    await reason.fill('Передал вход другому человеку.');
    await inspect(page, 'account-switch-off');
    await page.reload();
    await page.getByRole('button', { name: 'Отключить' }).click();
    await expect(reason, 'what was typed is kept').toHaveValue('Передал вход другому человеку.');
    await form.getByRole('button', { name: 'Отключить' }).click();
    await expect(form).toBeHidden();
    await expect(page.getByRole('listitem').filter({ hasText: 'Передал вход' })).toContainText('Отключена');

    // The person's page notices it without a click.
    await expect(person.getByRole('dialog')).toContainText('Сеанс завершён');
    const other = await visit();
    await signInAtEsia(other, snils);
    await expect(other.getByRole('heading', { level: 1, name: 'Учётная запись отключена' })).toBeVisible();
    await expect(other.getByText('Причина: Передал вход другому человеку.')).toBeVisible();
    await inspect(other, 'account-off');
    await other.reload();
    await expect(other.getByText('Причина: Передал вход другому человеку.')).toBeVisible();

    await page.getByRole('button', { name: 'Включить' }).click();
    const back = page.getByRole('dialog', { name: `Включить учётную запись: ${name}` });
    await back.getByRole('textbox', { name: 'Причина' }).fill('Объяснился.');
    await back.getByRole('button', { name: 'Включить' }).click();
    await expect(back).toBeHidden();
    await expect(page.getByRole('button', { name: 'Отключить' })).toBeVisible();
    await other.getByRole('link', { name: 'Войти через Госуслуги' }).click(); // ЕСИА still knows him
    await expect(other.getByRole('heading', { level: 1 })).toHaveText(/Выберите роль|Профиль/);
  },
);
