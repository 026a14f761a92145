import { covers } from './harness/covers';
import { dayFromNow } from './harness/days';
import { inspect } from './harness/inspect';
import { Card } from './harness/card';
import { Party } from './harness/party';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';

const cabinet = 'Исполнитель (кадастровый инженер)';

test(
  'a customer compares the responses by price, term, rating and refusals, and the contract begins with what was agreed',
  { annotation: covers('R-RESP-2', 'R-RESP-3', 'S-5') },
  async ({ enter }) => {
    const [cheap, fast] = ['engineer-moscow', 'engineer-employee'] as const;
    const page = await enter('customer2');
    const { party: customer } = await Party.publish(page); // within 45 days
    const cheapPage = await enter(cheap, cabinet);
    const termDate = dayFromNow(20).split('.').reverse().join('-');
    await new Party(cheapPage, customer.order).act('respond', { details: { price: 3_900_000, termDays: 60 } });
    await new Party(await enter(fast, cabinet), customer.order).act('respond', {
      details: { price: 4_100_000, termDate },
      text: { note: 'Выеду на этой неделе.' },
    });

    await customer.openCard();
    const rows = page.getByRole('table').getByRole('row');
    await expect(rows).toHaveCount(3);
    const [first, second] = [rows.nth(1), rows.nth(2)];
    for (const text of [
      userOf(cheap).name,
      'Лучшая цена',
      `если выбрать сегодня: до ${dayFromNow(60, 'long')}`,
      'на 15 дней позже, чем в заказе',
    ])
      await expect(first).toContainText(text);
    for (const text of [userOf(fast).name, 'Раньше всех', 'на 25 дней раньше, чем в заказе', 'Выеду на этой неделе.'])
      await expect(second).toContainText(text);
    await expect(second).not.toContainText('если выбрать сегодня');
    for (const heading of ['Стоимость', 'Срок', 'Рейтинг', 'Отказы'])
      await expect(page.getByRole('columnheader', { name: heading })).toBeVisible();
    await page.getByRole('combobox', { name: 'Порядок откликов' }).click();
    await page.getByTitle('Сначала быстрее').click();
    await expect(first).toContainText(userOf(fast).name);
    await inspect(page, 'responses-compared');
    await page.setViewportSize({ width: 360, height: 740 });
    await expect(page.getByRole('table')).toHaveCount(0);
    await expect(page.getByRole('term').filter({ hasText: 'Отказы' })).toHaveCount(2);
    await page.setViewportSize({ width: 1280, height: 900 });

    await page.getByRole('button', { name: `Выбрать исполнителя: ${userOf(cheap).name}` }).click();
    const form = page.getByRole('dialog');
    await expect(form.getByRole('radio', { name: userOf(cheap).name })).toBeChecked();
    await expect(form.getByText(`до ${dayFromNow(60, 'long')}`)).toBeVisible();
    await inspect(page, 'form-choose');
    await form.getByRole('button', { name: 'Выбрать исполнителя' }).click();
    await new Card(page).expectStage('Подписание договора');

    await cheapPage.goto(`/orders/${customer.order}`);
    const contract = await new Card(cheapPage).open('Отправить договор');
    await expect(contract.getByRole('textbox', { name: 'Срок исполнения' })).toHaveValue(dayFromNow(60));
  },
);
