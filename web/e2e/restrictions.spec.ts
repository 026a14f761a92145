import type { Page } from '@playwright/test';
import type { Schema } from '@/shared/api/client';
import { Agreement } from './harness/agreement';
import { Card } from './harness/card';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { Party } from './harness/party';
import { expect, test } from './harness/test';

const login = 'engineer-blocked';
const cabinet = 'Исполнитель (кадастровый инженер)';
/** The one region of this engineer. */
const region = '77';

const notice = (page: Page) => page.getByRole('status').filter({ hasText: 'Новые заказы вам сейчас недоступны' });

test(
  'a blocked engineer reads on his pages what happened and what he can still do',
  { annotation: covers('R-ROLE-4') },
  async ({ enter }) => {
    const page = await enter(login, cabinet);
    for (const path of ['/profile', '/orders']) {
      await page.goto(path);
      await expect(notice(page)).toContainText('Модератор системы заблокировал вас как кадастрового инженера');
      await expect(notice(page)).toContainText('По-прежнему можно смотреть');
    }
    await inspect(page, 'engineer-blocked');
  },
);

test(
  'an engineer who is blocked keeps his cabinet: he reads, downloads, answers and finishes a payment, and takes nothing new',
  { annotation: covers('R-ROLE-4', 'R-RESP-5', 'S-16', 'S-17') },
  async ({ enter }) => {
    test.slow();
    const customerPage = await enter('customer');
    const moderatorPage = await enter('moderator', 'Модератор системы');
    const page = await enter(login, cabinet);
    const { party: engineer } = (await (await page.request.get('/api/me')).json()) as Schema<'Me'>;
    const decide = async (decision: 'block' | 'unblock', reason: string) => {
      const answer = await moderatorPage.request.post(`/api/engineers/${engineer}/${decision}`, {
        headers: { 'Idempotency-Key': crypto.randomUUID() },
        data: { reason },
      });
      expect(answer.ok(), await answer.text()).toBe(true);
    };
    await decide('unblock', 'Жалоба отозвана.');
    const participants = { customer: { login: 'customer', page: customerPage }, engineer: { login, page } };
    const agreements: Agreement[] = [];
    try {
      for (let order = 0; order < 2; order++) {
        const agreement = await Agreement.create(participants, region);
        agreements.push(agreement);
        await agreement.sendContract();
        await agreement.signContract();
      }
      const [inWork, accepted] = agreements;
      if (!inWork || !accepted) throw new Error('there are two orders');
      await accepted.acceptResults();
      await accepted.customer.act('report-payment', { details: { withoutDocument: true } });
      await inWork.customer.act('propose-termination', { text: { note: 'Участок продан.' } });
      const { party: open } = await Party.publish(customerPage, region);
      await new Party(page, open.order).act('respond', { details: { price: 4_000_000, termDays: 30 } });
      await decide('block', 'Жалоба подтвердилась.');

      // The order in work is suspended, readable, and the proposal can be answered.
      await inWork.engineer.openCard();
      const card = new Card(page);
      await card.expectStage('Приостановлен');
      await expect(notice(page)).toContainText('Причина: Жалоба подтвердилась.');
      await expect(
        page.getByRole('alert').filter({ hasText: 'исполнитель заблокирован модератором системы' }),
      ).toBeVisible();
      const download = card.documents.getByRole('link', { name: 'Скачать: Договор подряда.pdf', exact: true });
      const content = await page.request.get((await download.getAttribute('href')) ?? '');
      expect(content.status()).toBe(200);
      await expect(page.getByRole('button', { name: 'Передать результаты работ' })).toHaveCount(0);
      await expect(page.getByText('Почему недоступно')).toBeVisible();
      await inspect(page, 'blocked-order-in-work');
      const proposal = page.getByRole('region', { name: 'Предложение' });
      await expect(proposal).toContainText('Участок продан.');
      await proposal.getByRole('button', { name: 'Согласиться прекратить договор' }).click();
      await inspect(page, 'blocked-answer');
      await page.getByRole('dialog').getByRole('button', { name: 'Согласиться прекратить договор' }).click();
      await card.expectStage('Отменен');

      // The payment of accepted works is finished.
      await accepted.engineer.openCard();
      await card.expectStage('Оплата заказа');
      await expect(
        page.getByRole('alert').filter({ hasText: 'Работы приняты, поэтому расчёты можно закончить.' }),
      ).toBeVisible();
      await inspect(page, 'blocked-order-in-payment');
      await card.act('Подтвердить получение оплаты', () => Promise.resolve(), 'Подтвердить получение оплаты');
      await card.expectStage('Заказ выполнен');

      // His response is gone, and the customer may not choose him.
      await page.goto(`/orders/${open.order}`);
      const bar = page.getByRole('region', { name: 'Действия внизу карточки' });
      await expect(bar.getByRole('button', { name: 'Откликнуться' })).toBeDisabled();
      await expect(bar).toContainText('Кадастровый инженер заблокирован Модератором системы.');
      await inspect(page, 'blocked-open-order');
      await open.openCard();
      await expect(customerPage.getByText('Откликов пока нет.')).toBeVisible();
      await expect(customerPage.getByRole('button', { name: /^Выбрать исполнителя/ })).toHaveCount(0);

      // The other pages stay open to him, each with the reason above.
      for (const [path, heading] of [
        ['/orders', 'Мои заказы'],
        ['/orders/search', 'Поиск по заказам'],
        ['/notifications', 'Уведомления'],
        ['/profile/requisites', 'Профиль'],
        ['/profile', 'Профиль'],
      ] as const) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
        await expect(notice(page)).toContainText('Причина: Жалоба подтвердилась.');
        await inspect(page, `blocked${path.replaceAll('/', '-')}`);
      }
      await expect(page.getByText('Сейчас заказы вам не предлагают')).toBeVisible();
    } finally {
      await decide('block', 'Жалоба подтвердилась.');
    }
  },
);
