import type { Locator, Page } from '@playwright/test';
import { Archive } from './harness/archive';
import { attach, type Card, leave, signingForm } from './harness/card';
import { covers } from './harness/covers';
import { sign } from './harness/cryptopro';
import { download } from './harness/downloads';
import { expectPreview, field, generate, generateContract, openContract, openGenerated } from './harness/generated';
import { answerInGoskey } from './harness/goskey';
import { find, orderInput, publish } from './harness/orders';
import { codeIn, codeInPdf, fieldsOf } from './harness/paymentCode';
import { userOf } from './harness/platform';
import { chooseResponse, confirm, rate, respond } from './harness/steps';
import { expect, test } from './harness/test';
import { pdf } from './harness/testFiles';

const [customer, engineer] = ['customer', 'engineer-moscow'];

test(
  'every document of an order is made and signed on the platform, and its archive is verified without it',
  {
    annotation: covers(
      ...['R-GEN-3', 'R-CONTR-10', 'R-CONTR-13', 'R-CONTR-15', 'R-PREP-1', 'R-PREP-2', 'R-PREP-3', 'R-PREP-5'],
      ...['R-WORK-4', 'R-ACC-3', 'R-ACC-4', 'R-ACC-6', 'R-PAY-2', 'R-PAY-3', 'R-RATE-1', 'R-DONE-2', 'C-8', 'S-1'],
    ),
  },
  async ({ enter }, testInfo) => {
    const page = await enter(customer);
    const { card, number } = await publish(page, { ...orderInput, prepayment: true });
    const page2 = await enter(engineer, 'Исполнитель (кадастровый инженер)');
    const engineerCard = await find(page2, number);
    await respond(engineerCard, '42 000', 'Готов выехать на место на этой неделе.');
    await chooseResponse(card, engineer);
    await engineerCard.expectStage('Подписание договора');
    const [contract, act] = [{ name: `Договор ${number}.pdf` }, { name: 'Акт А-1.pdf' }];

    await test.step('the performer generates the contract, signs it by the plug-in and sends it', async () => {
      await openContract(page2);
      await field(page2, 'Характеристики объекта кадастровых работ').fill('Участок 1 200 м²');
      await field(page2, 'Процент аванса').fill('30');
      await generateContract(page2);
      await expectPreview(page2, contract.name);
      await page2.getByRole('button', { name: 'Подписать и отправить' }).click();
      const form = signingForm(page2);
      await sign(form, userOf(engineer).name, 'Файл подписи договора', contract);
      await form.getByRole('button', { name: 'Подписать и отправить на согласование' }).click();
      await expect(form).toBeHidden();
    });

    await test.step('the customer signs it in «Госключ»', async () => {
      const shown = shownDocument(page);
      const form = await card.open('Перейти к подписанию');
      await shown;
      await form.getByRole('button', { name: 'Подписать в Госключе' }).click();
      await expect(form.getByText('Ожидает подписи в приложении «Госключ»')).toBeVisible();
      await leave(form);
      await answerInGoskey(number, 'sign');
      await card.expectStage('Предоплата');
      await expect(signatures(card, contract.name), 'of the performer and of the customer').toHaveCount(2);
    });

    await test.step('the customer pays the advance by the code of the invoice', async () => {
      await engineerCard.act('Отправить счет на предоплату', (form) => generateInvoice(form, '16'), 'Отправить');
      await pay(card, 'Оплатить счет на предоплату', 'Оплачено', { kopecks: 1_260_000, invoice: '16' });
      await confirm(engineerCard, 'Подтвердить получение предоплаты');
      await card.expectStage('Выполнение работ');
    });

    await test.step('the performer delivers the results with a generated act that he signs', async () => {
      const form = await engineerCard.open('Передать результаты работ');
      await attach(form, 'Файлы результата', pdf('Межевой план'));
      const dialog = await openGenerated(page2, 'Сформировать акт');
      await field(dialog, 'Характеристики объекта кадастровых работ').fill('Участок 1 200 м²');
      await field(dialog, 'Номер акта').fill('А-1');
      await field(dialog, 'Место составления').fill('Москва');
      await generate(dialog);
      await expect(dialog).toBeHidden();
      await sign(form, userOf(engineer).name, 'Файл подписи акта', act);
      await generateInvoice(form, '17');
      await form.getByRole('button', { name: 'Передать результаты работ', exact: true }).click();
      await expect(form).toBeHidden();
    });

    await test.step('the customer chooses to accept them, and signs the act by the plug-in', async () => {
      await card.expectStage('Приемка работ');
      const shown = shownDocument(page);
      const form = await card.open('Перейти к приемке');
      await shown;
      const choice = (name: string) => form.getByRole('radio', { name, exact: true });
      await choice('Вернуть на доработку').click(); // another page with the same choice
      await expect(form.getByRole('heading', { name: 'Замечания' })).toBeVisible();
      const shownAgain = shownDocument(page);
      await choice('Принять и перейти к подписанию').click();
      await shownAgain;
      await expect(choice('Принять и перейти к подписанию')).toBeChecked();
      await sign(form, userOf(customer).name, 'Файл подписи акта', act);
      await form.getByRole('button', { name: 'Отправить', exact: true }).click();
      await expect(form).toBeHidden();
      await card.expectStage('Оплата заказа');
      await expect(signatures(card, act.name)).toHaveCount(2);
    });

    await test.step('the customer pays the rest by the code, and rates the work', async () => {
      await pay(card, 'Оплатить работу исполнителя', 'Оплата произведена', { kopecks: 2_940_000, invoice: '17' });
      await confirm(engineerCard, 'Подтвердить получение оплаты');
      await card.expectStage('Заказ выполнен');
      await rate(card, '5', 'Всё выполнено в срок, спасибо.');
      await expect(page2.getByText('Всё выполнено в срок, спасибо.').first()).toBeVisible();
    });

    await test.step('the archive is verified by its own instruction, and a changed document is refused', async () => {
      const saved = await download(card.documents.getByRole('link', { name: 'Выгрузить документы' }));
      const archive = await Archive.unpack(saved.path, testInfo.outputPath('archive'));
      await archive.execute('sha256sum -c Манифест.txt');
      const { verifications } = archive;
      expect(verifications, 'the contract and the act have two signatures each').toHaveLength(4);
      for (const { name } of [contract, act]) {
        const ofDocument = verifications.filter(({ document }) => document.endsWith(name));
        expect(ofDocument, name).toHaveLength(2);
        const original = await download(card.documents.getByRole('link', { name: `Скачать: ${name}`, exact: true }));
        for (const { command, document } of ofDocument) {
          expect(await archive.read(document), `${name} is as on the card`).toEqual(original.content);
          expect(await archive.execute(command)).toContain('erification successful');
          const changed = command.replace(`"${document}"`, `"${await archive.copyChanged(document)}"`);
          await expect(archive.execute(changed), `one byte of ${name} is changed`).rejects.toThrow(
            /verification failure/i,
          );
        }
      }
      for (const login of [customer, engineer]) expect(archive.instruction).toContain(userOf(login).name);
    });
  },
);

/** Waits until a document is shown: a browser without a window saves the PDF of the frame. */
const shownDocument = (page: Page) => page.waitForEvent('download');

const signatures = (card: Card, document: string) =>
  card.documents.getByRole('link', { name: `Скачать: ${document}.sig`, exact: true });

const purposeOf = (invoice: string) => `Межевой план, счет ${invoice}. НДС не облагается`;

/** Generates the invoice of a form as its file. */
async function generateInvoice(form: Locator, number: string): Promise<void> {
  await form.getByRole('radio', { name: 'Файл', exact: true }).check();
  const dialog = await openGenerated(form.page(), 'Сформировать счет');
  await field(dialog, 'Номер счета').fill(number);
  await field(dialog, 'Назначение платежа').fill(purposeOf(number));
  await generate(dialog);
  await expect(dialog).toBeHidden();
}

/**
 * Reports a payment as the customer. The code of the card and the one of the invoice are the same,
 * and pay the requisites that the card shows.
 */
async function pay(card: Card, button: string, submit: string, due: { kopecks: number; invoice: string }) {
  const details = card.page.getByRole('article').getByRole('region', { name: 'QR для оплаты' });
  const picture = await download(details.getByRole('link', { name: 'Скачать QR-код', exact: true }));
  const code = await codeIn(picture.path);
  const shown = (name: string) =>
    details
      .getByRole('term')
      .filter({ hasText: new RegExp(`^${name}$`) })
      .locator('xpath=following-sibling::dd')
      .innerText();
  const { BankName, ...fields } = fieldsOf(code.trimEnd());
  expect(fields).toMatchObject({
    Name: await shown('Получатель'),
    PayeeINN: await shown('ИНН'),
    PersonalAcc: await shown('Расчетный счет'),
    BIC: await shown('БИК'),
    CorrespAcc: await shown('Корр. счет'),
    Purpose: await shown('Назначение платежа'),
    Sum: String(due.kopecks),
  });
  expect((await shown('Банк получателя')).startsWith(BankName ?? '-'), BankName).toBe(true);
  expect(fields['Name']).toContain(userOf(engineer).name);
  expect(fields['Purpose']).toBe(purposeOf(due.invoice));
  await card.act(
    button,
    async (form) => {
      const invoice = await download(form.getByRole('link', { name: 'Скачать счет' }));
      expect(invoice.name).toBe(`Счет ${due.invoice}.pdf`);
      expect(await codeInPdf(invoice.path), 'the invoice has the same code').toBe(code);
      await attach(form, 'Документ об оплате', pdf('Платёжное поручение'));
    },
    submit,
  );
}
