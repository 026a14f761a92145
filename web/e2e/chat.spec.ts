import type { Locator, Page } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { Card } from './harness/card';
import { ConnectionProxy } from './harness/connectionProxy';
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

const numbered = (page: Page, n: number): Locator => log(page).getByText(`Сообщение ${n}`, { exact: true });

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

  test(
    'goes on in a suspended order, and a document of the order is sent into it by one click',
    { annotation: covers('R-SUSP-2', 'R-CHAT-3') },
    async ({ enter }) => {
      const login = 'engineer-employee';
      const [page, page2] = [await enter(customer), await enter(login, asEngineer)];
      const agreement = await Agreement.create({
        customer: { login: customer, page },
        engineer: { login, page: page2 },
      });
      await agreement.sendContract();
      await agreement.signContract();
      await agreement.customer.openCard();
      await agreement.engineer.openCard();
      await page2.getByRole('button', { name: 'Отправить в чат: Договор подряда.pdf', exact: true }).click();
      await expect(log(page).getByRole('link', { name: 'Скачать: Договор подряда.pdf' })).toBeVisible();

      const employerPage = await enter('employer', 'Работодатель');
      await new Party(employerPage, agreement.customer.order).openCard();
      await expect(log(employerPage).getByRole('link', { name: 'Скачать: Договор подряда.pdf' })).toBeVisible();
      await expect(chat(employerPage).getByText(/вы можете её только читать/)).toBeVisible();
      await expect(field(employerPage)).toHaveCount(0);
      await new Card(employerPage).act(
        'Приостановить этот заказ',
        (form) => form.getByRole('textbox', { name: 'Причина' }).fill('Проверка на рабочем месте.'),
        'Приостановить этот заказ',
      );
      await new Card(page).expectStage('Приостановлен');
      await write(page, 'Когда продолжите?');
      await expect(message(page2, 'Когда продолжите?')).toBeVisible();
      await write(page2, 'В понедельник.');
      await expect(message(page, 'В понедельник.')).toBeVisible();
      await expect(message(employerPage, 'В понедельник.')).toBeVisible();
      await inspect(page2, 'chat-suspended');
      await new Card(employerPage).act(
        'Возобновить этот заказ',
        (form) => form.getByRole('textbox', { name: 'Причина' }).fill('Проверка окончена.'),
        'Возобновить этот заказ',
      );
      await new Card(page2).expectStage('Выполнение работ');
    },
  );

  test(
    'is read by the moderator of a dispute, who is warned before, and the parties are told',
    { annotation: covers('S-32') },
    async ({ enter }) => {
      const [page, page2] = [await enter(customer), await enter(engineer, asEngineer)];
      const agreement = await Agreement.create({
        customer: { login: customer, page },
        engineer: { login: engineer, page: page2 },
      });
      await agreement.sendContract();
      await agreement.signContract();
      await agreement.customer.openCard();
      await write(page, 'Работы стоят, отвечайте.');
      const moderator = new Party(await enter('moderator', 'Модератор системы'), agreement.customer.order);
      await moderator.openCard();
      await new Card(moderator.page).expectStage('Выполнение работ');
      await expect(chat(moderator.page)).toHaveCount(0);

      await new Card(page).act(
        'Пригласить модератора',
        async (form) => {
          await form.getByRole('radio', { name: 'Прекращение договора' }).check();
          await form.getByRole('textbox', { name: 'В чём спор' }).fill('Срок прошёл, результата нет.');
        },
        'Пригласить модератора',
      );
      await expect(chat(moderator.page).getByText(/стороны увидят в чате/)).toBeVisible();
      await inspect(moderator.page, 'chat-moderator-warned');
      await expect(log(page).getByText(/Модератор/)).toHaveCount(0);
      await chat(moderator.page).getByRole('button', { name: 'Открыть переписку' }).click();
      await expect(message(moderator.page, 'Работы стоят, отвечайте.')).toBeVisible();
      await expect(log(page).getByText(/Модератор открыл эту переписку/)).toBeVisible();
      await expect(field(moderator.page)).toHaveCount(0);
      await inspect(moderator.page, 'chat-moderator');
    },
  );

  test.describe('over a broken line', () => {
    test.use({ tolerated: [/net::ERR_/] });

    test(
      'loses and doubles nothing: what is typed stays, what is sent goes when the line is back',
      { annotation: covers('S-35', 'R-NOTIF-7') },
      async ({ enter }) => {
        const connection = await ConnectionProxy.open();
        try {
          const page = await enter(customer, undefined, { proxy: connection.proxy });
          const page2 = await enter(engineer, asEngineer);
          const { party } = await Party.publish(await enter(customer)); // not over the line
          const other = new Party(page2, party.order);
          await other.act('respond', response(41_000));
          await page.goto(`/orders/${party.order}`);
          await other.openCard();
          await write(page, 'Раз.');
          await expect(message(page2, 'Раз.')).toBeVisible();

          await field(page).fill('Набрано до разрыва');
          connection.cut();
          await field(page).press('Enter');
          await expect(chat(page).getByText(/^Не отправлено/)).toBeVisible();
          await field(page).fill('и после него');
          await write(page2, 'Пока вас не было.');
          await inspect(page, 'chat-offline');
          await expect(message(page, 'Раз.'), 'what was seen stays').toBeVisible();
          connection.restore();
          await expect(message(page2, 'Набрано до разрыва')).toBeVisible({ timeout: 60_000 });
          await expect(message(page, 'Пока вас не было.')).toBeVisible({ timeout: 60_000 });
          await expect(chat(page).getByText(/^Не отправлено/)).toHaveCount(0);
          await expect(field(page)).toHaveValue('и после него');

          await page.reload();
          await expect(field(page)).toHaveValue('и после него');
          await field(page).press('Enter');
          await expect(message(page2, 'и после него')).toBeVisible();
          const all = ['Раз.', 'Пока вас не было.', 'Набрано до разрыва', 'и после него'];
          await expect.poll(() => words(page)).toEqual(all);
          expect(await words(page2)).toEqual(all);
        } finally {
          connection.close();
        }
      },
    );
  });

  test(
    'is the same in three tabs, one as wide as a phone, and read in all when it is read in one',
    { annotation: covers('R-NOTIF-2', 'R-CHAT-4') },
    async ({ enter }) => {
      const [page, page2] = [await enter(customer), await enter(engineer, asEngineer)];
      const { party } = await Party.publish(page);
      const other = new Party(page2, party.order);
      await other.act('respond', response(42_000));
      await other.openCard();
      const context = page.context();
      const [tab, phone] = [await context.newPage(), await context.newPage()];
      await phone.setViewportSize({ width: 360, height: 740 });
      await tab.goto('/profile');
      await phone.goto(`/orders/${party.order}`);
      const bar = phone.getByRole('button', { name: /^message Чат|^Чат/ });
      await expect(bar).toBeVisible();
      const texts = Array.from({ length: 130 }, (_, n) => `Сообщение ${n + 1}`);
      for (const text of texts) {
        const sent = await page2.request.post(`/api/orders/${party.order}/chats/${await engineerOf(party)}/messages`, {
          headers: { 'Idempotency-Key': crypto.randomUUID() },
          data: { text },
        });
        expect(sent.status(), await sent.text()).toBe(201);
      }
      await expect(envelope(tab)).toHaveAccessibleName('Сообщения: 130 новых');
      await expect(bar).toContainText('130 новых сообщений');
      await bar.click();
      const sheet = phone.getByRole('dialog', { name: 'Чат' });
      await expect(sheet.getByText('Новые сообщения', { exact: true })).toBeVisible();
      await sheet.getByRole('button', { name: 'Новые сообщения ↓' }).click();
      await expect(numbered(phone, 130)).toBeInViewport();
      await expect(envelope(tab)).toHaveAccessibleName('Сообщения');
      await inspect(phone, 'chat-sheet');
      await sheet.getByRole('button', { name: 'Закрыть чат' }).click(); // it would read what comes
      await expect(sheet).toBeHidden();

      // Earlier pages come when they are scrolled to, and what is in sight stays in its place.
      await party.openCard();
      await expect(numbered(page, 130)).toBeInViewport();
      const list = chat(page).getByRole('group', { name: 'Переписка' });
      await list.evaluate((element) => (element.scrollTop = 0));
      await expect.poll(() => words(page)).toEqual(texts);
      await expect(numbered(page, 130)).not.toBeInViewport();
      await write(page2, 'И ещё одно.');
      await expect(chat(page).getByRole('button', { name: 'Новые сообщения ↓' })).toBeVisible();
      await expect(message(page, 'И ещё одно.')).not.toBeInViewport();

      await chat(page).getByRole('button', { name: 'Чат' }).click();
      await expect(field(page)).toBeHidden();
      await page.reload();
      await expect(chat(page)).toBeVisible();
      await expect(field(page), 'the choice stays on the device').toBeHidden();
      await bar.click();
      await write(phone, 'Отвечаю с телефона.');
      await expect(message(page2, 'Отвечаю с телефона.')).toBeVisible();
      await chat(page).getByRole('button', { name: 'Чат' }).click();
      await expect(message(page, 'Отвечаю с телефона.')).toBeInViewport();
    },
  );
});

/** The id of the only engineer who has responded. */
async function engineerOf(party: Party): Promise<string> {
  return (await party.card()).responses?.[0]?.engineer.id ?? '';
}
