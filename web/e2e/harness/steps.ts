import { expect, type Locator, type Page } from '@playwright/test';
import { attach, type Card } from './card';
import { dayFromNow } from './days';
import { userOf } from './platform';
import { pdf, type TestFile } from './testFiles';

/** What a test looks at in the filled form of a step, before it is submitted. */
type Check = (form: Locator) => Promise<void>;

const nothing: Check = () => Promise.resolve();

/** Responds to a published order as the engineer. */
export const respond = (card: Card, price: string, comment: string) =>
  card.act(
    'Откликнуться',
    async (form) => {
      await form.getByRole('textbox', { name: 'Стоимость работ' }).fill(price);
      await form.getByRole('textbox', { name: 'Комментарий заказчику' }).fill(comment);
    },
    'Откликнуться',
  );

/** The button that chooses the response of an engineer. */
export const chooseButton = (page: Page, login: string) =>
  page.getByRole('button', { name: `Выбрать исполнителя: ${userOf(login).name}` });

/** Chooses the response of an engineer as the customer. */
export async function chooseResponse(card: Card, login: string): Promise<void> {
  await chooseButton(card.page, login).click();
  await card.page.getByRole('dialog').getByRole('button', { name: 'Выбрать исполнителя' }).click();
  await card.expectStage('Подписание договора');
}

/** Sends the signed contract as the engineer, with an advance in per cent. */
export const sendContract = (
  card: Card,
  contract: TestFile,
  signature: TestFile,
  advance: string,
  check: Check = nothing,
) =>
  card.act(
    'Отправить договор',
    async (form) => {
      await attach(form, 'Собственный файл договора', contract);
      await attach(form, 'Файл подписи договора', signature);
      await form.getByRole('textbox', { name: 'Процент аванса' }).fill(advance);
      await form.getByRole('textbox', { name: 'Срок исполнения' }).fill(dayFromNow(45));
      await form.getByRole('textbox', { name: 'Срок исполнения' }).press('Tab');
      await check(form);
    },
    'Подписать и отправить на согласование',
  );

/** Signs the contract as the customer. */
export const signContract = (card: Card, signature: TestFile, check: Check = nothing) =>
  card.act(
    'Перейти к подписанию',
    async (form) => {
      await attach(form, 'Файл подписи договора', signature);
      await check(form);
    },
    'Подписать и отправить',
  );

/** Sends the invoice for the prepayment as the engineer, as a link. */
export const invoicePrepayment = (card: Card, link: string) =>
  card.act(
    'Отправить счет на предоплату',
    (form) => form.getByRole('textbox', { name: 'Ссылка на счет' }).fill(link),
    'Отправить',
  );

/** Reports the prepayment as the customer. */
export const payPrepayment = (card: Card, amount: string) =>
  card.act(
    'Оплатить счет на предоплату',
    async (form) => {
      await expect(form.getByRole('strong').filter({ hasText: amount })).toBeVisible();
      await attach(form, 'Документ об оплате', pdf('Квитанция о предоплате'));
    },
    'Оплачено',
  );

/** Submits a file as the results as the engineer. */
export const submitResults = (card: Card, check: Check = nothing) =>
  card.act(
    'Передать результаты работ',
    async (form) => {
      await attach(form, 'Файлы результата', pdf('Межевой план'));
      await check(form);
    },
    'Передать результаты работ',
  );

/** Sends the documents of the registration, the act and the invoice as the engineer. */
export const sendFinal = (card: Card, act: TestFile, signature: TestFile, link: string, check: Check = nothing) =>
  card.act(
    'Отправить заказчику итог',
    async (form) => {
      await attach(form, 'Документы о результате ГКУ/ГРП', pdf('Выписка из ЕГРН'));
      await attach(form, 'Акт выполненных работ', act);
      await attach(form, 'Файл подписи акта', signature);
      await form.getByRole('textbox', { name: 'Ссылка на счет' }).fill(link);
      await check(form);
    },
    'Отправить',
  );

/** Signs the act as the customer. */
export const signAct = (card: Card, signature: TestFile) =>
  card.act('Подписать акт', (form) => attach(form, 'Файл подписи акта', signature), 'Подписать акт');

/** Reports the payment of the works as the customer. */
export const payWorks = (card: Card, amount: string) =>
  card.act(
    'Оплатить работу исполнителя',
    async (form) => {
      await expect(form.getByRole('strong').filter({ hasText: amount })).toBeVisible();
      await attach(form, 'Документ об оплате', pdf('Квитанция об оплате'));
    },
    'Оплата произведена',
  );

/** Performs an action whose form needs nothing. */
export const confirm = (card: Card, button: string, submit = button) => card.act(button, nothing, submit);

/** Rates the engineer of a completed order as the customer. */
export async function rate(card: Card, mark: string, review: string, check: Check = nothing): Promise<void> {
  const rating = card.page.locator('form').filter({ has: card.page.getByRole('textbox', { name: 'Отзыв' }) });
  await rating.getByRole('radio', { name: mark, exact: true }).check();
  await rating.getByRole('textbox', { name: 'Отзыв' }).fill(review);
  await check(rating);
  await rating.getByRole('button', { name: 'Сохранить' }).click();
  await expect(rating).toHaveCount(0);
}
