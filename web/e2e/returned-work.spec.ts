import { Agreement } from './harness/agreement';
import type { Locator } from '@playwright/test';
import { attach, Card } from './harness/card';
import { covers } from './harness/covers';
import { hold, sends } from './harness/hold';
import { inspect } from './harness/inspect';
import { pdf } from './harness/papers';
import { expect, test } from './harness/test';

const [customer, engineer] = ['customer', 'engineer-moscow'];

// An answer that is lost on its way is in the console.
test.use({ tolerated: [/net::ERR_/] });

const files = (form: Locator) => form.getByRole('button', { name: /^Убрать файл/ });

test(
  'a contract and results come back with remarks, and are sent anew by link, by УИН and by hand',
  { annotation: covers('R-WORK-2', 'R-WORK-3', 'R-ACC-2', 'S-1', 'S-7', 'S-19', 'S-38') },
  async ({ enter }) => {
    const [page, page2] = [await enter(customer), await enter(engineer, 'Исполнитель (кадастровый инженер)')];
    const agreement = await Agreement.reach({
      customer: { login: customer, page },
      engineer: { login: engineer, page: page2 },
    });
    const [card, work] = [new Card(page), new Card(page2)];
    try {
      await agreement.sendContract();
      await agreement.customer.look();
      await agreement.engineer.look();
      const signing = await card.open('Перейти к подписанию');
      await attach(signing, 'Файл подписи договора', await agreement.sign('customer', pdf('Договор подряда')));
      await signing.getByRole('button', { name: 'Отмена' }).click();
      await card.act(
        'Вернуть договор на доработку',
        (form) => form.getByRole('textbox').fill('Не указан второй участок.'),
        'Вернуть договор на доработку',
      );
      await expect(page2.getByText('Не указан второй участок.').first()).toBeVisible();
      await expect(page2.getByRole('button', { name: 'Отправить договор' })).toBeVisible();
      await agreement.sendContract();
      const anew = await card.open('Перейти к подписанию');
      await expect(anew.getByRole('button', { name: 'Выбрать файл' })).toBeVisible();
      await expect(files(anew), 'a signature under the former contract is not one under this').toHaveCount(0);
      await anew.getByRole('button', { name: 'Отмена' }).click();
      await agreement.signContract();

      await work.isAt('Выполнение работ');
      const act = pdf('Акт выполненных работ');
      const handOver = (fill: (form: Locator) => Promise<void>) =>
        work.act(
          'Передать результаты работ',
          async (form) => {
            await fill(form);
            await attach(form, 'Акт выполненных работ', act);
            await attach(form, 'Файл подписи акта', await agreement.sign('engineer', act));
          },
          'Передать результаты работ',
        );
      const receive = async () => {
        await card.isAt('Приемка работ');
        await card.act('Получено', async () => undefined, 'Получено');
        await expect(
          page.getByRole('button', { name: 'Получено' }),
          'the receipt of this round is confirmed',
        ).toHaveCount(0);
      };
      const receiveUnanswered = async () => {
        await page.route(
          sends('confirm-receipt'),
          async (route) => {
            await route.fetch();
            await route.abort();
          },
          { times: 1 },
        );
        await card.isAt('Приемка работ');
        const form = await card.open('Получено');
        await form.getByRole('button', { name: 'Получено' }).click();
        await expect(form.getByRole('alert')).toContainText('принято ли действие, неизвестно');
        await form.getByRole('button', { name: 'Отмена' }).click();
      };
      const remark = async (form: Locator, remarks: string) => {
        const text = form.getByRole('textbox', { name: 'Замечания' });
        await expect(text).toHaveValue('');
        await expect(files(form)).toHaveCount(0);
        await text.fill(remarks);
        await attach(form, 'Файлы к замечаниям', pdf('Замечания'));
      };
      const isBack = async (remarks: string) => {
        await work.isAt('Выполнение работ');
        await expect(page2.getByText(remarks).first()).toBeVisible();
      };
      const giveBack = async (remarks: string) => {
        await card.act('Вернуть на доработку', (form) => remark(form, remarks), 'Вернуть на доработку');
        await isBack(remarks);
      };
      const giveBackWithoutWaiting = async (remarks: string) => {
        const form = await card.open('Вернуть на доработку');
        await remark(form, remarks);
        const sending = await hold(page, 'POST', sends('return-results'));
        await form.getByRole('button', { name: 'Вернуть на доработку' }).click();
        await sending.reached;
        await form.getByText('Закрыть', { exact: true }).click();
        await expect(form).toBeHidden();
        await sending.release();
        await expect(page.getByText('Вернуть на доработку: готово')).toBeVisible();
        await isBack(remarks);
      };

      await handOver(async (form) => {
        await form.getByRole('radio', { name: 'Указать ссылку на облачное хранилище' }).check();
        const link = form.getByRole('textbox', { name: 'Ссылка на облачное хранилище' });
        await link.fill('http://disk.example.ru/1');
        await form.getByRole('button', { name: 'Передать результаты работ' }).click();
        await expect(link).toHaveAccessibleDescription(/начинается с https/);
        await link.fill('https://disk.example.ru/1');
        await form.getByRole('textbox', { name: 'Что и как передано' }).fill('Архив с межевым планом.');
        await inspect(page2, 'form-results-link');
      });
      await receiveUnanswered();
      await expect(page.getByRole('link', { name: 'https://disk.example.ru/1' })).toBeVisible();
      await giveBackWithoutWaiting('Нет координат точки н4.');

      await handOver(async (form) => {
        await form.getByRole('radio', { name: 'Указать номер УИН электронного хранилища' }).check();
        await form.getByRole('textbox', { name: 'Номер УИН' }).fill('50-2026-0001234');
        await form.getByRole('textbox', { name: 'Что и как передано' }).fill('Межевой план в хранилище.');
      });
      await receive();
      await expect(page.getByText('50-2026-0001234').first()).toBeVisible();
      await inspect(page, 'order-acceptance');
      await giveBack('Площадь не совпадает с заданием.');

      await handOver(async (form) => {
        await form.getByRole('radio', { name: /^Физически/ }).check();
        await form.getByRole('textbox', { name: 'Что и как передано' }).fill('Диск передан в офисе заказчика.');
        await form.getByRole('radio', { name: 'Файл', exact: true }).check();
        await attach(form, 'Файл счета', pdf('Счет'));
      });
      await receive();
      await card.act(
        'Перейти к приемке',
        async (form) => attach(form, 'Файл подписи акта', await agreement.sign('customer', act)),
        'Отправить',
      );
      await card.isAt('Оплата заказа');
      await expect(
        card.documents.getByRole('region', { name: 'Замечания к результатам', exact: true }).getByRole('listitem'),
      ).toHaveCount(2);
      await expect(card.documents.getByRole('region', { name: 'Счет на оплату', exact: true })).toBeVisible();
    } finally {
      agreement.close();
    }
  },
);
