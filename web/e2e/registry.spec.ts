import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { find, publish, wish } from './harness/orders';
import { cast, personOf, registry, registryNight } from './harness/platform';
import { expect, test } from './harness/test';

const engineer = 'engineer-tatarstan';

// The refusal of a second decision is an answer that the console counts as an error.
test.use({ tolerated: [/status of 409/] });

test(
  'an order stands still while its engineer is not in the registry, before the eyes of both, and goes on by itself',
  { annotation: covers('B-4', 'R-SUSP-1', 'R-SUSP-3', 'S-16', 'T-22') },
  async ({ enter }) => {
    const page = await enter('customer2');
    const { card, number } = await publish(page, {
      ...wish,
      region: 'Татарстан',
      address: 'г. Зеленодольск, ул. Придуманная Заречная, рядом с домом 8',
    });
    const work = await find(await enter(engineer, 'Исполнитель (кадастровый инженер)'), number);
    await work.act(
      'Откликнуться',
      (form) => form.getByRole('textbox', { name: 'Стоимость работ' }).fill('41 000'),
      'Откликнуться',
    );
    await page.getByRole('button', { name: `Выбрать исполнителя: ${personOf(engineer).name}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Выбрать исполнителя' }).click();
    for (const one of [card, work]) await one.isAt('Подписание договора');

    try {
      await registry.drop([personOf(engineer).snils]);
      await registryNight();
      for (const one of [card, work]) {
        await one.isAt('Приостановлен');
        await expect(
          one.page.getByRole('alert').filter({ hasText: 'нет действующего статуса в АИС «Реестр СРО»' }),
        ).toBeVisible();
      }
      await expect(work.page.getByRole('button', { name: 'Отправить договор' })).toHaveCount(0);
      await expect(page.getByRole('button', { name: 'Отказаться от исполнителя' })).toBeVisible();
      await inspect(page, 'order-suspended');
      await inspect(work.page, 'order-suspended-to-engineer');
    } finally {
      await registry.restore([personOf(engineer).snils]);
      await registryNight();
    }
    for (const one of [card, work]) await one.isAt('Подписание договора');
    await expect(work.page.getByRole('button', { name: 'Отправить договор' })).toBeVisible();
    await expect(page.getByText('Заказ приостановлен', { exact: true })).toHaveCount(0);
  },
);

test(
  'a snapshot that takes too many away is held, its difference is read, and it is rejected, which a later decision is told; the next one is applied',
  { annotation: covers('S-18') },
  async ({ enter }) => {
    const victims = await tooMany();
    const page = await enter('moderator', 'Модератор системы');
    const runs = page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Загрузки реестра' });
    const held = async () => {
      await runs.click();
      const waiting = page.getByRole('row').filter({ has: page.getByText('ждёт решения', { exact: true }) });
      const start = page.getByRole('button', { name: 'Загрузить сейчас' });
      await expect(start).toBeEnabled(); // the list is there
      await expect(waiting).toHaveCount(0);
      // Beside a run that is under way none begins.
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
      await registry.drop(victims.map(({ snils }) => snils));
      await held();
      await expect(page.getByText(`Статус потеряют ${victims.length} из`)).toBeVisible();
      await expect(
        page
          .getByRole('region', { name: 'Потери по регионам и СРО' })
          .getByText(victims[0]?.sro_name ?? '')
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
      await held();
      await decide('Применить снимок', 'СРО исключена из реестра.');
      await expect(page.getByText('применена', { exact: true })).toBeVisible();
      await inspect(page, 'moderator-run');
      const { snils } = victims[0] ?? { snils: '' };
      await page
        .getByRole('navigation', { name: 'Разделы' })
        .getByRole('link', { name: 'Кадастровые инженеры' })
        .click();
      await page.getByRole('textbox', { name: 'СНИЛС' }).fill(snils);
      await page.getByRole('button', { name: 'Применить' }).click();
      await expect(page.getByRole('row').nth(1)).toContainText('нет действующего статуса');
    } finally {
      await registry.restore();
      await registryNight();
    }
  },
);

/** More than a fifth of the engineers of the smallest СРО that is judged by itself, nobody of the cast among them. */
async function tooMany(): Promise<{ snils: string; sro_name: string }[]> {
  const active = (await registry.rows()).filter(({ status }) => status === 'active');
  const sizes = new Map<string, number>();
  for (const { sro_name } of active) sizes.set(sro_name, (sizes.get(sro_name) ?? 0) + 1);
  const [smallest = '', size = 0] =
    [...sizes].filter(([, count]) => count >= 50).toSorted(([, a], [, b]) => a - b)[0] ?? [];
  const players = new Set(Object.values(cast).map(({ snils }) => snils));
  return active
    .filter(({ snils, sro_name }) => sro_name === smallest && !players.has(snils))
    .slice(0, Math.floor(size / 5) + 1);
}
