import { Agreement } from './harness/agreement';
import { Card, leave } from './harness/card';
import { covers } from './harness/covers';
import { answerInGoskey } from './harness/goskey';
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
    await answerInGoskey(agreement.number, 'refuse');
    await expect(form.getByText('Вы отказались подписать документ в Госключе')).toBeVisible();

    await form.getByRole('button', { name: 'Подписать в Госключе' }).click();
    await expect(form.getByRole('status').filter({ hasText: 'Ожидает подписи в приложении «Госключ»' })).toBeVisible();
    await leave(form);
    await expect(page.getByText('Ожидает подписи в приложении «Госключ»')).toBeVisible();
    await card.open('Перейти к подписанию');
    await expect(form.getByRole('status').filter({ hasText: 'Ожидает подписи в приложении «Госключ»' })).toBeVisible();
    await answerInGoskey(agreement.number, 'sign');
    await card.expectStage('Выполнение работ');
    await expect(page.getByText('Ожидает подписи в приложении «Госключ»')).toHaveCount(0);
  },
);
