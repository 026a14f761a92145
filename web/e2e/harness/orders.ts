import { expect, type Page } from '@playwright/test';
import { attach, Card, choose } from './card';
import type { TestFile } from './testFiles';

/** The conditions of an order. */
export interface OrderInput {
  region: string;
  address: string;
  workKind: string;
  days: string;
  price?: string;
  prepayment?: boolean;
  registration?: boolean;
  document?: TestFile;
}

/** The conditions of an order in the Moscow region, at an address that exists only here. */
export const orderInput: OrderInput = {
  region: 'Московская область',
  address: 'г. Звенигород, ул. Вымышленных Яблонь, участок 14',
  workKind: 'Уточнение местоположения границ и (или) площади земельного участка',
  days: '45',
  price: '42 000',
};

/** Starts a new order from the list of orders. The page then shows the empty form. */
export async function startOrder(page: Page): Promise<string> {
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Мои заказы' }).click();
  await page.getByRole('button', { name: 'Создать новый' }).click();
  const heading = page.getByRole('heading', { level: 1, name: /^Новый заказ/ });
  await expect(heading).toBeVisible();
  return ((await heading.textContent()) ?? '').replace('Новый заказ ', '');
}

export async function fillForm(
  page: Page,
  { region, address, workKind, days, price, prepayment, registration, document }: OrderInput,
): Promise<void> {
  await choose(page, 'Регион', region);
  await page.getByRole('textbox', { name: 'Адрес или описание места' }).fill(address);
  await choose(page, 'Вид кадастровых работ', workKind);
  await page.getByRole('textbox', { name: 'Сколько дней на работу' }).fill(days);
  if (price) await page.getByRole('textbox', { name: 'Стоимость, рублей' }).fill(price);
  if (prepayment) await page.getByRole('checkbox', { name: 'Согласен на предоплату' }).check();
  if (registration) await page.getByRole('checkbox', { name: 'Нужна постановка на ГКУ/ГРП' }).check();
  if (document) await attach(page, 'Исходные документы', document);
}

/** Publishes a new order. The page then shows its card; returns the card and the number. */
export async function publish(page: Page, input: OrderInput): Promise<{ card: Card; number: string }> {
  const number = await startOrder(page);
  await fillForm(page, input);
  await page.getByRole('button', { name: 'Опубликовать заказ' }).click();
  const card = new Card(page);
  await card.expectStage('Выбор исполнителя');
  return { card, number };
}

/** Finds an order in the search and opens its card. */
export async function find(page: Page, number: string): Promise<Card> {
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Поиск по заказам' }).click();
  await page.getByRole('textbox', { name: 'Номер заказа' }).fill(number);
  await page.getByRole('button', { name: 'Применить' }).click();
  await page
    .getByRole('listitem')
    .filter({ hasText: `Заказ ${number}` })
    .getByRole('link')
    .click();
  const card = new Card(page);
  await card.expectStage('Выбор исполнителя');
  return card;
}
