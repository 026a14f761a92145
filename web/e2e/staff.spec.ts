import type { Page } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { Card, choose } from './harness/card';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { Party } from './harness/party';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';

const head = 'customer-org';
// Of the other stories only engineer-profile changes one of these two, and it is over by then.
const first = 'engineer-off';
const second = 'engineer-incomplete';
const customer = 'customer';
const cabinet = 'Исполнитель (кадастровый инженер)';

/** The dialog whose title begins with the words. */
const dialog = (page: Page, words: string) => page.getByRole('dialog', { name: new RegExp(`^${words}`) });

test.describe('an organisation and its engineers', () => {
  test.use({ tolerated: [/status of 4(03|09)/] });

  test(
    'ask for each other, and the employer decides what becomes of the orders of a suspended engineer',
    {
      annotation: covers('R-EMP-1', 'R-EMP-3', 'R-EMP-4', 'R-EMP-6', 'R-EMP-7', 'R-KEMP-1', 'R-KEMP-2', 'S-29', 'S-30'),
    },
    async ({ enter }) => {
      test.slow();
      const page = await enter(head, 'Правообладатель (Заказчик)');
      await page.goto('/profile');
      const employs = page.getByRole('switch', { name: 'Являюсь работодателем кадастровых инженеров' });
      await expect(employs).not.toBeChecked();
      await inspect(page, 'employer-switch');
      await employs.click();
      await expect(employs).toBeChecked();
      await page.getByRole('link', { name: 'смените роль' }).click();
      await page.getByRole('button', { name: 'Работодатель' }).click();
      await page.getByRole('link', { name: 'Сотрудники', exact: true }).click();
      await expect(page.getByText('Сотрудников и заявок пока нет')).toBeVisible();
      await inspect(page, 'staff-none');

      // An engineer asks.
      const engineerPage = await enter(first, cabinet);
      await engineerPage.goto('/employer');
      await inspect(engineerPage, 'employer-none');
      await engineerPage.getByRole('button', { name: 'Добавить заявку' }).click();
      const search = dialog(engineerPage, 'Добавить заявку');
      const field = search.getByRole('textbox', { name: /Наименование, ИНН/ });
      await field.fill('такой организации нет');
      await expect(search.getByText(/отметил в профиле/)).toBeVisible();
      await inspect(engineerPage, 'employer-not-found');
      await field.fill('застройщик');
      const found = search.getByRole('radio', { name: /Застройщик Плюс/ });
      await found.check();
      await search.getByRole('textbox', { name: 'Комментарий' }).fill('Прошу принять в штат');
      await inspect(engineerPage, 'employer-asked');
      await search.getByRole('button', { name: 'Добавить', exact: true }).click();
      await expect(search).toBeHidden();
      await expect(engineerPage.getByText('На рассмотрении')).toBeVisible();
      await expect(engineerPage.getByRole('button', { name: 'Добавить заявку' })).toHaveCount(0);

      // The employer sees the new request at once, filters it and confirms it.
      const name = userOf(first).name;
      await expect(page.getByText('«Прошу принять в штат»')).toBeVisible();
      await expect(page.getByRole('link', { name: /^Уведомления: \d+ нов/ })).toBeVisible();
      await page.getByRole('combobox', { name: 'Статус заявки' }).click();
      await page.getByTitle('Приостановлен').click();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Применить' }).click();
      await expect(page.getByText(name)).toHaveCount(0);
      await page.getByRole('button', { name: 'Сброс', exact: true }).click();
      await page.getByRole('button', { name: `Подтвердить: ${name}` }).click();
      const confirm = dialog(page, 'Подтвердить');
      await inspect(page, 'staff-confirm');
      await confirm.getByRole('button', { name: 'Подтвердить', exact: true }).click();
      await expect(confirm).toBeHidden();
      await expect(page.getByText('Подтверждён', { exact: true })).toBeVisible();
      await expect(engineerPage.getByText('Статус работодателя подтверждён')).toBeVisible();
      await inspect(engineerPage, 'employer-confirmed');

      // The employer invites a second engineer, who accepts.
      const secondPage = await enter(second, cabinet);
      const secondName = userOf(second).name;
      await page.getByRole('button', { name: 'Добавить кадастрового инженера' }).click();
      const adding = dialog(page, 'Добавить кадастрового инженера');
      await adding.getByRole('textbox', { name: /Фамилия/ }).fill(secondName);
      await adding.getByRole('radio', { name: new RegExp(secondName) }).check();
      await inspect(page, 'staff-add');
      await adding.getByRole('button', { name: 'Добавить', exact: true }).click();
      await expect(adding).toBeHidden();
      await secondPage.goto('/employer');
      await secondPage.getByRole('button', { name: /^Подтвердить: / }).click();
      const accept = dialog(secondPage, 'Подтвердить');
      await accept.getByRole('button', { name: 'Подтвердить', exact: true }).click();
      await expect(secondPage.getByText('Статус работодателя подтверждён')).toBeVisible();
      await expect(page.getByText('Подтверждён', { exact: true })).toHaveCount(2);
      await inspect(page, 'staff');

      // A suspension needs a reason, which the engineer reads above his pages.
      await page.getByRole('button', { name: `Приостановить: ${name}` }).click();
      const suspend = dialog(page, 'Приостановить');
      await expect(suspend.getByText('Заказов, которые это остановит, нет.')).toBeVisible();
      await suspend.getByRole('button', { name: 'Приостановить', exact: true }).click();
      await expect(suspend.getByText('Напишите причину: её прочитает сотрудник.')).toBeVisible();
      await inspect(page, 'staff-suspend');
      await suspend.getByRole('textbox', { name: 'Причина' }).fill('Отпуск до конца месяца');
      await suspend.getByRole('button', { name: 'Приостановить', exact: true }).click();
      await expect(suspend).toBeHidden();
      await expect(
        engineerPage.getByRole('status').filter({ hasText: 'Новые заказы вам сейчас недоступны' }),
      ).toContainText('Отпуск до конца месяца');
      await inspect(engineerPage, 'employer-suspended');
      await page.getByRole('button', { name: `Возобновить: ${name}` }).click();
      await dialog(page, 'Возобновить').getByRole('button', { name: 'Возобновить', exact: true }).click();
      await expect(page.getByText('Подтверждён', { exact: true })).toHaveCount(2);

      // Both sides part.
      for (const [engineer, of] of [
        [engineerPage, 'Удалить'],
        [secondPage, 'Удалить'],
      ] as const) {
        await engineer.goto('/employer');
        await engineer.getByRole('button', { name: /^Удалить: / }).click();
        const leave = dialog(engineer, of);
        await leave.getByRole('button', { name: 'Удалить', exact: true }).click();
        await expect(leave).toBeHidden();
        await expect(engineer.getByRole('button', { name: 'Добавить заявку' })).toBeVisible();
      }
    },
  );

  test(
    'settle each order of a suspended employee',
    { annotation: covers('S-29', 'S-16', 'R-EMP-7', 'R-EMP-10') },
    async ({ enter }) => {
      test.slow();
      const login = 'engineer-employee2';
      const employerPage = await enter('employer', 'Работодатель');
      const customerPage = await enter(customer, 'Заказчик (физическое лицо)');
      const agreement = await Agreement.create({
        customer: { login: customer, page: customerPage },
        engineer: { login, page: await enter(login, cabinet) },
      });
      const name = userOf(login).name;
      await employerPage.goto('/staff');
      await employerPage.getByRole('button', { name: `Приостановить: ${name}` }).click();
      const suspend = dialog(employerPage, 'Приостановить');
      await expect(suspend.getByText(/Что станет с его заказами/)).toBeVisible();
      await suspend.getByRole('textbox', { name: 'Причина' }).fill('Болезнь');
      await suspend.getByRole('button', { name: 'Приостановить', exact: true }).click();
      await expect(suspend.getByText('Выберите, что станет с этим заказом.').first()).toBeVisible();
      await inspect(employerPage, 'staff-orders');
      for (const answer of await suspend.getByRole('radio', { name: 'Вернуть к выбору исполнителя' }).all())
        await answer.check();
      // Other stories may have left her a signed order: it is held, and its list follows.
      const signed = await suspend.getByText('Договор подписан обеими сторонами').count();
      await suspend.getByRole('button', { name: 'Приостановить', exact: true }).click();
      await expect(suspend).toBeHidden();
      if (signed > 0) {
        const held = employerPage.getByRole('dialog', { name: 'Заказы приостановлены' });
        await expect(held.getByRole('link', { name: /^Предложить замену в заказе/ })).toHaveCount(signed);
        await held.getByRole('button', { name: 'Готово' }).click();
      }
      await agreement.customer.openCard();
      await new Card(customerPage).expectStage('Выбор исполнителя');
      await employerPage.getByRole('button', { name: `Возобновить: ${name}` }).click();
      const resume = dialog(employerPage, 'Возобновить');
      await resume.getByRole('button', { name: 'Возобновить', exact: true }).click();
      await expect(resume).toBeHidden();
    },
  );

  test(
    'propose a colleague for a signed order of a suspended employee, and the moderator approves him',
    { annotation: covers('S-17', 'S-29', 'S-40', 'R-EMP-7') },
    async ({ enter }) => {
      test.slow();
      const [performer, colleague] = [first, 'engineer-employee2'];
      const employerPage = await enter('employer', 'Работодатель');
      const customerPage = await enter(customer, 'Заказчик (физическое лицо)');
      const performerPage = await enter(performer, cabinet);
      const colleaguePage = await enter(colleague, cabinet);
      const name = userOf(performer).name;
      const colleagueName = userOf(colleague).name;
      const block = (page: Page) => page.getByRole('region', { name: 'Замена исполнителя' });
      const answer = async (page: Page, button: string, note?: string) => {
        await block(page).getByRole('button', { name: button, exact: true }).click();
        const form = page.getByRole('dialog', { name: button });
        if (note) await form.getByRole('textbox').fill(note);
        await inspect(page, 'form-replacement-answer');
        await form.getByRole('button', { name: button, exact: true }).click();
        await expect(form).toBeHidden();
      };

      // A third engineer joins: two must be left when one of three is suspended.
      await performerPage.goto('/employer');
      await performerPage.getByRole('button', { name: 'Добавить заявку' }).click();
      const asking = dialog(performerPage, 'Добавить заявку');
      await asking.getByRole('textbox', { name: /Наименование, ИНН/ }).fill('гео-кадастр');
      await asking.getByRole('radio', { name: /Гео-Кадастр/ }).check();
      await asking.getByRole('button', { name: 'Добавить', exact: true }).click();
      await expect(asking).toBeHidden();
      await employerPage.goto('/staff');
      await employerPage.getByRole('button', { name: `Подтвердить: ${name}` }).click();
      const confirm = dialog(employerPage, 'Подтвердить');
      await confirm.getByRole('button', { name: 'Подтвердить', exact: true }).click();
      await expect(confirm).toBeHidden();
      // His document counts for the new employer once he has saved it again.
      await performerPage.goto('/profile/work');
      await performerPage.getByRole('button', { name: 'Сохранить', exact: true }).click();
      await expect(performerPage.getByText('Форма работы сохранена')).toBeVisible();

      const agreement = await Agreement.create(
        { customer: { login: customer, page: customerPage }, engineer: { login: performer, page: performerPage } },
        '77',
      );
      await agreement.sendContract();
      await agreement.signContract();
      await employerPage.reload();
      await employerPage.getByRole('button', { name: `Приостановить: ${name}` }).click();
      const suspend = dialog(employerPage, 'Приостановить');
      await expect(suspend.getByText(/Договор подписан обеими сторонами: заказ будет приостановлен/)).toBeVisible();
      await suspend.getByRole('textbox', { name: 'Причина' }).fill('Длительная болезнь');
      await suspend.getByRole('button', { name: 'Приостановить', exact: true }).click();
      const held = dialog(employerPage, 'Заказы приостановлены');
      await inspect(employerPage, 'staff-held-orders');
      await held.getByRole('link', { name: `Предложить замену в заказе ${agreement.number}` }).click();

      const form = employerPage.getByRole('dialog', { name: 'Предложить замену исполнителя' });
      await choose(form, 'Кадастровый инженер', colleagueName);
      await form.getByRole('textbox', { name: 'Комментарий' }).fill('Работала на соседнем участке');
      await inspect(employerPage, 'form-propose-replacement');
      await form.getByRole('button', { name: 'Предложить замену исполнителя', exact: true }).click();
      await expect(form).toBeHidden();
      await expect(block(employerPage)).toContainText(colleagueName);
      await inspect(employerPage, 'replacement-employer');

      await agreement.customer.openCard();
      await expect(block(customerPage)).toContainText(`Предложена замена исполнителя: ${colleagueName}`);
      await inspect(customerPage, 'replacement-customer');

      // The notification leads the colleague to the order's documents and to his answer.
      await colleaguePage.goto('/notifications');
      await colleaguePage
        .getByRole('listitem')
        .filter({ hasText: 'Работодатель предлагает вам заменить исполнителя' })
        .getByRole('link', { name: `Заказ ${agreement.number}` })
        .click();
      await expect(block(colleaguePage)).toContainText('Работала на соседнем участке');
      await expect(new Card(colleaguePage).documents.getByText('Договор', { exact: true }).first()).toBeVisible();
      await inspect(colleaguePage, 'replacement-colleague');
      await answer(colleaguePage, 'Согласиться заменить исполнителя');
      await expect(block(colleaguePage)).toContainText('Решение за модератором');

      const moderatorPage = await enter('moderator', 'Модератор системы');
      await moderatorPage.goto(new URL(customerPage.url()).pathname);
      await expect(moderatorPage.getByText(/^Ваш шаг: заказ ждёт от вас решения/)).toBeVisible();
      await inspect(moderatorPage, 'replacement-moderator');
      await answer(moderatorPage, 'Утвердить замену исполнителя', 'Стороны согласны.');

      for (const page of [customerPage, colleaguePage, employerPage]) {
        await new Card(page).expectStage('Выполнение работ');
        await expect(block(page)).toHaveCount(0);
      }
      expect((await agreement.customer.card()).performer?.name).toBe(colleagueName);

      // Nothing of this stays for the other stories.
      await agreement.customer.act('propose-termination', { text: { note: 'Участок продан' } });
      await new Party(colleaguePage, agreement.customer.order).act('agree-termination', {});
      await employerPage.goto('/staff');
      await employerPage.getByRole('button', { name: `Удалить: ${name}` }).click();
      const remove = dialog(employerPage, 'Удалить');
      await remove.getByRole('textbox', { name: 'Причина' }).fill('По соглашению');
      await remove.getByRole('button', { name: 'Удалить', exact: true }).click();
      await expect(remove).toBeHidden();
    },
  );
});
