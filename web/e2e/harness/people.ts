import { expect, type Page } from '@playwright/test';

/** The cabinets by their names on the role page. */
export type Cabinet =
  | 'Заказчик (физическое лицо)'
  | 'Заказчик (индивидуальный предприниматель)'
  | 'Исполнитель (кадастровый инженер)'
  | 'Правообладатель (Заказчик)'
  | 'Работодатель'
  | 'Модератор системы';

/**
 * Opens the platform without a session and signs in at ЕСИА. The page then shows the first step of
 * the entry.
 */
export async function signInAtEsia(page: Page, login: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'Войти через Госуслуги' }).click();
  await page.getByRole('textbox', { name: 'Имя для входа' }).fill(login);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
}

const title = (page: Page) => page.getByRole('heading', { level: 1 });

/**
 * Chooses a cabinet if there are several, and gives the consent if it is requested. The page then
 * shows the profile or the settings.
 */
export async function completeEntry(page: Page, cabinet?: Cabinet): Promise<void> {
  await expect(title(page)).toHaveText(/^(Выберите роль|Согласие на обработку персональных данных|Профиль)$/);
  if (cabinet && (await title(page).textContent()) === 'Выберите роль') {
    await page.getByRole('button', { name: cabinet }).click();
    await expect(title(page)).toHaveText(/^(Согласие на обработку персональных данных|Профиль)$/);
  }
  if ((await title(page).textContent()) !== 'Профиль') await page.getByRole('button', { name: 'ВОЙТИ' }).click();
  await expect(title(page)).toHaveText('Профиль');
}
