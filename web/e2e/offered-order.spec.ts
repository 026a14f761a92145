import type { Locator, Page } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { Card } from './harness/card';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import type { Cabinet } from './harness/people';
import { find, publish, wish } from './harness/orders';
import { Party } from './harness/party';
import { personOf } from './harness/platform';
import { expect, test } from './harness/test';

const asEngineer: Cabinet = 'Исполнитель (кадастровый инженер)';

/** Looks an engineer up by his name. */
async function search(form: Locator, page: Page, login: string): Promise<Locator> {
  const { name } = personOf(login);
  await form.getByRole('combobox', { name: /Кадастровый инженер/ }).fill(name);
  return page.locator('.ant-select-item-option').filter({ hasText: name });
}

async function pick(form: Locator, page: Page, login: string): Promise<void> {
  await (await search(form, page, login)).click();
}

test(
  'an order is offered to an engineer who declines, then to another one who takes it',
  {
    annotation: covers(
      'R-GEN-2',
      'R-OFFER-1',
      'R-OFFER-2',
      'R-OFFER-3',
      'R-OFFER-4',
      'R-NOTIF-3',
      'R-NOTIF-6',
      'R-ROLE-5',
      'S-14',
    ),
  },
  async ({ enter }) => {
    const page = await enter('customer-org', 'Правообладатель (Заказчик)');
    const { card, number } = await publish(page, wish);
    const [declining, taking] = ['engineer-moscow', 'engineer-employee'] as const;

    await card.act(
      'Предложить заказ',
      async (form) => {
        const elsewhere = await search(form, page, 'engineer-off');
        await expect(elsewhere).toContainText('не входит в регионы деятельности');
        await expect(elsewhere).toHaveClass(/-disabled/);
        await pick(form, page, declining);
        await form.getByRole('textbox', { name: 'Комментарий инженеру' }).fill('Нужно до зимы.');
        await inspect(page, 'form-offer');
      },
      'Предложить заказ',
    );
    await expect(page.getByText(`Заказ предложен: ${personOf(declining).name}`)).toBeVisible();

    const first = await enter(declining, asEngineer);
    await first.getByRole('link', { name: /^Уведомления: \d+ нов/ }).click();
    await first
      .getByRole('link', { name: `Заказ ${number}` })
      .first()
      .click();
    const offered = new Card(first);
    await expect(first.getByText('Нужно до зимы.').first()).toBeVisible();
    await inspect(first, 'order-offered');
    await offered.act(
      'Отказаться от выполнения',
      (form) => form.getByRole('textbox').fill('Занят до весны.'),
      'Отказаться от выполнения',
    );
    await expect(page.getByText('Занят до весны.').first()).toBeVisible();
    await expect(page.getByText(/^Заказ предложен:/)).toHaveCount(0);

    await card.act('Предложить заказ', (form) => pick(form, page, taking), 'Предложить заказ');
    const work = await find(await enter(taking, asEngineer), number);
    await work.act(
      'Принять заказ в работу',
      async (form) => expect(form.getByText('стоимость 42 000,00 ₽')).toBeVisible(),
      'Принять заказ в работу',
    );
    for (const one of [card, work]) await one.isAt('Подписание договора');
  },
);

test(
  'an employer reads the card of an employee and holds him up, and a moderator hands the order over to a colleague',
  { annotation: covers('R-EMP-7', 'R-EMP-10', 'S-16', 'S-17', 'S-40') },
  async ({ enter }) => {
    const [customer, engineer, colleague] = ['customer', 'engineer-employee', 'engineer-employee2'];
    const [page, page2] = [await enter(customer), await enter(engineer, asEngineer)];
    const agreement = await Agreement.reach({
      customer: { login: customer, page },
      engineer: { login: engineer, page: page2 },
    });
    try {
      await agreement.sendContract();
      await agreement.signContract();
    } finally {
      agreement.close();
    }

    await agreement.customer.look();
    await agreement.engineer.look();
    const boss = await enter('employer', 'Работодатель');
    await boss.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Мои заказы' }).click();
    await boss.getByRole('textbox', { name: 'Номер заказа' }).fill(agreement.number);
    await boss.getByRole('button', { name: 'Применить' }).click();
    await boss.getByRole('link', { name: agreement.number }).click();
    await expect(
      boss.getByRole('complementary', { name: 'Документы заказа' }).getByText('Договор подряда.pdf', { exact: true }),
    ).toBeVisible();
    await inspect(boss, 'order-to-employer');
    const reader = new Card(boss);
    const { actions } = await new Party(boss, agreement.customer.order).card();
    const allowed = actions.filter(({ open }) => open).map(({ title }) => title);
    await expect(boss.getByRole('region', { name: 'Действия' }).getByRole('button')).toHaveText(allowed);
    const decide = (action: string, reason: string) =>
      reader.act(action, (form) => form.getByRole('textbox', { name: 'Причина' }).fill(reason), action);
    await decide('Приостановить этот заказ', 'Проверка на рабочем месте.');
    for (const one of [page, page2]) {
      await new Card(one).isAt('Приостановлен');
      await expect(
        one.getByText(/работодатель исполнителя приостановил этот заказ.*Причина: Проверка на рабочем месте\./),
      ).toBeVisible();
    }
    await decide('Возобновить этот заказ', 'Проверка окончена.');
    for (const one of [page, page2]) await new Card(one).isAt('Выполнение работ');

    const chair = await enter('moderator', 'Модератор системы');
    await chair.goto(`/orders/${agreement.customer.order}`);
    await new Card(chair).act(
      'Заменить исполнителя',
      async (form) => {
        await pick(form, chair, colleague);
        await form.getByRole('textbox', { name: 'Причина' }).fill('Исполнитель в длительном отпуске.');
        await inspect(chair, 'form-replacement');
      },
      'Заменить исполнителя',
    );
    for (const one of [page, boss]) {
      await new Card(one).isAt('Выполнение работ');
      await expect(one.getByText(personOf(colleague).name).first()).toBeVisible();
    }
    const work = new Card(await enter(colleague, asEngineer));
    await work.page.goto(`/orders/${agreement.customer.order}`);
    await expect(work.page.getByRole('button', { name: 'Передать результаты работ' })).toBeVisible();
  },
);
