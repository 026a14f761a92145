import type { Locator } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { attach, Card } from './harness/card';
import { covers } from './harness/covers';
import { download } from './harness/downloads';
import { field, generate, openGenerated } from './harness/generated';
import { inspect } from './harness/inspect';
import { codeIn } from './harness/paymentCode';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';
import { pdf } from './harness/testFiles';

const [customer, engineer] = ['customer', 'engineer-moscow'];

// A value that the platform refuses.
test.use({ tolerated: [/status of 422/] });

test(
  'the performer generates the act and the invoice in the dialogs, and the customer pays by the QR code',
  { annotation: covers('R-GEN-3', 'R-WORK-4', 'R-PREP-3', 'R-PAY-2', 'C-8', 'S-1') },
  async ({ enter }) => {
    const [page, page2] = [await enter(customer), await enter(engineer, 'Исполнитель (кадастровый инженер)')];
    const agreement = await Agreement.create({
      customer: { login: customer, page },
      engineer: { login: engineer, page: page2 },
    });
    await agreement.sendContract();
    await agreement.signContract();
    await agreement.engineer.openCard();
    await agreement.customer.openCard();
    const [ofEngineer, ofCustomer] = [new Card(page2), new Card(page)];

    const results = await ofEngineer.open('Передать результаты работ');
    await attach(results, 'Файлы результата', pdf('Межевой план'));

    await test.step('the act is filled in from the contract, and an error stands at its field', async () => {
      const act = await openGenerated(page2, 'Сформировать акт');
      await expect(act.getByText(userOf(customer).name)).toBeVisible();
      await expect(field(act, 'Номер договора')).toHaveValue(agreement.number);
      await field(act, 'Характеристики объекта кадастровых работ').fill('Участок 1 200 м²');
      await field(act, 'Номер акта').fill('А-1');
      await act.getByRole('button', { name: 'Добавить документ' }).click();
      await field(act, 'Документ 2').fill('Акт согласования');
      await field(act, 'Место составления').fill('Москва 㐀');
      await generate(act);
      await expect(act.getByRole('alert').first()).toContainText('㐀');
      await inspect(page2, 'generate-act');
      await field(act, 'Место составления').fill('Москва');
      await generate(act);
      await expect(act).toBeHidden();
    });

    await test.step('the act is the file of its field, with a preview', async () => {
      await expect(results.getByText('Файл соответствует PDF/A-1a')).toBeVisible();
      await results.getByRole('button', { name: 'Просмотр: Акт А-1.pdf' }).click();
      const preview = page2.getByRole('dialog', { name: 'Акт А-1.pdf' });
      await expect(preview.locator('iframe')).toBeVisible();
      await preview.getByRole('button', { name: 'Закрыть', exact: true }).last().click();
      await expect(preview).toBeHidden();
    });

    await test.step('what was typed is kept, and another act replaces the first', async () => {
      const act = await openGenerated(page2, 'Сформировать акт');
      await expect(field(act, 'Документ 2')).toHaveValue('Акт согласования');
      await field(act, 'Номер акта').fill('А-2');
      await generate(act);
      await expect(act).toBeHidden();
      await expect(results.getByRole('button', { name: 'Убрать файл Акт А-2.pdf' })).toBeVisible();
      await expect(results.getByRole('button', { name: 'Убрать файл Акт А-1.pdf' })).toHaveCount(0);
      const content = await read(results.getByRole('link', { name: 'Скачать: Акт А-2.pdf', exact: true }));
      const signature = await agreement.sign('engineer', { ...pdf('Акт А-2'), buffer: content });
      await attach(results, 'Файл подписи акта', signature);
    });

    await test.step('on another device the act begins with the values of this one', async () => {
      const other = await enter(engineer, 'Исполнитель (кадастровый инженер)');
      await other.goto(`/orders/${agreement.engineer.order}`);
      await new Card(other).open('Передать результаты работ');
      const act = await openGenerated(other, 'Сформировать акт');
      await expect(act.getByText('В форме значения последнего сформированного документа')).toBeVisible();
      await expect(field(act, 'Номер акта')).toHaveValue('А-2');
      await expect(field(act, 'Документ 2')).toHaveValue('Акт согласования');
      await inspect(other, 'generate-act-last');
      await act.getByRole('button', { name: 'Заполнить заново' }).click();
      await expect(field(act, 'Номер акта')).toHaveValue(agreement.number);
      await expect(field(act, 'Документ 2')).toHaveCount(0);
      await other.close();
    });

    await test.step('the invoice is generated for the sum of the contract', async () => {
      await results.getByRole('radio', { name: 'Файл', exact: true }).check();
      const invoice = await openGenerated(page2, 'Сформировать счет');
      await expect(invoice.getByText('42 000,00 ₽')).toBeVisible();
      await field(invoice, 'Номер счета').fill('17');
      await field(invoice, 'Назначение платежа').fill('Межевой план, счет 17. НДС не облагается');
      await inspect(page2, 'generate-invoice');
      await generate(invoice);
      await expect(invoice).toBeHidden();
      await expect(results.getByRole('button', { name: 'Просмотр: Счет 17.pdf' })).toBeVisible();
      await results.getByRole('button', { name: 'Передать результаты работ', exact: true }).click();
      await expect(results).toBeHidden();
    });

    await test.step('the customer signs the act', async () => {
      const act = (await agreement.customer.card()).act?.file;
      const content = await read(ofCustomer.documents.getByRole('link', { name: 'Скачать: Акт А-2.pdf', exact: true }));
      const signature = await agreement.sign('customer', { ...pdf('Акт А-2'), buffer: content });
      expect(act).toBeDefined();
      await ofCustomer.act('Перейти к приемке', (form) => attach(form, 'Файл подписи акта', signature), 'Отправить');
      await ofCustomer.expectStage('Оплата заказа');
    });

    await test.step('the customer finds the QR code on the card, and a reader of codes finds the payment in its picture', async () => {
      const due = page.getByRole('article').getByRole('region', { name: 'QR для оплаты' });
      await expect(due.getByRole('img', { name: /^Код для оплаты/ })).toBeVisible();
      const picture = await download(due.getByRole('link', { name: 'Скачать QR-код', exact: true }));
      expect(picture.name).toBe('QR-код для оплаты.png');
      const code = await codeIn(picture.path);
      expect(code).toMatch(/^ST00012\|/);
      expect(code).toContain('|Sum=4200000|');
      expect(code).toContain('Purpose=Межевой план, счет 17. НДС не облагается');
      await inspect(page, 'payment-due');
    });

    await test.step('the customer sees the QR code and the requisites', async () => {
      const payment = await ofCustomer.open('Оплатить работу исполнителя');
      const code = payment.getByRole('img', { name: /^Код для оплаты, сумма 42\s000,00\s₽$/ });
      await expect(code).toBeVisible();
      expect(await code.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
      await expect(payment.getByText(`ИП ${userOf(engineer).name}`)).toBeVisible();
      await expect(payment.getByText('Межевой план, счет 17. НДС не облагается')).toBeVisible();
      for (const name of ['Получатель', 'ИНН', 'Расчетный счет', 'БИК', 'Сумма', 'Назначение платежа'])
        await expect(payment.getByRole('button', { name: `Копировать: ${name}`, exact: true })).toBeVisible();
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await payment.getByRole('button', { name: 'Копировать: Сумма', exact: true }).click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('42000,00');
      await inspect(page, 'payment-code');
      await attach(payment, 'Документ об оплате', pdf('Платёжное поручение'));
      await payment.getByRole('button', { name: 'Оплата произведена', exact: true }).click();
      await expect(payment).toBeHidden();
    });
  },
);

/** Returns the content of the file to which a link leads. */
async function read(link: Locator): Promise<Buffer> {
  const address = (await link.getAttribute('href')) ?? '';
  return (await link.page().request.get(address)).body();
}
