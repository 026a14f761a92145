import { expectUploaded, attach, startUpload, type Card } from './harness/card';
import { covers } from './harness/covers';
import { dayFromNow } from './harness/days';
import { pauseRequests, isPartUpload, isCardRead, isAction } from './harness/pausedRequests';
import { inspect } from './harness/inspect';
import { find, publish, orderInput } from './harness/orders';
import { pdf, Signer } from './harness/testFiles';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';

test.describe('a whole order', () => {
  const customer = 'customer';
  const engineer = 'engineer-moscow';
  let customerSigner: Signer, engineerSigner: Signer;

  test.beforeAll(() => {
    customerSigner = new Signer(userOf(customer).name);
    engineerSigner = new Signer(userOf(engineer).name);
  });
  test.afterAll(() => [customerSigner, engineerSigner].forEach((signer) => signer.close()));

  test(
    'is completed by two users with prepayment and ГКУ/ГРП, without reloads',
    {
      annotation: covers(
        'R-GEN-1',
        'R-GEN-5',
        'R-GEN-10',
        'R-GEN-11',
        'R-CUST-5',
        'R-RESP-1',
        'R-RESP-2',
        'R-RESP-3',
        'R-CONTR-11',
        'R-CONTR-13',
        'R-CONTR-14',
        'R-PREP-1',
        'R-PREP-2',
        'R-PREP-5',
        'R-WORK-2',
        'R-WORK-3',
        'R-ACC-1',
        'R-ACC-2',
        'R-ACC-4',
        'R-GKU-1',
        'R-GKU-3',
        'R-PAY-1',
        'R-PAY-2',
        'R-PAY-3',
        'R-RATE-1',
        'R-NOTIF-1',
        'S-2',
        'S-20',
        'S-25',
      ),
    },
    async ({ enter }) => {
      const page = await enter(customer);
      const { card, number } = await publish(page, { ...orderInput, prepayment: true, registration: true });
      const page2 = await enter(engineer, 'Исполнитель (кадастровый инженер)');
      const engineerCard = await find(page2, number);
      const reloadChecks = [await watchReloads(card), await watchReloads(engineerCard)];
      await inspect(page, 'order-published');
      await inspect(page2, 'order-open-to-engineer');

      await engineerCard.act(
        'Откликнуться',
        async (form) => {
          await form.getByRole('textbox', { name: 'Стоимость работ' }).fill('38 500');
          await form
            .getByRole('textbox', { name: 'Комментарий заказчику' })
            .fill('Готов выехать на место на этой неделе.');
        },
        'Откликнуться',
      );
      const chooseButton = page.getByRole('button', { name: `Выбрать исполнителя: ${userOf(engineer).name}` });
      await expect(page.getByRole('row').filter({ has: chooseButton })).toContainText('38 500,00 ₽');
      await inspect(page, 'order-responses');
      await chooseButton.click();
      await page.getByRole('dialog').getByRole('button', { name: 'Выбрать исполнителя' }).click();
      await card.expectStage('Подписание договора');

      const contract = pdf('Договор подряда');
      await engineerCard.expectStage('Подписание договора');
      await engineerCard.act(
        'Отправить договор',
        async (form) => {
          await attach(form, 'Собственный файл договора', contract);
          await attach(form, 'Файл подписи договора', await engineerSigner.sign(contract));
          await expect(form.getByRole('textbox', { name: 'Стоимость работ' })).toHaveValue('38500');
          await form.getByRole('textbox', { name: 'Процент аванса' }).fill('30');
          await expect(form.getByRole('textbox', { name: 'Сумма аванса' })).toHaveValue('11550');
          await expect(form.getByRole('textbox', { name: 'Оставшаяся часть' })).toHaveValue('26950');
          await form.getByRole('textbox', { name: 'Срок исполнения' }).fill(dayFromNow(45));
          await form.getByRole('textbox', { name: 'Срок исполнения' }).press('Tab');
          await inspect(page2, 'form-contract');
        },
        'Подписать и отправить на согласование',
      );
      await expect(engineerCard.page.getByText('На утверждении с заказчиком')).toBeVisible();

      await card.act(
        'Перейти к подписанию',
        async (form) => {
          await attach(form, 'Файл подписи договора', await customerSigner.sign(contract));
          await inspect(page, 'form-signature');
        },
        'Подписать и отправить',
      );
      await card.expectStage('Предоплата');

      await engineerCard.expectStage('Предоплата');
      await engineerCard.act(
        'Отправить счет на предоплату',
        async (form) => {
          await form.getByRole('textbox', { name: 'Ссылка на счет' }).fill('https://bank.example.ru/invoice/1');
        },
        'Отправить',
      );
      await card.act(
        'Оплатить счет на предоплату',
        async (form) => {
          await expect(form.getByText('11 550,00 ₽')).toBeVisible();
          await expect(form.getByRole('link', { name: 'Перейти к оплате по ссылке исполнителя' })).toHaveAttribute(
            'href',
            'https://bank.example.ru/invoice/1',
          );
          const parts = await pauseRequests(page, 'PUT', isPartUpload);
          await startUpload(form, 'Документ об оплате', pdf('Квитанция'));
          await parts.reached;
          await expect(form.getByRole('button', { name: 'Файлы загружаются' })).toBeDisabled();
          const without = form.getByRole('checkbox', { name: 'Документа об оплате нет' });
          await without.check();
          await expect(form.getByRole('button', { name: 'Оплачено' })).toBeEnabled();
          await without.uncheck();
          await parts.release();
          await attach(form, 'Документ об оплате', pdf('Квитанция о предоплате'));
          await inspect(page, 'form-prepayment');
        },
        'Оплачено',
      );
      await engineerCard.act(
        'Подтвердить получение предоплаты',
        async () => undefined,
        'Подтвердить получение предоплаты',
      );
      await engineerCard.expectStage('Выполнение работ');

      await card.expectStage('Выполнение работ');
      await inspect(page2, 'order-in-work');
      await engineerCard.act(
        'Передать результаты работ',
        async (form) => {
          await attach(form, 'Файлы результата', pdf('Межевой план'));
          await inspect(page2, 'form-results');
        },
        'Передать результаты работ',
      );
      await card.expectStage('Приемка работ');
      await card.act('Перейти к приемке', async () => undefined, 'Отправить');
      await card.expectStage('Постановка на ГКУ/ГРП');

      await engineerCard.expectStage('Постановка на ГКУ/ГРП');
      await expect(page2.getByRole('link', { name: 'ГКУ/ГРП', exact: true })).toHaveAttribute(
        'href',
        'https://lk.rosreestr.ru/',
      );
      const statusForm = await engineerCard.open('Сообщить о ходе ГКУ/ГРП');
      await statusForm.getByRole('radio', { name: 'На рассмотрении' }).check();
      const kuvd = statusForm.getByRole('textbox', { name: 'Номер КУВД' });
      await kuvd.fill('КУВД-001/2026-1234567');
      const reports: string[] = [];
      page2.on(
        'request',
        (request) => void (isAction('report-registration')(new URL(request.url())) && reports.push(request.url())),
      );
      const pausedReads = await pauseRequests(page2, 'GET', isCardRead);
      const verdict = page2.waitForResponse((response) => isAction('report-registration')(new URL(response.url())));
      await kuvd.press('Enter');
      await (await verdict).finished();
      await pausedReads.reached;
      await kuvd.press('Enter');
      await pausedReads.release();
      await expect(statusForm).toBeHidden();
      expect(reports, 'Enter sends once').toHaveLength(1);
      await expect(card.page.getByText('КУВД-001/2026-1234567').first()).toBeVisible();
      const act = pdf('Акт выполненных работ');
      await engineerCard.act(
        'Отправить заказчику итог',
        async (form) => {
          await attach(form, 'Документы о результате ГКУ/ГРП', pdf('Выписка из ЕГРН'));
          await attach(form, 'Акт выполненных работ', act);
          await attach(form, 'Файл подписи акта', await engineerSigner.sign(act));
          const link = form.getByRole('textbox', { name: 'Ссылка на счет' });
          await link.fill('https://bank.example.ru/invoice/2');
          await inspect(page2, 'form-final');
          const lateFile = pdf('Уведомление о ГКУ');
          const parts = await pauseRequests(page2, 'PUT', isPartUpload);
          await startUpload(form, 'Документы о результате ГКУ/ГРП', lateFile);
          await parts.reached;
          await link.press('Enter');
          await parts.release();
          await expectUploaded(form, 'Документы о результате ГКУ/ГРП', lateFile);
        },
        'Отправить',
      );

      await card.expectStage('Оплата заказа');
      await card.act(
        'Подписать акт',
        async (form) => attach(form, 'Файл подписи акта', await customerSigner.sign(act)),
        'Подписать акт',
      );
      await card.act(
        'Оплатить работу исполнителя',
        async (form) => {
          await expect(form.getByText('26 950,00 ₽')).toBeVisible();
          await attach(form, 'Документ об оплате', pdf('Квитанция об оплате'));
        },
        'Оплата произведена',
      );
      await engineerCard.act('Подтвердить получение оплаты', async () => undefined, 'Подтвердить получение оплаты');
      await engineerCard.expectStage('Заказ выполнен');
      await card.expectStage('Заказ выполнен');
      const rating = page.locator('form').filter({ has: page.getByRole('textbox', { name: 'Отзыв' }) });
      await rating.getByRole('radio', { name: '5', exact: true }).check();
      await rating.getByRole('textbox', { name: 'Отзыв' }).fill('Всё выполнено в срок, спасибо.');
      await inspect(page, 'form-rating');
      await rating.getByRole('button', { name: 'Сохранить' }).click();
      await expect(rating).toHaveCount(0);

      for (const kind of [
        'Договор',
        'Подписи договора',
        'Документы о предоплате',
        'Результаты работ',
        'Акт выполненных работ',
        'Подписи акта',
        'Результат ГКУ/ГРП',
        'Документы об оплате',
      ]) {
        await expect(card.documents.getByRole('region', { name: kind, exact: true })).toBeVisible();
      }
      await expect(page2.getByText('Всё выполнено в срок, спасибо.').first()).toBeVisible();
      await expect(page2.getByRole('link', { name: /^Уведомления: \d+ нов/ })).toBeVisible();
      await inspect(page, 'order-completed');
      for (const expectNoReload of reloadChecks) await expectNoReload();
    },
  );
});

/** Marks the document of a page; the returned function expects that it was not reloaded. */
async function watchReloads({ page }: Card): Promise<() => Promise<void>> {
  const mark = crypto.randomUUID();
  await page.evaluate((text) => document.documentElement.setAttribute('data-mark', text), mark);
  return async () => expect(page.locator('html'), 'the page was not reloaded').toHaveAttribute('data-mark', mark);
}
