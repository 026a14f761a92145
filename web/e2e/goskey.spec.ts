import { Agreement } from './harness/agreement';
import { Card, leave } from './harness/card';
import { covers } from './harness/covers';
import { platform } from './harness/platform';
import { expect, test } from './harness/test';

const [customer, engineer] = ['customer', 'engineer-moscow'];

test(
  'the customer refuses a contract in «Госключ», then signs it there, and the order goes on',
  { annotation: covers('R-CONTR-15', 'S-36') },
  async ({ enter }) => {
    const [page, page2] = [await enter(customer), await enter(engineer, 'Исполнитель (кадастровый инженер)')];
    const agreement = await Agreement.create({
      customer: { login: customer, page },
      engineer: { login: engineer, page: page2 },
    });
    await agreement.sendContract();
    await agreement.customer.openCard();
    const card = new Card(page);

    const form = await card.open('Перейти к подписанию');
    await form.getByRole('button', { name: 'Подписать в Госключе' }).click();
    await expect(form.getByRole('status').filter({ hasText: 'Ожидает подписи в приложении «Госключ»' })).toBeVisible();
    await expect(form.getByRole('button', { name: 'Подписать в Госключе' })).toHaveCount(0);
    await expect(form.getByRole('button', { name: 'Подписать в браузере (КриптоПро)' })).toBeEnabled();
    await answer(agreement.number, 'refuse');
    await expect(form.getByText('Вы отказались подписать документ в Госключе')).toBeVisible();

    await form.getByRole('button', { name: 'Подписать в Госключе' }).click();
    await expect(form.getByRole('status').filter({ hasText: 'Ожидает подписи в приложении «Госключ»' })).toBeVisible();
    await leave(form);
    await expect(page.getByText('Ожидает подписи в приложении «Госключ»')).toBeVisible();
    await answer(agreement.number, 'sign');
    await card.expectStage('Выполнение работ');
    await expect(page.getByText('Ожидает подписи в приложении «Госключ»')).toHaveCount(0);
  },
);

/** Answers the person's document of an order as the application's page does. */
async function answer(order: string, action: 'sign' | 'refuse'): Promise<void> {
  const text = await (await fetch(platform.goskey)).text();
  const waiting = text.split('<li>').find((item) => item.includes(order) && item.includes('<form'));
  const id = waiting?.match(/name="order" value="(\d+)"/)?.[1] ?? '';
  const done = await fetch(platform.goskey, { method: 'POST', body: new URLSearchParams({ order: id, action }) });
  expect(done.ok).toBe(true);
}
