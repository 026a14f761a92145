import { Card } from './harness/card';
import { Line } from './harness/line';
import { inspect } from './harness/inspect';
import { find, publish, wish } from './harness/orders';
import { expect, test } from './harness/test';

test.describe('a lost connection', () => {
  test.use({ tolerated: [/net::ERR_/] });

  test('shows, heals itself, and the page then knows what happened meanwhile (R-NOTIF-7)', async ({ enter }) => {
    const line = await Line.open();
    try {
      const page = await enter('customer2', undefined, { proxy: line.proxy });
      const { number } = await publish(page, wish);
      const work = await find(await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)'), number);
      const notice = page.getByRole('status').filter({ hasText: 'Связь с платформой потеряна, восстанавливаем.' });

      line.cut();
      await expect(notice).toBeVisible();
      await inspect(page, 'connection-lost');
      await work.act('Откликнуться', (form) => form.getByRole('textbox', { name: 'Стоимость работ' }).fill('40 500'), 'Откликнуться');
      await expect(page.getByText('40 500,00 ₽')).toHaveCount(0);

      line.mend();
      await expect(page.getByText('40 500,00 ₽')).toBeVisible({ timeout: 40_000 });
      await expect(notice).toHaveCount(0);
      await new Card(page).isAt('Выбор исполнителя');
    } finally {
      line.close();
    }
  });
});
