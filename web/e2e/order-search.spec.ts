import type { Page } from '@playwright/test';
import { covers } from './harness/covers';
import { dayFromNow } from './harness/days';
import { Party } from './harness/party';
import { expect, test } from './harness/test';

const street = `Искомая${Date.now()}`;

/** Publishes an order in the street of this test. */
async function publish(
  page: Page,
  details: { termDate?: string; termDays?: number; price?: number; prepayment: boolean },
): Promise<{ party: Party; number: string }> {
  const draft = await Party.createDraft(page);
  await draft.party.act('publish', {
    details: { region: '50', workKind: 'boundary-clarification', registration: false, ...details },
    text: { address: `г. Звенигород, ул. ${street}, участок 14` },
  });
  return draft;
}

test(
  'an engineer filters «Поиск по заказам», and «Сброс» clears the filter',
  { annotation: covers('R-KORD-2', 'R-KORD-3', 'R-KORD-4', 'R-KORD-5', 'R-KORD-8') },
  async ({ enter }) => {
    const day = dayFromNow(20).split('.').reverse().join('-');
    const { party, number: byDay } = await publish(await enter('customer2'), {
      termDate: day,
      price: 4_200_000,
      prepayment: true,
    });
    const { number: inDays } = await publish(await enter('customer-org', 'Правообладатель (Заказчик)'), {
      termDays: 30,
      prepayment: false,
    });

    const page = await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)');
    await page.goto('/orders/search/');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Поиск по заказам');
    const panel = page.getByRole('form', { name: 'Фильтр' });
    const field = (name: string) => panel.getByRole('textbox', { name });
    const orders = page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ hasText: /Заказ \d/ });
    const found = async (...numbers: string[]) => {
      await panel.getByRole('button', { name: 'Применить' }).click();
      if (numbers.length === 0) await expect(page.getByText('По этому фильтру ничего не найдено')).toBeVisible();
      await expect(orders).toHaveCount(numbers.length);
      for (const number of numbers) await expect(orders.filter({ hasText: `Заказ ${number}` })).toBeVisible();
    };
    const reset = async () => {
      await panel.getByRole('button', { name: 'Сброс', exact: true }).click();
      await expect(page).toHaveURL(/\/orders\/search\/?$/);
      await expect(field('Населенный пункт, улица')).toHaveValue('');
      await field('Населенный пункт, улица').fill(street);
    };

    await field('Населенный пункт, улица').fill(street);
    await found(byDay, inDays);
    await field('Номер заказа').fill(byDay);
    await found(byDay);
    await reset();
    await expect(field('Номер заказа')).toHaveValue('');
    await found(byDay, inDays);

    for (const [name, value, ...numbers] of [
      ['Срок выполнения до даты', dayFromNow(20), byDay],
      ['Срок выполнения до даты', dayFromNow(19)],
      ['Срок выполнения в днях', '30', inDays],
      ['Срок выполнения в днях', '29'],
    ] as const) {
      await reset();
      await field(name).fill(value);
      await field(name).press('Tab'); // closes the calendar
      await found(...numbers);
    }

    await new Party(page, party.order).act('respond', { details: { price: 4_000_000, termDays: 20 } });
    for (const [name, ...numbers] of [
      ['заказы без откликов', inDays],
      ['показывать только заказы с предоплатой', byDay],
      ['только заказы, где указана стоимость', byDay],
      ['физические лица', byDay],
      ['юридические лица', inDays],
    ] as const) {
      await reset();
      const box = panel.getByRole('checkbox', { name });
      await box.check();
      await found(...numbers);
      await box.uncheck();
    }
  },
);
