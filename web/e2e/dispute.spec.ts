import type { Page } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { Card } from './harness/card';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { expect, test } from './harness/test';

const disputeAlert = (page: Page) =>
  page.getByRole('article').getByRole('alert').filter({ hasText: 'Приглашён модератор' });

const [customer, engineer] = ['customer2', 'engineer-moscow'];

test(
  'a missing payment is disputed, and the moderator settles the dispute',
  { annotation: covers('R-PAY-2', 'S-3', 'S-19', 'S-24', 'S-40') },
  async ({ enter }) => {
    const [page, page2] = [await enter(customer), await enter(engineer, 'Исполнитель (кадастровый инженер)')];
    const agreement = await Agreement.create({
      customer: { login: customer, page },
      engineer: { login: engineer, page: page2 },
    });
    const [card, engineerCard] = [new Card(page), new Card(page2)];
    await agreement.sendContract();
    await agreement.signContract();
    await agreement.acceptResults();
    await agreement.customer.openCard();
    await agreement.engineer.openCard();
    await card.act(
      'Оплатить работу исполнителя',
      async (form) => {
        await form.getByRole('button', { name: 'Оплата произведена' }).click();
        await expect(form.getByText('Приложите документ об оплате или отметьте, что его нет.')).toBeVisible();
        await form.getByRole('checkbox', { name: 'Документа об оплате нет' }).check();
      },
      'Оплата произведена',
    );
    await engineerCard.act(
      'Оплата не поступила',
      (form) => form.getByRole('textbox').fill('На счете пусто, в платежке другой получатель.'),
      'Оплата не поступила',
    );
    await expect(page.getByText('исполнитель сообщил, что деньги не поступили').first()).toBeVisible();

    await card.act(
      'Пригласить модератора',
      async (form) => {
        await form.getByRole('radio', { name: 'Оплата', exact: true }).check();
        await form.getByRole('textbox', { name: 'В чём спор' }).fill('Деньги списаны неделю назад.');
        await inspect(page, 'form-dispute');
      },
      'Пригласить модератора',
    );
    for (const one of [page, page2]) await expect(disputeAlert(one)).toBeVisible();

    const moderatorPage = await enter('moderator', 'Модератор системы');
    await moderatorPage.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Заказы' }).click();
    await moderatorPage.getByRole('textbox', { name: 'Номер заказа' }).fill(agreement.number);
    await moderatorPage.getByRole('button', { name: 'Применить' }).click();
    await moderatorPage.getByRole('link', { name: agreement.number }).click();
    const moderatorCard = new Card(moderatorPage);
    await moderatorCard.expectStage('Оплата заказа');
    await expect(moderatorPage.getByText('Деньги списаны неделю назад.').first()).toBeVisible();
    await expect(moderatorPage.getByText(/^Ваш шаг: заказ ждёт от вас решения/)).toBeVisible();
    await inspect(moderatorPage, 'moderator-dispute');
    await moderatorCard.act(
      'Решить спор',
      async (form) => {
        await form.getByRole('radio', { name: 'Продолжить заказ с того же шага' }).check();
        await form.getByRole('textbox', { name: 'Обоснование' }).fill('Платеж найден, банк задержал его.');
        await inspect(moderatorPage, 'form-settlement');
      },
      'Решить спор',
    );

    for (const one of [page, page2, moderatorPage]) {
      await expect(disputeAlert(one)).toHaveCount(0);
      await expect(one.getByText('Платеж найден, банк задержал его.').first()).toBeVisible();
    }
    await card.act(
      'Оплатить работу исполнителя',
      (form) => form.getByRole('checkbox', { name: 'Документа об оплате нет' }).check(),
      'Оплата произведена',
    );
    await engineerCard.act('Подтвердить получение оплаты', async () => undefined, 'Подтвердить получение оплаты');
    await card.expectStage('Заказ выполнен');
  },
);
