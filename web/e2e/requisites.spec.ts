import type { Locator, Page } from '@playwright/test';
import { backdateAuthority } from './harness/authority';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { Party } from './harness/party';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';

// The bank is in the directory of development; the accounts have right control digits for it.
const bic = '044525225';
const account = '40702810200000000001';
const other = '40702810500000000002';
const unknownBic = '044525700';

const open = (page: Page, tab: string) =>
  page.getByRole('navigation', { name: 'Вкладки профиля' }).getByRole('link', { name: tab, exact: true }).click();

/** Opens the dialog of a page, and returns the button that opened it and the dialog. */
async function change(page: Page, title: string): Promise<{ button: Locator; dialog: Locator }> {
  const button = page.getByRole('button', { name: 'Изменить', exact: true });
  await button.click();
  const dialog = page.getByRole('dialog', { name: title });
  await expect(dialog).toBeVisible();
  return { button, dialog };
}

const field = (dialog: Locator, name: string) => dialog.getByRole('textbox', { name, exact: true });
const save = (dialog: Locator) => dialog.getByRole('button', { name: 'Сохранить', exact: true }).click();

test.describe('requisites and profile', () => {
  // Refused values, a bank that is not in the directory, a colleague's change.
  test.use({ tolerated: [/status of 4(03|04|09|22)/] });

  test(
    'a customer fills in his profile and requisites, and sees what another window saved meanwhile',
    { annotation: covers('R-CUST-1', 'R-CUST-2', 'S-31') },
    async ({ enter }) => {
      const page = await enter('customer2', 'Заказчик (физическое лицо)');
      await open(page, 'Общие сведения');
      await expect(page.getByRole('heading', { level: 2, name: 'Контакты и сведения' })).toBeVisible();
      await expect(page.getByText('Почта и телефон взяты с Госуслуг')).toBeVisible();
      await inspect(page, 'party-profile');
      const profile = await change(page, 'Изменить профиль');
      await field(profile.dialog, 'Телефон для заказов').fill('12');
      await save(profile.dialog);
      await expect(profile.dialog.getByText(/Телефон: неверное количество цифр/)).toBeVisible();
      await inspect(page, 'party-profile-error');
      await field(profile.dialog, 'Телефон для заказов').fill('8 (900) 111-22-33');
      await field(profile.dialog, 'О себе').fill('Участок у леса');
      await save(profile.dialog);
      await expect(profile.dialog).toBeHidden();
      await expect(profile.button, 'the focus returns').toBeFocused();
      await expect(page.getByText('+79001112233')).toBeVisible();
      await expect(page.getByText('Участок у леса')).toBeVisible();

      await open(page, 'Реквизиты и оплата');
      await expect(page.getByRole('heading', { level: 2, name: 'Реквизиты и оплата' })).toBeVisible();
      await expect(page.getByText('Для договора не хватает')).toHaveCount(0);
      await inspect(page, 'requisites');
      const { button, dialog } = await change(page, 'Изменить реквизиты');
      await expect(field(dialog, 'ИНН'), 'what ЕСИА gave cannot be typed').toHaveAttribute('readonly', '');
      await field(dialog, 'БИК').fill(unknownBic);
      await expect(dialog.getByText(/Такого БИК нет в справочнике/)).toBeVisible();
      await expect(field(dialog, 'Банк')).toBeEditable();
      await inspect(page, 'requisites-unknown-bank');
      await field(dialog, 'БИК').fill(bic);
      await expect(field(dialog, 'Банк')).toHaveValue(/Образцовый Банк/);
      await expect(field(dialog, 'Корреспондентский счет')).toHaveAttribute('readonly', '');
      await field(dialog, 'Расчетный счет').fill(account.slice(0, 19) + ((Number(account.slice(19)) + 1) % 10));
      await save(dialog);
      await expect(dialog.getByText(/контрольная цифра не соответствует счёту и БИК/)).toBeVisible();
      await inspect(page, 'requisites-error');
      await page.reload();
      await expect(field(dialog, 'БИК'), 'what was typed is kept').toHaveValue(bic);
      await field(dialog, 'Расчетный счет').fill(account);

      const second = await page.context().newPage();
      await second.goto('/profile/requisites');
      const theirs = await change(second, 'Изменить реквизиты');
      await field(theirs.dialog, 'БИК').fill(bic);
      await field(theirs.dialog, 'Расчетный счет').fill(other);
      await save(theirs.dialog);
      await expect(theirs.dialog).toBeHidden();

      await save(dialog);
      await expect(dialog.getByText('Сохранено другим человеком или в другом окне')).toBeVisible();
      await expect(dialog.getByText(other)).toBeVisible();
      await expect(field(dialog, 'Расчетный счет'), 'nothing typed is lost').toHaveValue(account);
      await inspect(page, 'requisites-conflict');
      await save(dialog);
      await expect(dialog).toBeHidden();
      await expect(page.getByText(account)).toBeVisible();
      await expect(button).toBeVisible();
    },
  );

  test(
    'the head of an organisation is told what a contract needs, and confirms his authority to change it',
    { annotation: covers('R-CUST-2', 'R-EMP-8', 'S-31') },
    async ({ enter }) => {
      const page = await enter('customer-org', 'Правообладатель (Заказчик)');
      const { party } = await Party.publish(page);
      await party.openCard();
      const hint = page.getByRole('alert').filter({ hasText: 'Для договора не хватает ваших реквизитов' });
      await expect(hint).toContainText('банк и расчетный счет');
      await inspect(page, 'order-missing-requisites');
      await hint.getByRole('link', { name: 'Реквизиты и оплата' }).click();
      await expect(page.getByText('Сведения об организации получены с Госуслуг')).toBeVisible();
      await expect(page.getByText('Для договора не хватает')).toBeVisible();
      await Promise.all([
        page.waitForRequest(/\/api\/auth\/callback/),
        page.getByRole('link', { name: 'Обновить сведения с Госуслуг' }).click(),
      ]);
      await expect(page).toHaveURL(/\/profile\/requisites$/);
      await expect(page.getByText('Сведения об организации получены с Госуслуг')).toBeVisible();

      const { dialog } = await change(page, 'Изменить реквизиты');
      await expect(field(dialog, 'КПП')).toHaveAttribute('readonly', '');
      await field(dialog, 'БИК').fill(bic);
      await field(dialog, 'Расчетный счет').fill(account);
      await backdateAuthority('customer-org', 20);
      await save(dialog);
      const renew = dialog.getByRole('link', { name: 'Подтвердить на Госуслугах' });
      await expect(renew).toBeVisible();
      await inspect(page, 'requisites-authority');
      await Promise.all([page.waitForRequest(/\/api\/auth\/callback/), renew.click()]);
      await expect(renew).toHaveCount(0);
      await expect(field(dialog, 'Расчетный счет')).toHaveValue(account);
      await save(dialog);
      await expect(dialog).toBeHidden();
      await expect(page.getByText('Для договора не хватает')).toHaveCount(0);
      await expect(page.getByText(userOf('customer-org').name, { exact: false }).first()).toBeVisible();
      await inspect(page, 'requisites-organisation');
      await party.openCard();
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(hint).toHaveCount(0);
    },
  );

  test(
    'an employed engineer reads the requisites of his employer and cannot change them',
    { annotation: covers('R-KPROF-5') },
    async ({ enter }) => {
      const page = await enter('engineer-employee', 'Исполнитель (кадастровый инженер)');
      await open(page, 'Реквизиты и оплата');
      await expect(page.getByText(/Это реквизиты вашего работодателя: .*Гео-Кадастр/)).toBeVisible();
      await expect(page.getByRole('button', { name: 'Изменить', exact: true })).toHaveCount(0);
      await inspect(page, 'requisites-of-employer');
    },
  );
});
