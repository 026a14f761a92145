import { inspect } from './harness/inspect';
import { find, publish, wish } from './harness/orders';
import { expect, test } from './harness/test';

test.describe('an order that waits for an engineer', () => {
  // The card of an order that is closed to its reader is an error to the console.
  test.use({ tolerated: [/status of 404/] });

  test('closes before the eyes of who writes a response, which stays to be read; the search tells of the next one', async ({
    enter,
  }) => {
    const page = await enter('customer');
    const { card, number } = await publish(page, wish);
    const page2 = await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)');
    await page2.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Поиск по заказам' }).click();
    const listed = page2.getByRole('listitem').filter({ hasText: `Заказ ${number}` });
    await expect(listed).toBeVisible();

    const writing = await page2.context().newPage();
    await writing.goto('/orders/search');
    await find(writing, number);
    await writing.getByRole('button', { name: 'Откликнуться' }).click();
    const form = writing.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Комментарий заказчику' }).fill('Выеду в среду.');

    await card.act('Отменить заказ', (asked) => asked.getByRole('textbox').fill('Передумали.'), 'Отменить заказ');
    await expect(form.getByText('Заказ больше не открыт.')).toBeVisible();
    await expect(form.getByRole('textbox', { name: 'Комментарий заказчику' })).toHaveValue('Выеду в среду.');
    await expect(form.getByRole('button', { name: 'Откликнуться' })).toBeDisabled();
    await form.getByRole('button', { name: 'Отмена' }).click();
    await expect(writing.getByText('Заказчик отменил заказ')).toBeVisible();
    await expect(writing.getByText('Выеду в среду.')).toBeVisible();
    await inspect(writing, 'order-closed-to-engineer');

    await expect(listed.getByText('Заказчик отменил заказ')).toBeVisible();
    const next = await publish(page, wish);
    await page2.getByRole('button', { name: 'Появились новые заказы — показать' }).click();
    await expect(page2.getByRole('listitem').filter({ hasText: `Заказ ${next.number}` })).toBeVisible();
    await expect(listed).toHaveCount(0);
  });
});
