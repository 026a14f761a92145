import { expectUploaded, attach, startUpload, type Card } from './harness/card';
import { covers } from './harness/covers';
import { pauseRequests, isPartUpload, isCardRead, isAction } from './harness/pausedRequests';
import { inspect } from './harness/inspect';
import { find, publish, orderInput } from './harness/orders';
import {
  chooseButton,
  chooseResponse,
  confirm,
  invoicePrepayment,
  payWorks,
  rate,
  respond,
  sendContract,
  sendFinal,
  signAct,
  signContract,
  submitResults,
} from './harness/steps';
import { pdf, Signer } from './harness/testFiles';
import { expect, test } from './harness/test';

test.describe('a whole order', () => {
  const customer = 'customer';
  const engineer = 'engineer-moscow';
  let customerSigner: Signer, engineerSigner: Signer;

  test.beforeAll(() => {
    customerSigner = new Signer(customer);
    engineerSigner = new Signer(engineer);
  });

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

      await respond(engineerCard, '38 500', 'Готов выехать на место на этой неделе.');
      await expect(page.getByRole('row').filter({ has: chooseButton(page, engineer) })).toContainText('38 500,00 ₽');
      await inspect(page, 'order-responses');
      await chooseResponse(card, engineer);

      const contract = pdf('Договор подряда');
      await engineerCard.expectStage('Подписание договора');
      await sendContract(engineerCard, contract, await engineerSigner.sign(contract), '30', async (form) => {
        await expect(form.getByRole('textbox', { name: 'Стоимость работ' })).toHaveValue('38500');
        await expect(form.getByRole('textbox', { name: 'Сумма аванса' })).toHaveValue('11550');
        await expect(form.getByRole('textbox', { name: 'Оставшаяся часть' })).toHaveValue('26950');
        await inspect(page2, 'form-contract');
      });
      await expect(engineerCard.page.getByText('На утверждении с заказчиком')).toBeVisible();

      await signContract(card, await customerSigner.sign(contract), async (form) => {
        const terms = form.getByRole('table').getByRole('row');
        await expect(terms.filter({ hasText: 'Стоимость работ' })).toHaveText(/38\s500,00\s₽38\s500,00\s₽$/);
        await expect(terms.filter({ hasText: 'Аванс' })).toContainText('11 550,00 ₽ (30 %)');
        await inspect(page, 'form-signature');
      });
      await card.expectStage('Предоплата');

      await engineerCard.expectStage('Предоплата');
      await invoicePrepayment(engineerCard, 'https://bank.example.ru/invoice/1');
      await card.act(
        'Оплатить счет на предоплату',
        async (form) => {
          await expect(form.getByRole('strong').filter({ hasText: '11 550,00 ₽' })).toBeVisible();
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
      await confirm(engineerCard, 'Подтвердить получение предоплаты');
      await engineerCard.expectStage('Выполнение работ');

      await card.expectStage('Выполнение работ');
      await inspect(page2, 'order-in-work');
      await submitResults(engineerCard, () => inspect(page2, 'form-results'));
      await card.expectStage('Приемка работ');
      await confirm(card, 'Перейти к приемке', 'Отправить');
      await card.expectStage('Постановка на ГКУ/ГРП');

      await engineerCard.expectStage('Постановка на ГКУ/ГРП');
      await expect(page2.getByRole('link', { name: 'ГКУ/ГРП', exact: true })).toHaveAttribute(
        'href',
        'https://lk.rosreestr.ru/?service=both',
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
      const signature = await engineerSigner.sign(act);
      await sendFinal(engineerCard, act, signature, 'https://bank.example.ru/invoice/2', async (form) => {
        await inspect(page2, 'form-final');
        const lateFile = pdf('Уведомление о ГКУ');
        const parts = await pauseRequests(page2, 'PUT', isPartUpload);
        await startUpload(form, 'Документы о результате ГКУ/ГРП', lateFile);
        await parts.reached;
        await form.getByRole('textbox', { name: 'Ссылка на счет' }).press('Enter');
        await parts.release();
        await expectUploaded(form, 'Документы о результате ГКУ/ГРП', lateFile);
      });

      await card.expectStage('Оплата заказа');
      await signAct(card, await customerSigner.sign(act));
      await payWorks(card, '26 950,00 ₽');
      await confirm(engineerCard, 'Подтвердить получение оплаты');
      await engineerCard.expectStage('Заказ выполнен');
      await card.expectStage('Заказ выполнен');
      await rate(card, '5', 'Всё выполнено в срок, спасибо.', () => inspect(page, 'form-rating'));

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
