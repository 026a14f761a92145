import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { Party } from './harness/party';
import { expect, test } from './harness/test';

const street = `Сохранённая${Date.now()}`;

test(
  'an engineer saves a search, hears of a new order that it finds, and deletes it',
  { annotation: covers('R-KORD-2', 'R-KORD-4', 'R-KORD-8', 'R-NOTIF-1') },
  async ({ enter }) => {
    const page = await enter('engineer-tatarstan', 'Исполнитель (кадастровый инженер)');
    await page.goto('/orders/search');
    const panel = page.getByRole('form', { name: 'Фильтр' });
    const place = panel.getByRole('textbox', { name: 'Населенный пункт, улица' });
    await expect(page.getByRole('button', { name: 'Сохранить поиск' })).toHaveCount(0);
    await place.fill(street);
    await panel.getByRole('checkbox', { name: 'только заказы, где указана стоимость' }).check();
    await place.press('Enter');
    const chips = page.getByRole('list', { name: 'Заданный фильтр' }).getByRole('listitem');
    await expect(chips).toHaveText([`место: ${street}`, 'указана стоимость']);

    await page.getByRole('button', { name: 'Сохранить поиск' }).click();
    const form = page.getByRole('dialog', { name: 'Сохранить поиск' });
    const name = form.getByRole('textbox', { name: 'Название' });
    await form.getByRole('button', { name: 'Сохранить' }).click();
    await expect(name).toHaveAccessibleDescription(/Назовите поиск/);
    await name.fill(`Рядом ${street}`);
    await expect(form.getByRole('switch', { name: 'Уведомлять о новых заказах' })).toBeChecked();
    await inspect(page, 'search-save');
    await page.reload();
    await page.getByRole('button', { name: 'Сохранить поиск' }).click();
    await expect(name, 'what was typed is kept').toHaveValue(`Рядом ${street}`);
    await form.getByRole('button', { name: 'Сохранить' }).click();
    await expect(form).toBeHidden();
    const row = page
      .getByRole('region', { name: 'Сохранённые поиски' })
      .getByRole('listitem')
      .filter({ hasText: street });
    await expect(row).toContainText('указана стоимость');
    await expect(page.getByRole('button', { name: 'Сохранить поиск' }), 'the focus returns').toBeFocused();

    await row.getByRole('button', { name: /^Переименовать/ }).click();
    const rename = page.getByRole('dialog', { name: /^Переименовать поиск/ });
    await rename.getByRole('textbox', { name: 'Название' }).fill(`Улица ${street}`);
    await rename.getByRole('button', { name: 'Переименовать' }).click();
    await expect(rename).toBeHidden();

    // A chip removes its filter alone; the saved search brings both back.
    await page.getByRole('button', { name: 'Убрать: указана стоимость' }).click();
    await expect(chips).toHaveText([`место: ${street}`]);
    await row.getByRole('link', { name: `Улица ${street}` }).press('Enter'); // leaves no pointer over the link
    await expect(chips).toHaveCount(2);
    await inspect(page, 'search-saved');

    const customer = await enter('customer2');
    const { party, number } = await Party.createDraft(customer);
    await party.act('publish', {
      details: {
        region: '16',
        workKind: 'boundary-clarification',
        registration: false,
        termDays: 30,
        price: 4_200_000,
        prepayment: false,
      },
      text: { address: `г. Казань, ул. ${street}, участок 3` },
    });
    await page.getByRole('link', { name: /^Уведомления/ }).click();
    const notice = page.getByRole('listitem').filter({ hasText: number });
    await expect(notice).toContainText('Появился заказ по вашему сохранённому поиску');
    await notice.getByRole('link').first().click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(number);

    await page.goto('/orders/search');
    const notify = row.getByRole('switch', { name: /^Уведомлять/ });
    await notify.click();
    await expect(notify).not.toBeChecked();
    await row.getByRole('button', { name: /^Удалить/ }).click();
    const question = page.getByRole('dialog');
    await inspect(page, 'search-delete');
    await question.getByRole('button', { name: 'Удалить поиск' }).click();
    await expect(row).toHaveCount(0);
  },
);
