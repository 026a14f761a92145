import type { Page } from '@playwright/test';
import { Card } from './harness/card';
import { covers } from './harness/covers';
import { Party } from './harness/party';
import { expect, test } from './harness/test';

/** Checks the stage of an order in «Мои заказы», opens its card and checks it there. */
async function expectStageEverywhere(page: Page, number: string, stage: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Мои заказы' }).click();
  const line = page.getByRole('row').filter({ has: page.getByRole('link', { name: number, exact: true }) });
  await expect(line).toBeVisible();
  const columns = await page.getByRole('columnheader').allTextContents();
  await expect(line.getByRole('cell').nth(columns.indexOf('Статус'))).toContainText(stage);
  await line.getByRole('link', { name: number, exact: true }).click();
  await new Card(page).expectStage(stage);
}

test(
  'a cancelled order is shown as cancelled to both parties, in the list and on the card',
  { annotation: covers('R-CANC-1', 'R-CANC-3') },
  async ({ enter }) => {
    const [page, page2] = [
      await enter('customer'),
      await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)'),
    ];
    const { party, number } = await Party.publish(page);
    const responder = new Party(page2, party.order);
    await responder.act('respond', { details: { price: 4_000_000, termDays: 45 } });
    const engineer = (await party.card()).responses?.[0]?.engineer.id ?? '';
    await party.act('choose', { details: { engineer } });
    await expectStageEverywhere(page, number, 'Подписание договора');

    await party.act('cancel', { text: { note: 'Передумали.' } });
    for (const one of [page, page2]) await expectStageEverywhere(one, number, 'Отменен заказчиком');
  },
);
