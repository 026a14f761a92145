import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { find, publish, orderInput } from './harness/orders';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';

const engineer = 'Исполнитель (кадастровый инженер)';

test(
  'an order is abandoned by its performer, amended, republished and cancelled, and all pages update immediately',
  { annotation: covers('R-RESP-3', 'R-CUST-6', 'R-CANC-1', 'S-9', 'S-11', 'S-12', 'S-13') },
  async ({ enter }) => {
    const page = await enter('customer-ip', 'Заказчик (физическое лицо)');
    const { card, number } = await publish(page, orderInput);
    const [leaving, staying] = ['engineer-employee', 'engineer-moscow'] as const;
    const first = await find(await enter(leaving, engineer), number);
    const second = await find(await enter(staying, engineer), number);
    for (const [engineerCard, price] of [
      [first, '39 000'],
      [second, '41 000'],
    ] as const) {
      await engineerCard.act(
        'Откликнуться',
        (form) => form.getByRole('textbox', { name: 'Стоимость работ' }).fill(price),
        'Откликнуться',
      );
    }
    const chooseButton = (login: string) =>
      page.getByRole('button', { name: `Выбрать исполнителя: ${userOf(login).name}` });
    const dialog = page.getByRole('dialog');
    const comment = dialog.getByRole('textbox', { name: 'Комментарий исполнителю' });
    await chooseButton(staying).click();
    await comment.fill('Приезжайте в пятницу.');
    await dialog.getByRole('button', { name: 'Отмена' }).click();
    await chooseButton(leaving).click();
    await expect(comment).toHaveValue('Приезжайте в пятницу.');
    await expect(dialog.getByRole('radio', { name: userOf(leaving).name })).toBeChecked();
    await dialog.getByRole('button', { name: 'Выбрать исполнителя' }).click();
    await card.expectStage('Подписание договора');

    await first.expectStage('Подписание договора');
    const leave = await first.open('Отказаться от заказа');
    await leave.getByRole('button', { name: 'Отказаться от заказа' }).click();
    await expect(leave.getByRole('textbox', { name: 'Причина' })).toHaveAccessibleDescription(/Укажите причину/);
    await inspect(first.page, 'form-reason');
    await leave.getByRole('textbox', { name: 'Причина' }).fill('Занят до конца месяца.');
    await leave.getByRole('button', { name: 'Отказаться от заказа' }).click();
    await card.expectStage('Выбор исполнителя');
    await expect(page.getByText('Занят до конца месяца.').first()).toBeVisible();

    await page.getByRole('region', { name: 'Действия' }).getByRole('button', { name: 'Изменить заказ' }).click();
    await expect(page.getByText('После публикации исполнители должны подтвердить новые условия')).toBeVisible();
    await inspect(page, 'order-form-amend');
    await page.getByRole('textbox', { name: 'Стоимость, рублей' }).fill('40 000');
    await page.getByRole('button', { name: 'Опубликовать заказ' }).click();
    await card.expectStage('Выбор исполнителя');
    await expect(chooseButton(staying)).toBeDisabled();
    await second.act(
      'Подтвердить изменённые условия',
      async (form) => expect(form.getByText('40 000,00 ₽')).toBeVisible(),
      'Подтвердить изменённые условия',
    );
    await expect(chooseButton(staying)).toBeEnabled();

    await card.act(
      'Отменить заказ',
      (form) => form.getByRole('textbox').fill('Продаём участок без межевания.'),
      'Отменить заказ',
    );
    await card.expectStage('Отменен заказчиком');
    await second.expectStage('Отменен заказчиком');
    await inspect(page, 'order-cancelled');
    await inspect(second.page, 'order-cancelled-to-engineer');
  },
);
