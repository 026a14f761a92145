import type { Locator, Page } from '@playwright/test';
import { Card } from './harness/card';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { Party } from './harness/party';
import { userOf } from './harness/platform';
import { pdf } from './harness/testFiles';
import { expect, test } from './harness/test';

const asEngineer = 'Исполнитель (кадастровый инженер)';
const [customer, engineer, another] = ['customer2', 'engineer-moscow', 'engineer-employee2'];

const response = (rubles: number) => ({ details: { price: rubles * 100, termDays: 45 } });

const chat = (page: Page) => page.getByRole('complementary', { name: 'Чат', exact: true });
const log = (page: Page) => page.getByRole('log', { name: 'Сообщения чата' });
const field = (page: Page) => page.getByRole('textbox', { name: 'Сообщение', exact: true });
const envelope = (page: Page) => page.getByRole('banner').getByRole('link', { name: /^Сообщения/ });

/** Types a message and sends it by Enter. The field is then empty. */
async function write(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press('Enter');
  await expect(field(page)).toHaveValue('');
}

/** Returns what stands in the shown thread, in its order. */
const words = (page: Page): Promise<string[]> => log(page).locator('.chat-text').allInnerTexts();

/** The message whose text begins so. */
const message = (page: Page, text: string): Locator => log(page).locator('.chat-message').filter({ hasText: text });

test.describe('the chat of an order', () => {
  test(
    'is where a customer and an engineer agree it, each pair apart from the others',
    {
      annotation: covers(
        'R-CHAT-1',
        'R-CHAT-2',
        'R-CHAT-3',
        'R-CHAT-4',
        'R-NOTIF-2',
        'R-GEN-9',
        'R-CONTR-6',
        'R-CUST-11',
        'S-32',
      ),
    },
    async ({ enter }) => {
      const page = await enter(customer);
      const [page2, page3] = [await enter(engineer, asEngineer), await enter(another, asEngineer)];
      const { party } = await Party.publish(page);
      await party.openCard();
      await new Card(page).expectStage('Выбор исполнителя');
      await expect(chat(page), 'nobody to talk with').toHaveCount(0);

      const parties = [page2, page3].map((one) => new Party(one, party.order));
      for (const one of parties) {
        await one.act('respond', response(40_500));
        await one.openCard();
        await expect(log(one.page)).toBeVisible();
      }
      const threads = chat(page).getByRole('navigation', { name: 'Чаты заказа' });
      await expect(threads.getByRole('button')).toHaveCount(2);

      // The engineer asks; the customer hears of it at once, in the list of this order's chats.
      await write(page2, 'Здравствуйте! Есть ли у вас межевой план соседей?');
      await expect(envelope(page)).toHaveAccessibleName('Сообщения: 1 новое');
      const line = threads.getByRole('button', { name: userOf(engineer).name });
      await expect(line).toContainText('Есть ли у вас межевой план соседей?');
      await inspect(page, 'chat-threads');
      await line.click();
      await expect(message(page, 'Есть ли у вас')).toBeVisible();
      await expect(envelope(page)).toHaveAccessibleName('Сообщения');
      await expect(message(page2, 'Есть ли у вас')).toContainText('прочитано');
      await expect(log(page3).getByText('Сообщений пока нет.')).toBeVisible();

      // What is hostile stays words; addresses are links.
      const long = 'ж'.repeat(10_000);
      await write(page, `<b onclick=alert(1)>жирно</b> (https://example.ru/план).`);
      await expect(message(page2, '<b onclick').getByRole('link')).toHaveAttribute('rel', /noopener/);
      await expect(message(page2, '<b onclick').getByRole('link')).toHaveText('https://example.ru/план');
      await field(page).fill(`${long}ж`);
      await expect(chat(page).getByRole('alert')).toContainText('лишних 1');
      await expect(chat(page).getByRole('button', { name: 'Отправить', exact: true })).toBeDisabled();
      await write(page, long);
      await expect(message(page2, long)).toBeVisible();
      await inspect(page2, 'chat-hostile');

      // A file, which the other side downloads.
      const plan = pdf('Межевой план');
      await chat(page).getByLabel('Выбор файлов').setInputFiles(plan);
      await expect(chat(page).getByRole('button', { name: `Убрать файл ${plan.name}` })).toBeVisible();
      await chat(page).getByRole('button', { name: 'Отправить', exact: true }).click();
      const link = log(page2).getByRole('link', { name: `Скачать: ${plan.name}` });
      await expect(link).toBeVisible();
      const downloading = page2.waitForEvent('download');
      await link.click();
      expect((await downloading).suggestedFilename()).toBe(plan.name);

      // The author corrects one message and withdraws another.
      await write(page, 'Выезд в пятнцу.');
      await message(page, 'Выезд в пятнцу.').getByRole('button', { name: 'Изменить' }).click();
      const correction = page.getByRole('textbox', { name: 'Новый текст сообщения' });
      await correction.fill('Выезд в пятницу.');
      await chat(page).getByRole('button', { name: 'Сохранить' }).click();
      await expect(message(page2, 'Выезд в пятницу.')).toContainText('изменено');
      await message(page, 'Выезд в пятницу.').getByRole('button', { name: 'Прежний текст' }).click();
      await expect(page.getByRole('dialog').getByText('Выезд в пятнцу.')).toBeVisible();
      await inspect(page, 'chat-earlier-texts');
      await page.keyboard.press('Escape');
      await write(page, 'Это не вам.');
      await message(page, 'Это не вам.').getByRole('button', { name: 'Отозвать' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Отозвать', exact: true }).click();
      await expect(message(page2, 'Сообщение отозвано')).toBeVisible();
      await expect(page2.getByText('Это не вам.')).toHaveCount(0);
      expect(await words(page)).toEqual(await words(page2));

      // After the choice the other one reads what he wrote, and writes no more.
      await write(page3, 'А я могу завтра.');
      await expect(envelope(page)).toHaveAccessibleName('Сообщения: 1 новое');
      const chosen = (await party.card()).responses?.find(({ engineer: one }) => one.name === userOf(engineer).name);
      await field(page3).fill('И скидка будет.');
      await party.act('choose', { details: { engineer: chosen?.engineer.id ?? '' } });
      await expect(chat(page3).getByText(/не исполнитель заказа/)).toBeVisible();
      await expect(field(page3)).toHaveValue('И скидка будет.');
      await expect(message(page3, 'А я могу завтра.')).toBeVisible();
      await write(page2, 'Спасибо, начинаю.');
      await expect(message(page, 'Спасибо, начинаю.')).toBeVisible();

      // The page «Сообщения» has both.
      await envelope(page).click();
      const list = page.getByRole('navigation', { name: 'Чаты', exact: true });
      await list
        .getByRole('link', { name: userOf(another).name })
        .first()
        .click();
      await expect(message(page, 'А я могу завтра.')).toBeVisible();
      await inspect(page, 'messages-thread');
      await page.setViewportSize({ width: 360, height: 740 });
      await page.getByRole('link', { name: '← Все чаты' }).click();
      await expect(page).toHaveURL(/\/messages$/);
      await expect(list.getByRole('link').first()).toBeVisible();
    },
  );
});
