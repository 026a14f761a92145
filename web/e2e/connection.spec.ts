import { covers } from './harness/covers';
import { pauseRequests, isCardRead, isAction } from './harness/pausedRequests';
import { ConnectionProxy } from './harness/connectionProxy';
import { inspect } from './harness/inspect';
import { find, publish, orderInput } from './harness/orders';
import { pdf } from './harness/testFiles';
import { setOffline } from './harness/slowNetwork';
import { expect, test } from './harness/test';

test.describe('a lost connection', () => {
  test.use({ tolerated: [/net::ERR_/] });

  test(
    'is shown and restored, and the page then shows what happened meanwhile',
    { annotation: covers('R-NOTIF-7') },
    async ({ enter }) => {
      const connection = await ConnectionProxy.open();
      try {
        const page = await enter('customer2', undefined, { proxy: connection.proxy });
        const { card, number } = await publish(page, { ...orderInput, document: pdf('План участка') });
        const engineerCard = await find(await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)'), number);
        const notice = page.getByRole('status').filter({ hasText: 'Связь с платформой потеряна, восстанавливаем.' });

        connection.cut();
        await expect(notice).toBeVisible();
        await inspect(page, 'connection-lost');
        await engineerCard.act(
          'Откликнуться',
          (form) => form.getByRole('textbox', { name: 'Стоимость работ' }).fill('40 500'),
          'Откликнуться',
        );
        await expect(page.getByText('40 500,00 ₽')).toHaveCount(0);

        connection.restore();
        await expect(page.getByText('40 500,00 ₽')).toBeVisible({ timeout: 40_000 });
        await expect(notice).toHaveCount(0);
        await card.expectStage('Выбор исполнителя');

        await page.getByRole('button', { name: 'Просмотр: План участка.pdf' }).click();
        const preview = page.getByRole('dialog');
        const shown = await preview.locator('iframe').getAttribute('src');
        const requests: URL[] = [];
        page.on('request', (request) => requests.push(new URL(request.url())));
        connection.cut();
        await expect(notice).toBeVisible();
        connection.restore();
        await expect.poll(() => requests.some(isCardRead), { timeout: 40_000 }).toBe(true);
        await expect(notice).toHaveCount(0);
        await expect(preview.locator('iframe'), 'the preview is not reloaded').toHaveAttribute('src', shown ?? '');
        expect(requests.filter(({ pathname }) => pathname.endsWith('/content'))).toEqual([]);
        await preview.getByText('Закрыть', { exact: true }).click();
      } finally {
        connection.close();
      }
    },
  );

  test('delays an unloaded page, which then opens by itself, and the help, which then can be retried', async ({
    enter,
  }) => {
    const connection = await ConnectionProxy.open();
    try {
      const page = await enter('customer2', undefined, { proxy: connection.proxy });
      connection.cut();
      await page.getByRole('button', { name: 'Справка по странице' }).click();
      const help = page.getByRole('dialog', { name: 'Справка' });
      await expect(help.getByRole('alert')).toContainText('Часть страницы не загрузилась.');
      await inspect(page, 'help-missing');
      connection.restore();
      await help.getByRole('button', { name: 'Повторить' }).click();
      await expect(help.getByRole('region', { name: 'Текст справки' })).toBeVisible();
      await help.getByRole('button', { name: 'Закрыть' }).click();

      connection.cut();
      const sections = page.getByRole('navigation', { name: 'Разделы' });
      await sections.getByRole('link', { name: 'Мои заказы' }).click();
      await expect(page.getByRole('status').getByRole('heading', { name: 'Страница ещё не загружена' })).toBeVisible();
      await inspect(page, 'page-missing');
      connection.restore();
      await expect(page.getByRole('button', { name: 'Создать новый' })).toBeVisible();
    } finally {
      connection.close();
    }
  });

  test('is never reported as an accepted action', { annotation: covers('S-35') }, async ({ enter }) => {
    const connection = await ConnectionProxy.open();
    try {
      const page = await enter('customer2', undefined, { proxy: connection.proxy });
      const { card } = await publish(page, orderInput);
      const form = await card.open('Отменить заказ');
      await form.getByRole('textbox').fill('Продаём участок без межевания.');
      const send = () => form.getByRole('button', { name: 'Отменить заказ' }).click();
      const answerText = () =>
        form
          .getByRole('alert')
          .or(form.getByText(/^Принято,/))
          .textContent();

      await setOffline(page, true);
      await send();
      expect(await answerText()).toContain('принято ли действие, неизвестно');
      await setOffline(page, false);

      connection.cut();
      const requests = await pauseRequests(page, 'GET', isCardRead);
      const failed = page.waitForEvent('requestfailed', (request) => isAction('cancel')(new URL(request.url())));
      await send();
      await failed;
      expect(await answerText()).toContain('принято ли действие, неизвестно');

      await requests.release();
      connection.restore();
      await send();
      await card.expectStage('Отменен заказчиком');
    } finally {
      connection.close();
    }
  });
});
