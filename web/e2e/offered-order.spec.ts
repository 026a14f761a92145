import type { Locator, Page } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { Card } from './harness/card';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import type { Cabinet } from './harness/people';
import { find, publish, orderInput } from './harness/orders';
import { Party } from './harness/party';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';

const asEngineer: Cabinet = 'Исполнитель (кадастровый инженер)';

/** Searches for an engineer by name. */
async function search(form: Locator, page: Page, login: string): Promise<Locator> {
  const { name } = userOf(login);
  await form.getByRole('combobox', { name: /Кадастровый инженер/ }).fill(name);
  return page.locator('.ant-select-item-option').filter({ hasText: name });
}

async function choose(form: Locator, page: Page, login: string): Promise<void> {
  await (await search(form, page, login)).click();
}

test(
  'an order is offered to an engineer who declines, then to another one who accepts',
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
    const { card, number } = await publish(page, orderInput);
    const [declining, accepting] = ['engineer-moscow', 'engineer-employee'] as const;

    await card.act(
      'Предложить заказ',
      async (form) => {
        const outsideRegion = await search(form, page, 'engineer-off');
        await expect(outsideRegion).toContainText('не входит в регионы деятельности');
        await expect(outsideRegion).toHaveClass(/-disabled/);
        await choose(form, page, declining);
        await form.getByRole('textbox', { name: 'Комментарий инженеру' }).fill('Нужно до зимы.');
        await inspect(page, 'form-offer');
      },
      'Предложить заказ',
    );
    await expect(page.getByText(`Заказ предложен: ${userOf(declining).name}`)).toBeVisible();

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

    await card.act('Предложить заказ', (form) => choose(form, page, accepting), 'Предложить заказ');
    const engineerCard = await find(await enter(accepting, asEngineer), number);
    await engineerCard.act(
      'Принять заказ в работу',
      async (form) => expect(form.getByText('стоимость 42 000,00 ₽')).toBeVisible(),
      'Принять заказ в работу',
    );
    for (const one of [card, engineerCard]) await one.expectStage('Подписание договора');
  },
);

test('an engineer to whom a cancelled order was offered sees that, and what he was writing stays', async ({
  enter,
}) => {
  const page = await enter('customer2');
  const { card, number } = await publish(page, orderInput);
  await card.act('Предложить заказ', (form) => choose(form, page, 'engineer-moscow'), 'Предложить заказ');
  const offered = await enter('engineer-moscow', asEngineer);
  await find(offered, number);
  await offered.getByRole('button', { name: 'Принять заказ в работу' }).click();
  const form = offered.getByRole('dialog');
  await form.getByRole('textbox').fill('Начну в понедельник.');

  await card.act(
    'Отменить заказ',
    (cancelForm) => cancelForm.getByRole('textbox').fill('Передумали.'),
    'Отменить заказ',
  );
  await expect(offered.getByText('Заказ отменил заказчик до подписания договора.')).toBeVisible();
  await expect(form.getByRole('textbox')).toHaveValue('Начну в понедельник.');
  await inspect(offered, 'offer-cancelled');
});

test(
  'an employer reads the card of an employee and suspends the order, and a moderator hands it over to a colleague',
  { annotation: covers('R-EMP-7', 'R-EMP-10', 'S-16', 'S-17', 'S-40') },
  async ({ enter }) => {
    const [customer, engineer, colleague] = ['customer', 'engineer-employee', 'engineer-employee2'];
    const [page, page2] = [await enter(customer), await enter(engineer, asEngineer)];
    const agreement = await Agreement.create({
      customer: { login: customer, page },
      engineer: { login: engineer, page: page2 },
    });
    await agreement.sendContract();
    await agreement.signContract();

    await agreement.customer.openCard();
    await agreement.engineer.openCard();
    const employerPage = await enter('employer', 'Работодатель');
    await employerPage.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Мои заказы' }).click();
    await employerPage.getByRole('textbox', { name: 'Номер заказа' }).fill(agreement.number);
    await employerPage.getByRole('button', { name: 'Применить' }).click();
    await employerPage.getByRole('link', { name: agreement.number }).click();
    await expect(
      employerPage
        .getByRole('complementary', { name: 'Документы заказа' })
        .getByText('Договор подряда.pdf', { exact: true }),
    ).toBeVisible();
    await inspect(employerPage, 'order-to-employer');
    const employerCard = new Card(employerPage);
    const { actions } = await new Party(employerPage, agreement.customer.order).card();
    const allowed = actions.filter(({ open }) => open).map(({ title }) => title);
    const panel = employerPage.getByRole('region', { name: 'Действия' });
    await expect(panel.getByRole('button')).toHaveText([...allowed, 'Почему недоступно']);
    await panel.getByRole('button', { name: 'Почему недоступно' }).click();
    await expect(panel.getByRole('listitem')).toHaveText([/^Предложить замену исполнителя\./]);
    const decide = (action: string, reason: string) =>
      employerCard.act(action, (form) => form.getByRole('textbox', { name: 'Причина' }).fill(reason), action);
    await decide('Приостановить этот заказ', 'Проверка на рабочем месте.');
    for (const one of [page, page2]) {
      await new Card(one).expectStage('Приостановлен');
      await expect(
        one.getByText(/работодатель исполнителя приостановил этот заказ.*Причина: Проверка на рабочем месте\./),
      ).toBeVisible();
    }
    await decide('Возобновить этот заказ', 'Проверка окончена.');
    for (const one of [page, page2]) await new Card(one).expectStage('Выполнение работ');

    const moderatorPage = await enter('moderator', 'Модератор системы');
    await moderatorPage.goto(`/orders/${agreement.customer.order}`);
    await new Card(moderatorPage).act(
      'Заменить исполнителя',
      async (form) => {
        await choose(form, moderatorPage, colleague);
        await form.getByRole('textbox', { name: 'Причина' }).fill('Исполнитель в длительном отпуске.');
        await inspect(moderatorPage, 'form-replacement');
      },
      'Заменить исполнителя',
    );
    for (const one of [page, employerPage]) {
      await new Card(one).expectStage('Выполнение работ');
      await expect(one.getByText(userOf(colleague).name).first()).toBeVisible();
    }
    const engineerCard = new Card(await enter(colleague, asEngineer));
    await engineerCard.page.goto(`/orders/${agreement.customer.order}`);
    await expect(engineerCard.page.getByRole('button', { name: 'Передать результаты работ' })).toBeVisible();
  },
);
