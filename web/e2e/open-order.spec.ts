import { inspect } from './harness/inspect';
import { find, publish, orderInput } from './harness/orders';
import { expect, test } from './harness/test';

test.describe('an order that is open to engineers', () => {
  // The console logs an error for the card of an order that is closed to its reader.
  test.use({ tolerated: [/status of 404/] });

  test('is closed while an engineer writes a response, which stays readable; the search announces the next order', async ({
    enter,
    frozen,
  }) => {
    const page = await enter('customer');
    const { card, number } = await publish(page, orderInput);
    const page2 = await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)');
    // The tab that takes over from a frozen leader reads its lists again, and so drops closed orders.
    const takenOver = frozen
      ? page2.context().waitForEvent('response', (response) => new URL(response.url()).pathname === '/api/events')
      : undefined;
    await page2.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Поиск по заказам' }).click();
    const listed = page2.getByRole('listitem').filter({ hasText: `Заказ ${number}` });
    await expect(listed).toBeVisible();

    const writing = await page2.context().newPage();
    await writing.goto('/orders/search');
    await find(writing, number);
    await writing.getByRole('button', { name: 'Откликнуться' }).click();
    const form = writing.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Комментарий заказчику' }).fill('Выеду в среду.');

    await takenOver;
    await card.act(
      'Отменить заказ',
      (cancelForm) => cancelForm.getByRole('textbox').fill('Передумали.'),
      'Отменить заказ',
    );
    await expect(form.getByText('Заказ больше не открыт.')).toBeVisible();
    await expect(form.getByRole('textbox', { name: 'Комментарий заказчику' })).toHaveValue('Выеду в среду.');
    await expect(form.getByRole('button', { name: 'Откликнуться' })).toBeDisabled();
    await form.getByRole('button', { name: 'Отмена' }).click();
    await expect(writing.getByText('Заказчик отменил заказ')).toBeVisible();
    await expect(writing.getByText('Выеду в среду.')).toBeVisible();
    await inspect(writing, 'order-closed-to-engineer');

    await expect(listed.getByText('Заказчик отменил заказ')).toBeVisible();
    const next = await publish(page, orderInput);
    await page2.getByRole('button', { name: 'Появились новые заказы — показать' }).click();
    await expect(page2.getByRole('listitem').filter({ hasText: `Заказ ${next.number}` })).toBeVisible();
    await expect(listed).toHaveCount(0);
  });
});
