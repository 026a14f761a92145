import type { Locator, Page } from '@playwright/test';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { Card } from './harness/card';
import { dayFromNow } from './harness/days';
import { startOrder, fillForm, orderInput } from './harness/orders';
import { Party } from './harness/party';
import { expect, test } from './harness/test';

const publish = (page: Page) => page.getByRole('button', { name: 'Опубликовать заказ' });

/** Waits for a request that saves a form with this text. */
const saveRequest = (page: Page, text: string) =>
  page.waitForRequest(
    (request) =>
      request.method() === 'PUT' && request.url().endsWith('/form') && (request.postData() ?? '').includes(text),
  );

/** Expects that a field is marked as invalid, describes the error, and keeps its value. */
async function expectInvalid(field: Locator, text: string, typed?: string): Promise<void> {
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  if (typed !== undefined) await expect(field).toHaveValue(typed);
}

test.describe('the form of an order', () => {
  // The console logs refusals and the end of the session as errors.
  test.use({ tolerated: [/status of 4(01|09|22)/] });

  test(
    'shows the error of each field, and keeps what was typed',
    { annotation: covers('R-CUST-3', 'R-CUST-4') },
    async ({ enter }) => {
      const page = await enter('customer');
      await startOrder(page);
      const of = {
        region: page.getByRole('combobox', { name: 'Регион' }),
        address: page.getByRole('textbox', { name: 'Адрес или описание места' }),
        workKind: page.getByRole('combobox', { name: 'Вид кадастровых работ' }),
        days: page.getByRole('textbox', { name: 'Сколько дней на работу' }),
        date: page.getByRole('textbox', { name: 'Выполнить до даты' }),
        price: page.getByRole('textbox', { name: 'Стоимость, рублей' }),
        number: page.getByRole('textbox', { name: 'Кадастровый номер 1' }),
      };

      await page.getByRole('textbox', { name: 'Улица' }).fill('ул. Вымышленных Яблонь');
      await page.getByRole('textbox', { name: 'Описание заказа' }).fill('Граница с соседним участком не установлена.');
      await publish(page).click();
      await expectInvalid(of.region, 'Выберите регион.');
      await expectInvalid(of.address, 'Укажите адрес или опишите место.');
      await expectInvalid(of.workKind, 'Выберите вид работ.');
      await expectInvalid(of.days, 'Укажите целое число дней, от 1 до 3650.');
      await inspect(page, 'order-form-refused');

      await fillForm(page, { ...orderInput, days: '5000', price: 'договорная' });
      await page.getByRole('button', { name: 'Добавить номер' }).click();
      await of.number.fill('77:01');
      await publish(page).click();
      await expectInvalid(of.days, 'от 1 до 3650', '5000');
      await expectInvalid(of.price, 'Укажите сумму в рублях, например 15 000 или 15 000,50.', 'договорная');
      await expectInvalid(of.number, 'Укажите номер вида 77:01:0001001:12', '77:01');

      await of.price.fill('0');
      await of.price.blur();
      await expectInvalid(of.price, 'Сумма должна быть больше нуля.', '0');
      await page.getByRole('radio', { name: 'до даты' }).check();
      await of.date.fill('01.02.2020');
      await publish(page).click();
      await expectInvalid(of.date, '«01.02.2020» не подходит', '01.02.2020');
      await of.date.fill(dayFromNow(30));
      await of.date.blur();
      await of.date.fill(dayFromNow(-1));
      await of.date.blur();
      await expectInvalid(of.date, `«${dayFromNow(-1)}» не подходит`, dayFromNow(-1));

      const files = page.getByRole('group', { name: 'Исходные документы' });
      for (let round = 1; round <= 2; round++) {
        await files
          .getByLabel('Выбор файлов')
          .setInputFiles({ name: 'пустой.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0) });
        await expect(files.getByRole('alert')).toContainText('«пустой.pdf»: Файл пуст. Выберите другой.');
        await inspect(page, 'order-form-file-refused');
        await files.getByRole('alert').getByRole('button', { name: 'Закрыть сообщение о файлах' }).click();
        await expect(files.getByRole('alert')).toHaveCount(0);
      }

      await expect(page.getByRole('textbox', { name: 'Улица' })).toHaveValue('ул. Вымышленных Яблонь');
      await expect(page.getByRole('textbox', { name: 'Описание заказа' })).toHaveValue(
        'Граница с соседним участком не установлена.',
      );
      await expect(of.address).toHaveValue(orderInput.address);
    },
  );

  test(
    'shows a refusal of the platform at its field, and accepts the corrected form',
    { annotation: covers('R-CUST-4') },
    async ({ enter, frozen }) => {
      test.skip(frozen, 'it sets the clock of its tabs');
      const page = await enter('customer');
      // A slow clock of the device makes the form accept a past day.
      const now = Date.now();
      await page.clock.setFixedTime(now - 3 * 86_400_000);
      await startOrder(page);
      await fillForm(page, orderInput);
      await page.getByRole('radio', { name: 'до даты' }).check();
      const date = page.getByRole('textbox', { name: 'Выполнить до даты' });
      const pastDay = dayFromNow(-2, 'typed', now);
      await date.fill(pastDay);
      // Text that is typed during the request is saved after the refusal.
      const meanwhile = 'Калитка с северной стороны.';
      await page.route(
        '**/publish',
        async (route) => {
          await page.getByRole('textbox', { name: 'Описание заказа' }).fill(meanwhile);
          await route.continue();
        },
        { times: 1 },
      );
      const saved = saveRequest(page, meanwhile);
      await publish(page).click();
      await expectInvalid(date, 'Укажите дату не раньше', pastDay);
      await expect(page.getByRole('textbox', { name: 'Адрес или описание места' })).toHaveValue(orderInput.address);
      await saved;
      await date.fill(dayFromNow(30, 'typed', now));
      await date.fill('30.02.2027');
      await publish(page).click();
      await expectInvalid(date, 'Укажите дату вида 24.11.2026', '30.02.2027');
      await date.fill(dayFromNow(30, 'typed', now));
      await publish(page).click();
      const card = new Card(page);
      await card.expectStage('Выбор исполнителя');
      await expect(page.getByText(`до ${dayFromNow(30, 'long', now)}`).first()).toBeVisible();
    },
  );

  test(
    'accepts a day that is typed and sent with Enter',
    { annotation: covers('R-CUST-3', 'R-UI-6') },
    async ({ enter }) => {
      const page = await enter('customer');
      await page.goto('/orders');
      await expect(page.getByText('По московскому времени')).toHaveCount(2);
      const date = page.getByRole('textbox', { name: 'Опубликован не раньше' });
      await date.fill('1.2.2026');
      await date.press('Enter');
      await expect(page).toHaveURL(/publishedFrom=2026-02-01/);
      await date.fill('31.02.2026');
      await date.press('Enter');
      await expectInvalid(date, '«31.02.2026» не подходит', '31.02.2026');
      await expect(page).toHaveURL(/publishedFrom=2026-02-01/);
      await expect(page.locator('.ant-picker-dropdown')).toBeVisible();
      // Days of the neighbouring months, which axe does not check.
      await expect(page.locator('.ant-picker-cell:not(.ant-picker-cell-in-view)').first()).toHaveCSS(
        'color',
        'rgba(0, 0, 0, 0.62)',
      );
      await inspect(page, 'filter-day-refused');
      await date.press('Escape');
      await page.getByRole('button', { name: 'Сброс', exact: true }).click();
      await expect(date).toHaveValue('');
    },
  );

  test('keeps what was typed through the end of the session', { annotation: covers('R-CUST-4') }, async ({ enter }) => {
    const page = await enter('customer');
    await startOrder(page);
    await page.getByRole('textbox', { name: 'Адрес или описание места' }).fill(orderInput.address);
    await expect(page.getByText('Сохранено.')).toBeVisible();
    await page.context().clearCookies({ name: 'epkr_session' });
    await page.getByRole('textbox', { name: 'Описание заказа' }).fill('Забор стоит иначе, чем в выписке.');
    await expect(page.getByRole('dialog', { name: 'Сеанс завершён' })).toBeVisible();
    await page.getByRole('link', { name: 'Войти снова' }).click();
    await expect(page.getByRole('heading', { level: 1, name: /^Новый заказ/ })).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Адрес или описание места' })).toHaveValue(orderInput.address);
    await expect(page.getByRole('textbox', { name: 'Описание заказа' })).toHaveValue(
      'Забор стоит иначе, чем в выписке.',
    );
  });

  test.describe('of a draft that is deleted', () => {
    test.use({ tolerated: [/status of 404|net::ERR_/] });

    test(
      'asks for confirmation, continues editing when the deletion fails, and then the order no longer exists',
      { annotation: covers('R-CUST-6', 'S-11') },
      async ({ enter }) => {
        const page = await enter('customer2');
        const number = await startOrder(page);
        await fillForm(page, orderInput);
        await expect(page.getByText('Сохранено.')).toBeVisible();
        const address = page.url();
        await page.getByRole('button', { name: 'Удалить проект' }).click();
        const question = page.getByRole('dialog', { name: 'Удалить проект заказа?' });
        await inspect(page, 'draft-deletion');
        await question.getByRole('button', { name: 'Отмена' }).click();
        await expect(question).toBeHidden();
        const remove = async () => {
          await page.getByRole('button', { name: 'Удалить проект' }).click();
          await question.getByRole('button', { name: 'Удалить' }).click();
        };
        await page.route('**/delete', (route) => route.abort(), { times: 1 });
        await remove();
        await expect(page.getByText('Связь прервалась, и принято ли действие, неизвестно.')).toBeVisible();
        await expect(question).toBeHidden();
        const saved = saveRequest(page, 'Забор на месте.');
        await page.getByRole('textbox', { name: 'Описание заказа' }).fill('Забор на месте.');
        await saved;
        await remove();
        await expect(page).toHaveURL(/\/orders$/);
        await expect(page.getByText(/^(Показано|Заказов пока нет)/)).toBeVisible();
        await expect(page.getByRole('link', { name: number })).toHaveCount(0);
        await page.goto(address);
        await expect(page.getByText('Такого заказа у вас нет')).toBeVisible();
        await page.goto(address.replace('/edit', ''));
        await expect(page.getByText('Такого заказа для вас нет')).toBeVisible();
      },
    );

    test('elsewhere shows why it can no longer be saved', async ({ enter }) => {
      const page = await enter('customer2');
      await startOrder(page);
      await new Party(page, new URL(page.url()).pathname.split('/').at(-2) ?? '').act('delete', {});
      await page.getByRole('textbox', { name: 'Описание заказа' }).fill('Забор на месте.');
      await expect(
        page.getByRole('status').filter({ hasText: 'Не сохранено. Такого заказа для вас нет.' }),
      ).toBeVisible();
    });
  });
});
