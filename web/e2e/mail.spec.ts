import { randomUUID } from 'node:crypto';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { Party } from './harness/party';
import { platform } from './harness/platform';
import { expect, test } from './harness/test';

// A wrong address is refused; the frame that shows a letter allows no scripts, also not those of the test.
test.use({ tolerated: [/status of 422|Blocked script execution/] });

test(
  'a customer confirms his address, gets a letter of a response, opens its link, and unsubscribes',
  { annotation: covers('B-7') },
  async ({ enter, visit }) => {
    const address = `customer-${randomUUID()}@example.com`;
    const page = await enter('customer2');
    await page.goto('/settings');
    const field = page.getByRole('textbox', { name: 'Адрес электронной почты' });
    await expect(field, 'suggested by Госуслуги').toHaveValue(/@example\.com$/);
    await field.fill('нет');
    const ask = page.getByRole('button', { name: 'Подтвердить адрес' });
    await ask.click();
    await expect(field).toHaveAccessibleDescription(/неверный вид адреса/);
    await field.fill(address);
    await ask.click();
    await expect(page.getByText(`На адрес ${address} отправлена ссылка`)).toBeVisible();
    await inspect(page, 'settings-mail-asked');

    // The letters are read in another browser, without a session.
    const letters = await visit();
    const open = async (subject: string | RegExp) => {
      await expect(async () => {
        await letters.goto(`${platform.mail}/?to=${encodeURIComponent(address)}`);
        await expect(letters.getByRole('link', { name: subject })).toBeVisible({ timeout: 1000 });
      }).toPass();
      await letters.getByRole('link', { name: subject }).click();
      return letters.frameLocator('iframe[title="Письмо"]');
    };
    const addressOf = async (name: string, subject: string | RegExp) =>
      (await (await open(subject)).getByRole('link', { name }).getAttribute('href')) ?? '';

    await letters.goto(await addressOf('Подтвердить адрес', 'Подтвердите адрес электронной почты'));
    await inspect(letters, 'mail-confirm');
    await letters.getByRole('button', { name: 'Подтвердить адрес' }).click();
    await expect(letters.getByRole('heading', { name: 'Адрес подтверждён' })).toBeVisible();
    await page.reload();
    await expect(page.getByText(`Письма приходят на адрес ${address}`)).toBeVisible();
    await expect(
      page.getByRole('radiogroup', { name: 'Ждут вашего действия' }).getByRole('radio', { name: 'сразу' }),
    ).toBeChecked();
    await page
      .getByRole('radiogroup', { name: 'Ход ваших заказов' })
      .getByRole('radio', { name: 'не присылать' })
      .click(); // it is checked when it is saved
    await expect(page.getByText('Сохранено')).toBeVisible();
    await page.reload();
    await expect(
      page.getByRole('radiogroup', { name: 'Ход ваших заказов' }).getByRole('radio', { name: 'не присылать' }),
    ).toBeChecked();
    await inspect(page, 'settings-mail');

    const { party, number } = await Party.publish(page);
    const engineer = await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)');
    await new Party(engineer, party.order).act('respond', { details: { price: 4_000_000, termDays: 45 } });
    const subject = `Заказ ${number}: Новый отклик кадастрового инженера`;
    await page.goto(await addressOf('Открыть на платформе', subject));
    await expect(page.getByRole('heading', { name: new RegExp(number) }).first()).toBeVisible();

    await letters.goto(await addressOf('Больше не присылать писем', subject));
    await inspect(letters, 'mail-unsubscribe');
    await letters.getByRole('button', { name: 'Не присылать писем' }).click();
    await expect(letters.getByRole('heading', { name: 'Писем больше не будет' })).toBeVisible();
    await page.goto('/settings');
    await expect(page.getByText(/Вы отказались от писем/)).toBeVisible();
    await inspect(page, 'settings-mail-stopped');
    await page.getByRole('button', { name: 'Снова присылать' }).click();
    await expect(page.getByRole('radiogroup', { name: 'Ход ваших заказов' })).toBeVisible();
    await page.getByRole('button', { name: 'Удалить адрес' }).click();
    await expect(page.getByText('Укажите адрес, чтобы уведомления приходили и письмами')).toBeVisible();
  },
);
