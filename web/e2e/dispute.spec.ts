import type { Page } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { Card } from './harness/card';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { expect, test } from './harness/test';

const called = (page: Page) => page.getByRole('article').getByRole('alert').filter({ hasText: 'Приглашён модератор' });

const [customer, engineer] = ['customer2', 'engineer-moscow'];

test(
  'a payment that has not come is disputed, and the moderator settles it',
  { annotation: covers('R-PAY-2', 'S-3', 'S-19', 'S-24', 'S-40') },
  async ({ enter }) => {
    const [page, page2] = [await enter(customer), await enter(engineer, 'Исполнитель (кадастровый инженер)')];
    const agreement = await Agreement.reach({
      customer: { login: customer, page },
      engineer: { login: engineer, page: page2 },
    });
    const [card, work] = [new Card(page), new Card(page2)];
    try {
      await agreement.sendContract();
      await agreement.signContract();
      await agreement.acceptResults();
    } finally {
      agreement.close();
    }
    await agreement.customer.look();
    await agreement.engineer.look();
    await card.act(
      'Оплатить работу исполнителя',
      async (form) => {
        await form.getByRole('button', { name: 'Оплата произведена' }).click();
        await expect(form.getByText('Приложите документ об оплате или отметьте, что его нет.')).toBeVisible();
        await form.getByRole('checkbox', { name: 'Документа об оплате нет' }).check();
      },
      'Оплата произведена',
    );
    await work.act(
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
    for (const one of [page, page2]) await expect(called(one)).toBeVisible();

    const chair = await enter('moderator', 'Модератор системы');
    await chair.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Заказы' }).click();
    await chair.getByRole('textbox', { name: 'Номер заказа' }).fill(agreement.number);
    await chair.getByRole('button', { name: 'Применить' }).click();
    await chair.getByRole('link', { name: agreement.number }).click();
    const judge = new Card(chair);
    await judge.isAt('Оплата заказа');
    await expect(chair.getByText('Деньги списаны неделю назад.').first()).toBeVisible();
    await expect(chair.getByText(/^Ваш шаг: заказ ждёт от вас решения/)).toBeVisible();
    await inspect(chair, 'moderator-dispute');
    await judge.act(
      'Решить спор',
      async (form) => {
        await form.getByRole('radio', { name: 'Продолжить заказ с того же шага' }).check();
        await form.getByRole('textbox', { name: 'Обоснование' }).fill('Платеж найден, банк задержал его.');
        await inspect(chair, 'form-settlement');
      },
      'Решить спор',
    );

    for (const one of [page, page2, chair]) {
      await expect(called(one)).toHaveCount(0);
      await expect(one.getByText('Платеж найден, банк задержал его.').first()).toBeVisible();
    }
    await card.act(
      'Оплатить работу исполнителя',
      (form) => form.getByRole('checkbox', { name: 'Документа об оплате нет' }).check(),
      'Оплата произведена',
    );
    await work.act('Подтвердить получение оплаты', async () => undefined, 'Подтвердить получение оплаты');
    await card.isAt('Заказ выполнен');
  },
);
