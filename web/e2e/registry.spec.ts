import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { find, publish, orderInput } from './harness/orders';
import { testUsers, userOf, registry, runRegistrySync } from './harness/platform';
import { expect, test } from './harness/test';

const engineer = 'engineer-tatarstan';

// The console logs the refusal of a second decision as an error.
test.use({ tolerated: [/status of 409/] });

test(
  'an order is suspended while its engineer is not in the registry, both pages show it, and it resumes by itself',
  { annotation: covers('B-4', 'R-SUSP-1', 'R-SUSP-3', 'S-16', 'T-22') },
  async ({ enter }) => {
    const page = await enter('customer2');
    const { card, number } = await publish(page, {
      ...orderInput,
      region: 'Татарстан',
      address: 'г. Зеленодольск, ул. Придуманная Заречная, рядом с домом 8',
    });
    const engineerCard = await find(await enter(engineer, 'Исполнитель (кадастровый инженер)'), number);
    await engineerCard.act(
      'Откликнуться',
      (form) => form.getByRole('textbox', { name: 'Стоимость работ' }).fill('41 000'),
      'Откликнуться',
    );
    await page.getByRole('button', { name: `Выбрать исполнителя: ${userOf(engineer).name}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Выбрать исполнителя' }).click();
    for (const one of [card, engineerCard]) await one.expectStage('Подписание договора');

    try {
      await registry.drop([userOf(engineer).snils]);
      await runRegistrySync();
      for (const one of [card, engineerCard]) {
        await one.expectStage('Приостановлен');
        await expect(
          one.page.getByRole('alert').filter({ hasText: 'нет действующего статуса в АИС «Реестр СРО»' }),
        ).toBeVisible();
      }
      await expect(engineerCard.page.getByRole('button', { name: 'Отправить договор' })).toHaveCount(0);
      await expect(page.getByRole('button', { name: 'Отказаться от исполнителя' })).toBeVisible();
      await inspect(page, 'order-suspended');
      await inspect(engineerCard.page, 'order-suspended-to-engineer');
    } finally {
      await registry.restore([userOf(engineer).snils]);
      await runRegistrySync();
    }
    for (const one of [card, engineerCard]) await one.expectStage('Подписание договора');
    await expect(engineerCard.page.getByRole('button', { name: 'Отправить договор' })).toBeVisible();
    await expect(page.getByText('Заказ приостановлен', { exact: true })).toHaveCount(0);
  },
);

test(
  'a snapshot that loses too many engineers awaits approval and is rejected, a later decision is refused, and the next snapshot is applied',
  { annotation: covers('S-18') },
  async ({ enter }) => {
    const lostEngineers = await engineersAboveLossLimit();
    const page = await enter('moderator', 'Модератор системы');
    const runs = page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Загрузки реестра' });
    const startRunAwaitingApproval = async () => {
      await runs.click();
      const waiting = page.getByRole('row').filter({ has: page.getByText('ждёт решения', { exact: true }) });
      const start = page.getByRole('button', { name: 'Загрузить сейчас' });
      await expect(start).toBeEnabled(); // the list is loaded
      await expect(waiting).toHaveCount(0);
      // No run begins while another one is in progress.
      await expect(page.getByRole('row').filter({ has: page.getByText('идёт', { exact: true }) })).toHaveCount(0);
      await start.click();
      await waiting.getByRole('link').click();
      await expect(page.getByRole('region', { name: 'Кадастровые инженеры' }).getByRole('link').first()).toBeVisible();
    };
    const decide = async (verb: string, reason: string) => {
      await page.getByRole('button', { name: verb }).click();
      const form = page.getByRole('dialog');
      await form.getByRole('button', { name: verb }).click();
      await expect(form.getByRole('textbox', { name: 'Причина' })).toHaveAccessibleDescription(/Укажите причину/);
      await form.getByRole('textbox', { name: 'Причина' }).fill(reason);
      await inspect(page, `moderator-${verb === 'Применить снимок' ? 'confirm' : 'reject'}`);
      await form.getByRole('button', { name: verb }).click();
    };
    try {
      await registry.drop(lostEngineers.map(({ snils }) => snils));
      await startRunAwaitingApproval();
      await expect(page.getByText(`Статус потеряют ${lostEngineers.length} из`)).toBeVisible();
      await expect(
        page
          .getByRole('region', { name: 'Потери по регионам и СРО' })
          .getByText(lostEngineers[0]?.sro_name ?? '')
          .first(),
      ).toBeVisible();
      await inspect(page, 'moderator-held-run');
      const late = await page.context().newPage();
      await late.goto(page.url());
      await late.getByRole('button', { name: 'Применить снимок' }).click();
      const lateForm = late.getByRole('dialog');
      await lateForm.getByRole('textbox', { name: 'Причина' }).fill('СРО подтвердила потерю.');
      await decide('Отклонить снимок', 'СРО прислала неполный файл.');
      await expect(page.getByText('отклонена', { exact: true })).toBeVisible();
      await expect(page.getByText('СРО прислала неполный файл.')).toBeVisible();
      await lateForm.getByRole('button', { name: 'Применить снимок' }).click();
      await expect(late.getByText('отклонена', { exact: true })).toBeVisible();
      await expect(lateForm.getByRole('alert')).toContainText('её снимок уже отклонён');
      await expect(lateForm.getByRole('textbox', { name: 'Причина' })).toHaveValue('СРО подтвердила потерю.');
      await late.close();

      await registry.repeat();
      await startRunAwaitingApproval();
      await decide('Применить снимок', 'СРО исключена из реестра.');
      await expect(page.getByText('применена', { exact: true })).toBeVisible();
      await inspect(page, 'moderator-run');
      const { snils } = lostEngineers[0] ?? { snils: '' };
      await page
        .getByRole('navigation', { name: 'Разделы' })
        .getByRole('link', { name: 'Кадастровые инженеры' })
        .click();
      await page.getByRole('textbox', { name: 'СНИЛС' }).fill(snils);
      await page.getByRole('button', { name: 'Применить' }).click();
      await expect(page.getByRole('row').nth(1)).toContainText('нет действующего статуса');
    } finally {
      await registry.restore();
      await runRegistrySync();
    }
  },
);

/**
 * Returns more than a fifth of the engineers of the smallest СРО that has a loss limit of its own,
 * without test users.
 */
async function engineersAboveLossLimit(): Promise<{ snils: string; sro_name: string }[]> {
  const active = (await registry.rows()).filter(({ status }) => status === 'active');
  const sizes = new Map<string, number>();
  for (const { sro_name } of active) sizes.set(sro_name, (sizes.get(sro_name) ?? 0) + 1);
  const [smallest = '', size = 0] =
    [...sizes].filter(([, count]) => count >= 50).toSorted(([, a], [, b]) => a - b)[0] ?? [];
  const testUserSnils = new Set(Object.values(testUsers).map(({ snils }) => snils));
  return active
    .filter(({ snils, sro_name }) => sro_name === smallest && !testUserSnils.has(snils))
    .slice(0, Math.floor(size / 5) + 1);
}
