import { inspect } from './harness/inspect';
import { find, publish, wish } from './harness/orders';
import { personOf, registryNight } from './harness/platform';
import { expect, test } from './harness/test';

const engineer = 'engineer-tatarstan';

test('an order stands still while its engineer is not in the registry, before the eyes of both, and goes on by itself (B-4, S-16, T-22)', async ({ enter }) => {
  const page = await enter('customer2');
  const { card, number } = await publish(page, { ...wish, region: 'Татарстан', address: 'г. Зеленодольск, ул. Придуманная Заречная, рядом с домом 8' });
  const work = await find(await enter(engineer, 'Исполнитель (кадастровый инженер)'), number);
  await work.act('Откликнуться', (form) => form.getByRole('textbox', { name: 'Стоимость работ' }).fill('41 000'), 'Откликнуться');
  await page.getByRole('button', { name: `Выбрать исполнителя: ${personOf(engineer).name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Выбрать исполнителя' }).click();
  for (const one of [card, work]) await one.isAt('Подписание договора');

  try {
    await registryNight('drop', engineer);
    for (const one of [card, work]) {
      await one.isAt('Заказ приостановлен');
      await expect(one.page.getByRole('alert').filter({ hasText: 'нет действующего статуса в АИС «Реестр СРО»' })).toBeVisible();
    }
    await expect(work.page.getByRole('button', { name: 'Отправить договор' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Отказаться от исполнителя' })).toBeVisible();
    await inspect(page, 'order-suspended');
    await inspect(work.page, 'order-suspended-to-engineer');
  } finally {
    await registryNight('restore', engineer);
  }
  for (const one of [card, work]) await one.isAt('Подписание договора');
  await expect(work.page.getByRole('button', { name: 'Отправить договор' })).toBeVisible();
  await expect(page.getByText('Заказ приостановлен', { exact: true })).toHaveCount(0);
});
