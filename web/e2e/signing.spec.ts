import type { Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Agreement } from './harness/agreement';
import { attach, Card, expectUploaded } from './harness/card';
import { covers } from './harness/covers';
import { chooseCertificate, sign, signButton } from './harness/cryptopro';
import { dayFromNow } from './harness/days';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';
import { pdf, type TestFile } from './harness/testFiles';

const [customer, engineer] = ['customer', 'engineer-moscow'];

test(
  'the contract and the act are signed in the browser by both, over the very bytes of the document',
  { annotation: covers('R-CONTR-10', 'R-CONTR-14', 'R-CONTR-15', 'R-ACC-6') },
  async ({ enter }) => {
    const [page, page2] = [await enter(customer), await enter(engineer, 'Исполнитель (кадастровый инженер)')];
    const agreement = await Agreement.create({
      customer: { login: customer, page },
      engineer: { login: engineer, page: page2 },
    });
    await agreement.engineer.openCard();
    await agreement.customer.openCard();
    const [ofEngineer, ofCustomer] = [new Card(page2), new Card(page)];
    const [contract, act] = [pdf('Договор подряда'), pdf('Акт выполненных работ')];

    await ofEngineer.act(
      'Отправить договор',
      async (form) => {
        await expect(signButton(form)).toBeDisabled();
        await attach(form, 'Собственный файл договора', contract);
        await sign(form, userOf(engineer).name, 'Файл подписи договора', contract);
        await form.getByRole('textbox', { name: 'Процент аванса' }).fill('0');
        await form.getByRole('textbox', { name: 'Срок исполнения' }).fill(dayFromNow(45));
        await form.getByRole('textbox', { name: 'Срок исполнения' }).press('Tab');
      },
      'Подписать и отправить на согласование',
    );
    await ofCustomer.act(
      'Перейти к подписанию',
      (form) => sign(form, userOf(customer).name, 'Файл подписи договора', contract),
      'Подписать и отправить',
    );
    await ofCustomer.expectStage('Выполнение работ');
    await expectSignatures(page, contract, 2);
    await expectProtocol(page2, contract);

    await ofEngineer.act(
      'Передать результаты работ',
      async (form) => {
        await attach(form, 'Файлы результата', pdf('Межевой план'));
        await attach(form, 'Акт выполненных работ', act);
        await sign(form, userOf(engineer).name, 'Файл подписи акта', act);
      },
      'Передать результаты работ',
    );
    await ofCustomer.act(
      'Перейти к приемке',
      (form) => sign(form, userOf(customer).name, 'Файл подписи акта', act),
      'Отправить',
    );
    await expectSignatures(page, act, 2);
  },
);

test.describe('a signature that another program made', () => {
  // The platform refuses one that is none.
  test.use({ tolerated: [/status of 409/] });

  test(
    'is taken in every form in which programs write it',
    { annotation: covers('R-CONTR-10', 'R-CONTR-14') },
    async ({ enter }) => {
      const [page, page2] = [await enter(customer), await enter(engineer, 'Исполнитель (кадастровый инженер)')];
      const agreement = await Agreement.create({
        customer: { login: customer, page },
        engineer: { login: engineer, page: page2 },
      });
      await agreement.engineer.openCard();
      await agreement.customer.openCard();
      const [ofEngineer, ofCustomer] = [new Card(page2), new Card(page)];
      const [contract, act] = [pdf('Договор подряда'), pdf('Акт выполненных работ')];

      await ofEngineer.act(
        'Отправить договор',
        async (form) => {
          await attach(form, 'Собственный файл договора', contract);
          await attach(form, 'Файл подписи договора', await agreement.sign('engineer', contract, 'BER'));
          await form.getByRole('textbox', { name: 'Процент аванса' }).fill('0');
          await form.getByRole('textbox', { name: 'Срок исполнения' }).fill(dayFromNow(45));
          await form.getByRole('textbox', { name: 'Срок исполнения' }).press('Tab');
        },
        'Подписать и отправить на согласование',
      );

      const form = await ofCustomer.open('Перейти к подписанию');
      const group = page.getByRole('group', { name: 'Файл подписи договора', exact: true });
      const field = form.locator('.ant-form-item', { has: group });
      for (const [garbage, told] of [
        [Buffer.from('подпись заказчика'), /Это не файл электронной подписи/],
        [(await agreement.sign('customer', contract)).buffer.subarray(0, 700), /Файл подписи повреждён/],
        [(await agreement.sign('customer', contract, 'PEM')).buffer.subarray(0, 700), /Файл подписи повреждён/],
        [(await agreement.sign('customer', act, 'base64')).buffer, /Подписан другой документ/],
      ] as const) {
        const file = { name: 'договор.sig', mimeType: 'application/pkcs7-signature', buffer: garbage };
        await attach(form, 'Файл подписи договора', file);
        await form.getByRole('button', { name: 'Подписать и отправить', exact: true }).click();
        await expect(field.getByText(told)).toBeVisible();
        await field.getByRole('button', { name: 'Убрать файл договор.sig' }).click();
      }
      await attach(form, 'Файл подписи договора', await agreement.sign('customer', contract, 'base64'));
      await form.getByRole('button', { name: 'Подписать и отправить', exact: true }).click();
      await expect(form).toBeHidden();
      await ofCustomer.expectStage('Выполнение работ');

      await ofEngineer.act(
        'Передать результаты работ',
        async (form) => {
          await attach(form, 'Файлы результата', pdf('Межевой план'));
          await attach(form, 'Акт выполненных работ', act);
          await attach(form, 'Файл подписи акта', await agreement.sign('engineer', act, 'PEM'));
        },
        'Передать результаты работ',
      );
      await ofCustomer.act(
        'Перейти к приемке',
        async (form) => attach(form, 'Файл подписи акта', await agreement.sign('customer', act, 'DER')),
        'Отправить',
      );
      await ofCustomer.expectStage('Оплата заказа');
    },
  );
});

test.describe('a refusal of the plug-in', () => {
  // The test keeps the script of the extension from the page.
  test.use({ tolerated: [/nmcades_plugin_api\.js/] });

  test('is told with what to do, and leaves the other way', { annotation: covers('R-CONTR-10') }, async ({ enter }) => {
    const [page, page2] = [await enter('customer2'), await enter(engineer, 'Исполнитель (кадастровый инженер)')];
    const agreement = await Agreement.create({
      customer: { login: 'customer2', page },
      engineer: { login: engineer, page: page2 },
    });
    await agreement.engineer.openCard();
    const contract = pdf('Договор подряда');
    const form = await new Card(page2).open('Отправить договор');
    await attach(form, 'Собственный файл договора', contract);
    const expectRefusal = (title: string) => expect(form.getByRole('alert').filter({ hasText: title })).toBeVisible();

    await page2.route('**/nmcades_plugin_api.js', (route) => route.abort());
    await signButton(form).click();
    await expectRefusal('Плагин КриптоПро не найден');
    await page2.unroute('**/nmcades_plugin_api.js');

    for (const [state, title] of [
      ['silent', 'Плагин КриптоПро не отвечает'],
      ['absent', 'Плагин КриптоПро не найден'],
      ['untrusted', 'Плагин не разрешил сайту подписывать'],
      ['empty', 'Сертификатов не найдено'],
    ] as const) {
      await play(page2, state);
      await signButton(form).click();
      await expectRefusal(title);
      await expect(form.getByLabel('Выбор файла', { exact: true })).toHaveCount(1); // that of the signature
    }

    await play(page2, undefined);
    await signButton(form).click();
    const certificates = form.getByRole('radiogroup', { name: 'Сертификат' });
    await expect(certificates.getByRole('radio', { name: /срок закончился .*, подписать нельзя/ })).toBeDisabled();
    await expect(
      certificates.getByRole('radio', { name: /Аккредитованный тестовый УЦ; действует до/ }).first(),
    ).toBeEnabled();
    for (const [state, title] of [
      ['pin', 'Подписание отменено'],
      ['licence', 'Лицензия КриптоПро CSP закончилась'],
    ] as const) {
      await play(page2, state);
      await chooseCertificate(form, userOf(engineer).name);
      await expectRefusal(title);
    }
    await play(page2, undefined);
    await chooseCertificate(form, userOf(engineer).name);
    await expectUploaded(form, 'Файл подписи договора', { ...contract, name: `${contract.name}.sig` });
  });
});

/** Makes the stand-in of the plug-in fail in one way, or work. */
const play = (page: Page, state: string | undefined) =>
  page.evaluate((wanted) => {
    if (wanted === undefined) localStorage.removeItem('cryptopro');
    else localStorage.setItem('cryptopro', wanted);
  }, state);

/** The card gives the protocol of the check of a signature as a PDF. */
async function expectProtocol(page: Page, document: TestFile): Promise<void> {
  const saving = page.waitForEvent('download');
  const link = new Card(page).documents.getByRole('link', { name: `Протокол проверки: ${document.name}.sig` });
  await link.first().click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe(`Протокол проверки подписи ${document.name}`);
  expect((await readFile(await saved.path())).subarray(0, 5).toString()).toBe('%PDF-');
}

/** OpenSSL accepts the signatures of a document of the card, by the authorities of the platform. */
async function expectSignatures(page: Page, document: TestFile, count: number): Promise<void> {
  const links = new Card(page).documents.getByRole('link', { name: `Скачать: ${document.name}.sig`, exact: true });
  await expect(links).toHaveCount(count);
  const folder = await mkdtemp(join(tmpdir(), 'epkr-signatures-'));
  const at = (name: string) => join(folder, name);
  const trust = process.env['EPKR_TRUST'] ?? '';
  try {
    await writeFile(at('document'), document.buffer);
    const authorities = await Promise.all(
      ['roots/root.crt', 'intermediates/issuer.crt'].map((name) => readFile(join(trust, name))),
    );
    await writeFile(at('authorities'), Buffer.concat(authorities));
    for (const link of await links.all()) {
      const saving = page.waitForEvent('download');
      await link.click();
      await (await saving).saveAs(at('signature'));
      await promisify(execFile)('openssl', [
        ...['cms', '-verify', '-engine', 'gost', '-binary', '-cades', '-purpose', 'any', '-inform', 'DER'],
        ...['-in', at('signature'), '-content', at('document'), '-CAfile', at('authorities'), '-out', '/dev/null'],
      ]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
