import { expect, type Page } from '@playwright/test';
import { attach, Card, choose } from './card';
import type { Paper } from './papers';

/** What a customer orders. */
export interface Wish {
  region: string;
  address: string;
  workKind: string;
  days: string;
  price?: string;
  prepayment?: boolean;
  registration?: boolean;
  document?: Paper;
}

/** An order in the Moscow region that nobody will find twice. */
export const wish: Wish = {
  region: 'Московская область',
  address: 'г. Звенигород, ул. Вымышленных Яблонь, участок 14',
  workKind: 'Уточнение местоположения границ и (или) площади земельного участка',
  days: '45',
  price: '42 000',
};

/** Begins a new order from the list of orders. The page is then its empty form. */
export async function begin(page: Page): Promise<string> {
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Мои заказы' }).click();
  await page.getByRole('button', { name: 'Создать новый' }).click();
  const heading = page.getByRole('heading', { level: 1, name: /^Новый заказ/ });
  await expect(heading).toBeVisible();
  return ((await heading.textContent()) ?? '').replace('Новый заказ ', '');
}

export async function fillIn(
  page: Page,
  { region, address, workKind, days, price, prepayment, registration, document }: Wish,
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

/** Publishes a new order. The page is then its card; the number comes back. */
export async function publish(page: Page, what: Wish): Promise<{ card: Card; number: string }> {
  const number = await begin(page);
  await fillIn(page, what);
  await page.getByRole('button', { name: 'Опубликовать заказ' }).click();
  const card = new Card(page);
  await card.isAt('Выбор исполнителя');
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
  await card.isAt('Выбор исполнителя');
  return card;
}
