import type { Locator, Page } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { attach, Card, signingForm } from './harness/card';
import { covers } from './harness/covers';
import { sign } from './harness/cryptopro';
import { download } from './harness/downloads';
import { expectPreview, field, generateContract, openContract } from './harness/generated';
import { inspect } from './harness/inspect';
import { userOf } from './harness/platform';
import { account, bic, change, save } from './harness/profile';
import { expect, test } from './harness/test';
import { pdf } from './harness/testFiles';

const [customer, engineer] = ['customer', 'engineer-moscow'];

// A value that the platform refuses.
test.use({ tolerated: [/status of 422/] });

test(
  'the performer generates the contract, signs and sends it, and replaces it before the customer signs',
  {
    annotation: covers(
      ...[
        'R-CONTR-1',
        'R-CONTR-2',
        'R-CONTR-3',
        'R-CONTR-4',
        'R-CONTR-5',
        'R-CONTR-8',
        'R-CONTR-14',
        'R-GEN-3',
        'T-10',
      ],
    ),
  },
  async ({ enter }) => {
    const [page, page2] = [await enter(customer), await enter(engineer, 'Исполнитель (кадастровый инженер)')];
    const agreement = await Agreement.create({
      customer: { login: customer, page },
      engineer: { login: engineer, page: page2 },
    });
    await agreement.customer.openCard();
    await agreement.engineer.openCard();
    const [ofEngineer, ofCustomer] = [new Card(page2), new Card(page)];
    const contract = { name: `Договор ${agreement.number}.pdf` };
    const attachment = pdf('Задание');

    await test.step('the form is filled in by the platform', async () => {
      await openContract(page2);
      await expect(page2.getByText(userOf(customer).name)).toBeVisible();
      await expect(page2.getByRole('main').getByText(userOf(engineer).name)).toBeVisible();
      await expect(field(page2, 'Стоимость работ')).toHaveValue('42000');
      for (const name of ['Электронная почта', 'Телефон', 'Действующего на основании', 'Срок исполнения'])
        await expect(field(page2, name)).not.toHaveValue('');
      await inspect(page2, 'contract-form');
    });

    await test.step('the amounts add up as they are typed', async () => {
      await field(page2, 'Процент аванса').fill('30');
      await expect(field(page2, 'Сумма аванса')).toHaveValue('12600');
      await expect(field(page2, 'Оставшаяся часть')).toHaveValue('29400');
      await field(page2, 'Оставшаяся часть').fill('21000');
      await expect(field(page2, 'Процент аванса')).toHaveValue('50');
      await expect(field(page2, 'Сумма аванса')).toHaveValue('21000');
    });

    await test.step('an error stands at its field, and nothing typed is lost', async () => {
      await field(page2, 'Характеристики объекта кадастровых работ').fill('Участок 1 200 м²');
      await attach(page2, 'Вложение', attachment);
      await page2.getByRole('switch', { name: 'Приёмка по умолчанию, если заказчик молчит' }).click();
      await page2.getByRole('checkbox', { name: 'Договор подписывает представитель исполнителя' }).check();
      await generateContract(page2);
      await expectError(field(page2, 'ФИО представителя'), 'Укажите ФИО представителя исполнителя.');
      await field(page2, 'ФИО представителя').fill('Королёв Пётр Сергеевич');
      await field(page2, 'Телефон').fill('12');
      await generateContract(page2);
      await expectError(field(page2, 'Телефон'), /неверное количество цифр/);
      await inspect(page2, 'contract-form-error');
      await page2.reload();
      await expect(field(page2, 'Телефон')).toHaveValue('12');
      await expect(field(page2, 'ФИО представителя')).toHaveValue('Королёв Пётр Сергеевич');
      await expect(field(page2, 'Сумма аванса')).toHaveValue('21000');
      await expect(page2.getByRole('button', { name: 'Убрать файл Задание.pdf' })).toBeVisible();
      await expect(page2.getByRole('switch')).toBeChecked();
      await field(page2, 'Телефон').fill('8 (900) 111-22-33');
      await generateContract(page2);
    });

    await test.step('the contract is previewed, downloaded and printed', async () => {
      await expectPreview(page2, contract.name);
      await expectCondition(page2, 'Аванс', '21 000,00 ₽ (50 %)');
      await expectCondition(page2, 'Приёмка по молчанию', 'если заказчик не ответит за 10 рабочих дней');
      await expectCondition(page2, 'Приложение', 'Задание.pdf');
      await inspect(page2, 'contract-generated');
      const saved = await download(page2.getByRole('link', { name: 'Скачать PDF' }));
      expect(saved.name).toBe(contract.name);
      expect(saved.content.subarray(0, 5).toString()).toBe('%PDF-');
      const docx = await download(page2.getByRole('link', { name: 'Скачать DOCX' }));
      expect(docx.name).toBe(contract.name.replace(/pdf$/, 'docx'));
      expect(docx.content.subarray(0, 2).toString(), 'an archive').toBe('PK');
      await expectPrinted(page2);
    });

    await test.step('the card shows it to its performer only', async () => {
      await page2.getByRole('button', { name: 'Сохранить' }).click();
      await expect(ofEngineer.documents.getByRole('heading', { name: 'Сформированный договор' })).toBeVisible();
      const saved = await download(ofEngineer.documents.getByRole('link', { name: `Скачать PDF: ${contract.name}` }));
      expect(saved.content.subarray(0, 5).toString()).toBe('%PDF-');
      await inspect(page2, 'card-generated-contract');
      await expect(ofCustomer.documents).toBeVisible();
      await expect(ofCustomer.documents.getByText(contract.name)).toHaveCount(0);
      await expect(ofCustomer.documents.getByText('Сформированный договор')).toHaveCount(0);
    });

    await test.step('it is changed in the same form', async () => {
      await ofEngineer.documents.getByRole('link', { name: contract.name, exact: true }).click();
      await page2.getByRole('button', { name: 'Изменить' }).click();
      await expect(field(page2, 'ФИО представителя')).toHaveValue('Королёв Пётр Сергеевич');
      await field(page2, 'Процент аванса').fill('0');
      await generateContract(page2);
      await expectPreview(page2, contract.name);
      await expectCondition(page2, 'Аванс', 'без аванса');
    });

    await test.step('on another device the form begins with the values of this contract', async () => {
      const other = await enter(engineer, 'Исполнитель (кадастровый инженер)');
      await other.goto(`/orders/${agreement.engineer.order}/contract`);
      await expectCondition(other, 'Аванс', 'без аванса');
      await other.getByRole('button', { name: 'Изменить' }).click();
      await expect(other.getByText('В форме значения последнего сформированного документа')).toBeVisible();
      await expect(field(other, 'Характеристики объекта кадастровых работ')).toHaveValue('Участок 1 200 м²');
      await expect(field(other, 'ФИО представителя')).toHaveValue('Королёв Пётр Сергеевич');
      await expect(field(other, 'Телефон')).toHaveValue('8 (900) 111-22-33');
      await expect(field(other, 'Процент аванса')).toHaveValue('0');
      await expect(other.getByRole('button', { name: 'Убрать файл Задание.pdf' })).toBeVisible();
      await expect(other.getByRole('switch')).toBeChecked();
      await inspect(other, 'contract-form-last');
      await other.getByRole('button', { name: 'Заполнить заново' }).click();
      await expect(field(other, 'Характеристики объекта кадастровых работ')).not.toHaveValue('Участок 1 200 м²');
      await expect(other.getByRole('button', { name: 'Убрать файл Задание.pdf' })).toHaveCount(0);
      await other.close();
    });

    const signGenerated = async (form: Locator) => {
      await expect(form.getByRole('radio', { name: 'Сформированный на платформе' })).toBeChecked();
      const sent = form.locator('.ant-card').filter({ has: page2.getByRole('heading', { name: 'Договор и подпись' }) });
      await expectCondition(sent, 'Стоимость работ', '42 000,00 ₽');
      await expectCondition(sent, 'Аванс', 'без аванса');
      await sign(form, userOf(engineer).name, 'Файл подписи договора', contract);
    };
    const send = async (form: Locator) => {
      await form.getByRole('button', { name: 'Подписать и отправить на согласование' }).click();
      await expect(form).toBeHidden();
    };

    await test.step('it is signed and sent with its conditions', async () => {
      await page2.getByRole('button', { name: 'Подписать и отправить' }).click();
      const form = signingForm(page2);
      await signGenerated(form);
      await expect(form.getByRole('heading', { level: 2, name: contract.name })).toBeVisible();
      await expect(form.locator('iframe')).toHaveAttribute('src', /^blob:/);
      await inspect(page2, 'contract-send-generated');
      await form.getByRole('radio', { name: 'Собственный файл' }).check();
      await expect(form.getByRole('group', { name: 'Собственный файл договора' })).toBeVisible();
      await form.getByRole('radio', { name: 'Сформированный на платформе' }).check();
      await expect(form.getByRole('button', { name: `Убрать файл ${contract.name}.sig` })).toBeVisible();
      await send(form);
      await expect(ofCustomer.documents.getByText(contract.name, { exact: true })).toBeVisible();
      await expect(ofEngineer.documents.getByText('Сформированный договор')).toHaveCount(0);
    });

    await test.step('another one withdraws it, once the performer agrees', async () => {
      await openContract(page2);
      await expect(page2.getByText('Договор уже отправлен заказчику, он его ещё не подписал')).toBeVisible();
      await page2.getByRole('button', { name: 'Изменить' }).click();
      await field(page2, 'Результат работ').fill('Межевой план в двух экземплярах');
      await generateContract(page2);
      const question = page2.getByRole('dialog', { name: 'Отозвать отправленный договор?' });
      await expect(question).toContainText('ваша подпись под ним перестанет действовать');
      await inspect(page2, 'contract-withdraw');
      await question.getByRole('button', { name: 'Не отзывать' }).click();
      await expect(question).toBeHidden();
      expect((await agreement.customer.card()).contract, 'nothing was withdrawn').toBeDefined();
      await generateContract(page2);
      await question.getByRole('button', { name: 'Отозвать и сформировать' }).click();
      await expectPreview(page2, contract.name);
      await expect(page2.getByText('Договор уже отправлен заказчику')).toHaveCount(0);
      expect((await agreement.customer.card()).contract).toBeUndefined();

      await page2.getByRole('button', { name: 'Сохранить' }).click();
      const form = await ofEngineer.open('Отправить договор');
      await signGenerated(form);
      await send(form);
    });

    await test.step('the customer reads it in both formats and signs the same bytes', async () => {
      const shown = page.waitForEvent('download'); // a browser without a window saves the PDF of the frame
      const form = await ofCustomer.open('Перейти к подписанию');
      await shown;
      const docx = await download(form.getByRole('link', { name: 'Скачать DOCX' }));
      expect(docx.name).toBe(contract.name.replace(/pdf$/, 'docx'));
      const attached = await download(form.getByRole('link', { name: 'Задание.pdf' }));
      expect(attached.content).toEqual(attachment.buffer);
      await inspect(page, 'contract-sign-generated');
      await sign(form, userOf(customer).name, 'Файл подписи договора', contract);
      await form.getByRole('button', { name: 'Подписать и отправить' }).click();
      await expect(form).toBeHidden();
      await ofCustomer.expectStage('Выполнение работ');
      await ofEngineer.expectStage('Выполнение работ');
      await expect(
        page2.getByRole('region', { name: 'Действия' }).getByRole('button', { name: 'Сформировать договор' }),
      ).toHaveCount(0);
    });
  },
);

test('organisations contract by people who act for them', { annotation: covers('R-CONTR-3') }, async ({ enter }) => {
  const [page, page2] = [
    await enter('customer-org', 'Правообладатель (Заказчик)'),
    await enter('engineer-employee', 'Исполнитель (кадастровый инженер)'),
  ];
  const agreement = await Agreement.create({
    customer: { login: 'customer-org', page, kind: 'organisation' },
    engineer: { login: 'engineer-employee', page: page2 },
  });
  await agreement.engineer.openCard();
  await openContract(page2);
  await expect(page2.getByRole('checkbox', { name: 'Договор подписывает представитель исполнителя' })).toHaveCount(0);
  await field(page2, 'Характеристики объекта кадастровых работ').fill('Участок 1 200 м²');
  await field(page2, 'ФИО представителя').fill('');
  await field(page2, 'Кто действует от имени заказчика').fill('');
  await generateContract(page2);
  await expectError(field(page2, 'ФИО представителя'), 'Укажите ФИО представителя исполнителя.');
  await expectError(field(page2, 'Кто действует от имени заказчика'), 'Укажите, кто действует от имени заказчика.');
  await inspect(page2, 'contract-organisations');
});

/** The field is invalid and is described by the message. */
async function expectError(box: Locator, message: string | RegExp): Promise<void> {
  await expect(box).toHaveAttribute('aria-invalid', 'true');
  await expect(box).toHaveAccessibleDescription(message);
}

const expectCondition = (place: Locator | Page, name: string, value: string | RegExp) =>
  expect(
    place
      .getByRole('term')
      .filter({ hasText: new RegExp(`^${name}$`) })
      .locator('xpath=following-sibling::dd'),
  ).toHaveText(value);

/** «Распечатать» prints the frame with the document. */
async function expectPrinted(page: Page): Promise<void> {
  const frame = page.locator('iframe');
  await frame.evaluate((element: HTMLIFrameElement) => {
    if (element.contentWindow) element.contentWindow.print = () => element.setAttribute('data-printed', 'true');
  });
  await page.getByRole('button', { name: 'Распечатать' }).click();
  await expect(frame).toHaveAttribute('data-printed', 'true');
}

test(
  'what the requisites of the customer lack is told to both before a contract is made, until he fills it in',
  { annotation: covers('S-31') },
  async ({ enter }) => {
    const login = 'customer-ip';
    const [page, page2] = [
      await enter(login, 'Заказчик (индивидуальный предприниматель)'),
      await enter(engineer, 'Исполнитель (кадастровый инженер)'),
    ];
    await page.goto('/profile/requisites');
    await saveAccount(page, '', '');
    const agreement = await Agreement.create({ customer: { login, page }, engineer: { login: engineer, page: page2 } });

    await agreement.engineer.openCard();
    await openContract(page2);
    const told = page2.getByRole('alert').filter({ hasText: 'Не хватает реквизитов заказчика' });
    await expect(told).toContainText('банк и расчетный счет');
    await inspect(page2, 'contract-form-missing');

    await agreement.customer.openCard();
    const own = page.getByRole('alert').filter({ hasText: 'Для договора не хватает ваших реквизитов' });
    await expect(own).toContainText('банк и расчетный счет');
    await inspect(page, 'card-missing-requisites');
    await own.getByRole('link', { name: 'Реквизиты и оплата' }).click();
    await saveAccount(page, bic, account);
    await agreement.customer.openCard();
    await expect(page.getByRole('article')).toBeVisible();
    await expect(own).toHaveCount(0);

    await page2.reload();
    await expect(field(page2, 'Стоимость работ')).toBeVisible();
    await expect(told).toHaveCount(0);
  },
);

/** Saves the account of a customer on his page of requisites. */
async function saveAccount(page: Page, ...[ofBank, number]: [string, string]): Promise<void> {
  const { dialog } = await change(page, 'Изменить реквизиты');
  await field(dialog, 'БИК').fill(ofBank);
  await field(dialog, 'Расчетный счет').fill(number);
  await save(dialog);
  await expect(dialog).toBeHidden();
}
