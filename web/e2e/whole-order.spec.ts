import { arrived, attach, give, type Card } from './harness/card';
import { covers } from './harness/covers';
import { dayFromNow } from './harness/days';
import { hold, isPart, readsCard, sends } from './harness/hold';
import { inspect } from './harness/inspect';
import { find, publish, wish } from './harness/orders';
import { pdf, Signer } from './harness/papers';
import { personOf } from './harness/platform';
import { expect, test } from './harness/test';

test.describe('a whole order', () => {
  const customer = 'customer';
  const engineer = 'engineer-moscow';
  let theirs: Signer, his: Signer;

  test.beforeAll(() => {
    theirs = new Signer(personOf(customer).name);
    his = new Signer(personOf(engineer).name);
  });
  test.afterAll(() => [theirs, his].forEach((signer) => signer.close()));

  test(
    'two people carry it with prepayment and ГКУ/ГРП to its end, and nobody reloads',
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
      const { card, number } = await publish(page, { ...wish, prepayment: true, registration: true });
      const page2 = await enter(engineer, 'Исполнитель (кадастровый инженер)');
      const work = await find(page2, number);
      const unbroken = [await watchReloads(card), await watchReloads(work)];
      await inspect(page, 'order-published');
      await inspect(page2, 'order-open-to-engineer');

      await work.act(
        'Откликнуться',
        async (form) => {
          await form.getByRole('textbox', { name: 'Стоимость работ' }).fill('38 500');
          await form
            .getByRole('textbox', { name: 'Комментарий заказчику' })
            .fill('Готов выехать на место на этой неделе.');
        },
        'Откликнуться',
      );
      const pick = page.getByRole('button', { name: `Выбрать исполнителя: ${personOf(engineer).name}` });
      await expect(page.getByRole('listitem').filter({ has: pick })).toContainText('38 500,00 ₽');
      await inspect(page, 'order-responses');
      await pick.click();
      await page.getByRole('dialog').getByRole('button', { name: 'Выбрать исполнителя' }).click();
      await card.isAt('Подписание договора');

      const contract = pdf('Договор подряда');
      await work.isAt('Подписание договора');
      await work.act(
        'Отправить договор',
        async (form) => {
          await attach(form, 'Собственный файл договора', contract);
          await attach(form, 'Файл подписи договора', await his.sign(contract));
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
      await expect(work.page.getByText('На утверждении с заказчиком')).toBeVisible();

      await card.act(
        'Перейти к подписанию',
        async (form) => {
          await attach(form, 'Файл подписи договора', await theirs.sign(contract));
          await inspect(page, 'form-signature');
        },
        'Подписать и отправить',
      );
      await card.isAt('Предоплата');

      await work.isAt('Предоплата');
      await work.act(
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
          const parts = await hold(page, 'PUT', isPart);
          await give(form, 'Документ об оплате', pdf('Квитанция'));
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
      await work.act('Подтвердить получение предоплаты', async () => undefined, 'Подтвердить получение предоплаты');
      await work.isAt('Выполнение работ');

      await card.isAt('Выполнение работ');
      await inspect(page2, 'order-in-work');
      await work.act(
        'Передать результаты работ',
        async (form) => {
          await attach(form, 'Файлы результата', pdf('Межевой план'));
          await inspect(page2, 'form-results');
        },
        'Передать результаты работ',
      );
      await card.isAt('Приемка работ');
      await card.act('Перейти к приемке', async () => undefined, 'Отправить');
      await card.isAt('Постановка на ГКУ/ГРП');

      await work.isAt('Постановка на ГКУ/ГРП');
      await expect(page2.getByRole('link', { name: 'ГКУ/ГРП', exact: true })).toHaveAttribute(
        'href',
        'https://lk.rosreestr.ru/',
      );
      const news = await work.open('Сообщить о ходе ГКУ/ГРП');
      await news.getByRole('radio', { name: 'На рассмотрении' }).check();
      const kuvd = news.getByRole('textbox', { name: 'Номер КУВД' });
      await kuvd.fill('КУВД-001/2026-1234567');
      const told: string[] = [];
      page2.on(
        'request',
        (request) => void (sends('report-registration')(new URL(request.url())) && told.push(request.url())),
      );
      const readings = await hold(page2, 'GET', readsCard);
      const verdict = page2.waitForResponse((response) => sends('report-registration')(new URL(response.url())));
      await kuvd.press('Enter');
      await (await verdict).finished();
      await readings.reached;
      await kuvd.press('Enter');
      await readings.release();
      await expect(news).toBeHidden();
      expect(told, 'Enter sends once').toHaveLength(1);
      await expect(card.page.getByText('КУВД-001/2026-1234567').first()).toBeVisible();
      const act = pdf('Акт выполненных работ');
      await work.act(
        'Отправить заказчику итог',
        async (form) => {
          await attach(form, 'Документы о результате ГКУ/ГРП', pdf('Выписка из ЕГРН'));
          await attach(form, 'Акт выполненных работ', act);
          await attach(form, 'Файл подписи акта', await his.sign(act));
          const link = form.getByRole('textbox', { name: 'Ссылка на счет' });
          await link.fill('https://bank.example.ru/invoice/2');
          await inspect(page2, 'form-final');
          const late = pdf('Уведомление о ГКУ');
          const parts = await hold(page2, 'PUT', isPart);
          await give(form, 'Документы о результате ГКУ/ГРП', late);
          await parts.reached;
          await link.press('Enter');
          await parts.release();
          await arrived(form, 'Документы о результате ГКУ/ГРП', late);
        },
        'Отправить',
      );

      await card.isAt('Оплата заказа');
      await card.act(
        'Подписать акт',
        async (form) => attach(form, 'Файл подписи акта', await theirs.sign(act)),
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
      await work.act('Подтвердить получение оплаты', async () => undefined, 'Подтвердить получение оплаты');
      await work.isAt('Заказ выполнен');
      await card.isAt('Заказ выполнен');
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
      for (const held of unbroken) await held();
    },
  );
});

/** Marks the document that a page shows; the answer holds that it is still the same one. */
async function watchReloads({ page }: Card): Promise<() => Promise<void>> {
  const mark = crypto.randomUUID();
  await page.evaluate((text) => document.documentElement.setAttribute('data-mark', text), mark);
  return async () => expect(page.locator('html'), 'the page was not loaded anew').toHaveAttribute('data-mark', mark);
}
