import { Agreement } from './harness/agreement';
import type { Locator } from '@playwright/test';
import { attach, Card, leave } from './harness/card';
import { covers } from './harness/covers';
import { pauseRequests, isAction } from './harness/pausedRequests';
import { inspect } from './harness/inspect';
import { pdf } from './harness/testFiles';
import { expect, test } from './harness/test';

const [customer, engineer] = ['customer', 'engineer-moscow'];

// The console logs a lost answer.
test.use({ tolerated: [/net::ERR_/] });

const files = (form: Locator) => form.getByRole('button', { name: /^Убрать файл/ });

test(
  'a contract and results are returned with remarks and sent again: by a link, by УИН and in person',
  { annotation: covers('R-WORK-2', 'R-WORK-3', 'R-ACC-2', 'S-1', 'S-7', 'S-19', 'S-38') },
  async ({ enter }) => {
    const [page, page2] = [await enter(customer), await enter(engineer, 'Исполнитель (кадастровый инженер)')];
    const agreement = await Agreement.create({
      customer: { login: customer, page },
      engineer: { login: engineer, page: page2 },
    });
    const [card, engineerCard] = [new Card(page), new Card(page2)];
    await agreement.sendContract();
    await agreement.customer.openCard();
    await agreement.engineer.openCard();
    const signing = await card.open('Перейти к подписанию');
    await attach(signing, 'Файл подписи договора', await agreement.sign('customer', pdf('Договор подряда')));
    await leave(signing);
    await card.act(
      'Вернуть договор на доработку',
      (form) => form.getByRole('textbox').fill('Не указан второй участок.'),
      'Вернуть договор на доработку',
    );
    await expect(page2.getByText('Не указан второй участок.').first()).toBeVisible();
    await expect(page2.getByRole('button', { name: 'Отправить договор' })).toBeVisible();
    await agreement.sendContract();
    const signingAgain = await card.open('Перейти к подписанию');
    await expect(signingAgain.getByRole('button', { name: 'Выбрать файл' })).toBeVisible();
    await expect(files(signingAgain), 'a signature of the former contract is not restored for this one').toHaveCount(0);
    await leave(signingAgain);
    await agreement.signContract();

    await engineerCard.expectStage('Выполнение работ');
    const act = pdf('Акт выполненных работ');
    const submitResults = (fill: (form: Locator) => Promise<void>) =>
      engineerCard.act(
        'Передать результаты работ',
        async (form) => {
          await fill(form);
          await attach(form, 'Акт выполненных работ', act);
          await attach(form, 'Файл подписи акта', await agreement.sign('engineer', act));
        },
        'Передать результаты работ',
      );
    const confirmReceipt = async () => {
      await card.expectStage('Приемка работ');
      await card.act('Получено', async () => undefined, 'Получено');
      await expect(
        page.getByRole('button', { name: 'Получено' }),
        'the receipt of this round is confirmed',
      ).toHaveCount(0);
    };
    const confirmReceiptUnanswered = async () => {
      await page.route(
        isAction('confirm-receipt'),
        async (route) => {
          await route.fetch();
          await route.abort();
        },
        { times: 1 },
      );
      await card.expectStage('Приемка работ');
      const form = await card.open('Получено');
      await form.getByRole('button', { name: 'Получено' }).click();
      await expect(form.getByRole('alert')).toContainText('принято ли действие, неизвестно');
      await form.getByRole('button', { name: 'Отмена' }).click();
    };
    const fillRemarks = async (form: Locator, remarks: string) => {
      const text = form.getByRole('textbox', { name: 'Замечания' });
      await expect(text).toHaveValue('');
      await expect(files(form)).toHaveCount(0);
      await text.fill(remarks);
      await attach(form, 'Файлы к замечаниям', pdf('Замечания'));
    };
    const expectReturned = async (remarks: string) => {
      await engineerCard.expectStage('Выполнение работ');
      await expect(page2.getByText(remarks).first()).toBeVisible();
    };
    const returnResults = async (remarks: string) => {
      await card.act('Вернуть на доработку', (form) => fillRemarks(form, remarks), 'Вернуть на доработку');
      await expectReturned(remarks);
    };
    const returnResultsWithoutWaiting = async (remarks: string) => {
      const form = await card.open('Вернуть на доработку');
      await fillRemarks(form, remarks);
      const sending = await pauseRequests(page, 'POST', isAction('return-results'));
      await form.getByRole('button', { name: 'Вернуть на доработку' }).click();
      await sending.reached;
      await leave(form);
      await expect(form).toBeHidden();
      await sending.release();
      await expect(page.getByText('Вернуть на доработку: готово')).toBeVisible();
      await expectReturned(remarks);
    };

    await submitResults(async (form) => {
      await form.getByRole('radio', { name: 'Указать ссылку на облачное хранилище' }).check();
      const link = form.getByRole('textbox', { name: 'Ссылка на облачное хранилище' });
      await link.fill('http://disk.example.ru/1');
      await form.getByRole('button', { name: 'Передать результаты работ' }).click();
      await expect(link).toHaveAccessibleDescription(/начинается с https/);
      await link.fill('https://disk.example.ru/1');
      await form.getByRole('textbox', { name: 'Что и как передано' }).fill('Архив с межевым планом.');
      await inspect(page2, 'form-results-link');
    });
    await confirmReceiptUnanswered();
    await expect(page.getByRole('link', { name: 'https://disk.example.ru/1' })).toBeVisible();
    await returnResultsWithoutWaiting('Нет координат точки н4.');

    await submitResults(async (form) => {
      await form.getByRole('radio', { name: 'Указать номер УИН электронного хранилища' }).check();
      await form.getByRole('textbox', { name: 'Номер УИН' }).fill('50-2026-0001234');
      await form.getByRole('textbox', { name: 'Что и как передано' }).fill('Межевой план в хранилище.');
    });
    await confirmReceipt();
    await expect(page.getByText('50-2026-0001234').first()).toBeVisible();
    await inspect(page, 'order-acceptance');
    await returnResults('Площадь не совпадает с заданием.');

    await submitResults(async (form) => {
      await form.getByRole('radio', { name: /^Физически/ }).check();
      await form.getByRole('textbox', { name: 'Что и как передано' }).fill('Диск передан в офисе заказчика.');
      await form.getByRole('radio', { name: 'Файл', exact: true }).check();
      await attach(form, 'Файл счета', pdf('Счет'));
    });
    await confirmReceipt();
    await card.act(
      'Перейти к приемке',
      async (form) => attach(form, 'Файл подписи акта', await agreement.sign('customer', act)),
      'Отправить',
    );
    await card.expectStage('Оплата заказа');
    await expect(
      card.documents.getByRole('region', { name: 'Замечания к результатам', exact: true }).getByRole('listitem'),
    ).toHaveCount(2);
    await expect(card.documents.getByRole('region', { name: 'Счет на оплату', exact: true })).toBeVisible();
  },
);
