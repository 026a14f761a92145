import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { account, bic, change, field, openTab, otherAccount, save, unknownBic } from './harness/profile';
import { expect, test } from './harness/test';

test.describe('requisites and profile', () => {
  // Refused values, a bank that is not in the directory, a colleague's change.
  test.use({ tolerated: [/status of 4(03|04|09|22)/] });

  test(
    'a customer fills in his profile and requisites, and sees what another window saved meanwhile',
    { annotation: covers('R-CUST-1', 'R-CUST-2', 'S-31') },
    async ({ enter }) => {
      const page = await enter('customer2', 'Заказчик (физическое лицо)');
      await openTab(page, 'Общие сведения');
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

      await openTab(page, 'Реквизиты и оплата');
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
      await field(theirs.dialog, 'Расчетный счет').fill(otherAccount);
      await save(theirs.dialog);
      await expect(theirs.dialog).toBeHidden();

      await save(dialog);
      await expect(dialog.getByText('Сохранено другим человеком или в другом окне')).toBeVisible();
      await expect(dialog.getByText(otherAccount)).toBeVisible();
      await expect(field(dialog, 'Расчетный счет'), 'nothing typed is lost').toHaveValue(account);
      await inspect(page, 'requisites-conflict');
      await save(dialog);
      await expect(dialog).toBeHidden();
      await expect(page.getByText(account)).toBeVisible();
      await expect(button).toBeVisible();
    },
  );

  test(
    'an employed engineer reads the requisites of his employer and cannot change them',
    { annotation: covers('R-KPROF-5') },
    async ({ enter }) => {
      const page = await enter('engineer-employee', 'Исполнитель (кадастровый инженер)');
      await openTab(page, 'Реквизиты и оплата');
      await expect(page.getByText(/Это реквизиты вашего работодателя: .*Гео-Кадастр/)).toBeVisible();
      await expect(page.getByRole('button', { name: 'Изменить', exact: true })).toHaveCount(0);
      await inspect(page, 'requisites-of-employer');
    },
  );
});
