import { covers } from './harness/covers';
import { hold, readsCard, sends } from './harness/hold';
import { Line } from './harness/line';
import { inspect } from './harness/inspect';
import { find, publish, wish } from './harness/orders';
import { pdf } from './harness/papers';
import { expect, test } from './harness/test';

test.describe('a lost connection', () => {
  test.use({ tolerated: [/net::ERR_/] });

  test(
    'shows, heals itself, and the page then knows what happened meanwhile',
    { annotation: covers('R-NOTIF-7') },
    async ({ enter }) => {
      const line = await Line.open();
      try {
        const page = await enter('customer2', undefined, { proxy: line.proxy });
        const { card, number } = await publish(page, { ...wish, document: pdf('План участка') });
        const work = await find(await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)'), number);
        const notice = page.getByRole('status').filter({ hasText: 'Связь с платформой потеряна, восстанавливаем.' });

        line.cut();
        await expect(notice).toBeVisible();
        await inspect(page, 'connection-lost');
        await work.act(
          'Откликнуться',
          (form) => form.getByRole('textbox', { name: 'Стоимость работ' }).fill('40 500'),
          'Откликнуться',
        );
        await expect(page.getByText('40 500,00 ₽')).toHaveCount(0);

        line.mend();
        await expect(page.getByText('40 500,00 ₽')).toBeVisible({ timeout: 40_000 });
        await expect(notice).toHaveCount(0);
        await card.isAt('Выбор исполнителя');

        await page.getByRole('button', { name: 'Просмотр: План участка.pdf' }).click();
        const preview = page.getByRole('dialog');
        const shown = await preview.locator('iframe').getAttribute('src');
        const readings: URL[] = [];
        page.on('request', (request) => readings.push(new URL(request.url())));
        line.cut();
        await expect(notice).toBeVisible();
        line.mend();
        await expect.poll(() => readings.some(readsCard), { timeout: 40_000 }).toBe(true);
        await expect(notice).toHaveCount(0);
        await expect(preview.locator('iframe'), 'the reader stays on his page').toHaveAttribute('src', shown ?? '');
        expect(readings.filter(({ pathname }) => pathname.endsWith('/content'))).toEqual([]);
        await preview.getByText('Закрыть', { exact: true }).click();
      } finally {
        line.close();
      }
    },
  );

  test('lets a page that was never opened wait, which then opens by itself; the help waits for who asks again', async ({
    enter,
  }) => {
    const line = await Line.open();
    try {
      const page = await enter('customer2', undefined, { proxy: line.proxy });
      line.cut();
      await page.getByRole('button', { name: 'Справка по странице' }).click();
      const help = page.getByRole('dialog', { name: 'Справка' });
      await expect(help.getByRole('alert')).toContainText('Часть страницы не загрузилась.');
      await inspect(page, 'help-missing');
      line.mend();
      await help.getByRole('button', { name: 'Повторить' }).click();
      await expect(help.getByRole('region', { name: 'Текст справки' })).toBeVisible();
      await help.getByRole('button', { name: 'Закрыть' }).click();

      line.cut();
      const sections = page.getByRole('navigation', { name: 'Разделы' });
      await sections.getByRole('link', { name: 'Мои заказы' }).click();
      await expect(page.getByRole('status').getByRole('heading', { name: 'Страница ещё не загружена' })).toBeVisible();
      await inspect(page, 'page-missing');
      line.mend();
      await expect(page.getByRole('button', { name: 'Создать новый' })).toBeVisible();
    } finally {
      line.close();
    }
  });

  test('never passes for one that has taken an action', { annotation: covers('S-35') }, async ({ enter }) => {
    const line = await Line.open();
    try {
      const page = await enter('customer2', undefined, { proxy: line.proxy });
      const { card } = await publish(page, wish);
      const form = await card.open('Отменить заказ');
      await form.getByRole('textbox').fill('Продаём участок без межевания.');
      const send = () => form.getByRole('button', { name: 'Отменить заказ' }).click();
      const told = () =>
        form
          .getByRole('alert')
          .or(form.getByText(/^Принято,/))
          .textContent();

      await page.context().setOffline(true);
      await send();
      expect(await told()).toContain('принято ли действие, неизвестно');
      await page.context().setOffline(false);

      line.cut();
      const readings = await hold(page, 'GET', readsCard);
      const failed = page.waitForEvent('requestfailed', (request) => sends('cancel')(new URL(request.url())));
      await send();
      await failed;
      expect(await told()).toContain('принято ли действие, неизвестно');

      await readings.release();
      line.mend();
      await send();
      await card.isAt('Отменен заказчиком');
    } finally {
      line.close();
    }
  });
});
