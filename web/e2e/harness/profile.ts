import { expect, type Locator, type Page } from '@playwright/test';

// The bank is in the directory of development; the accounts have right control digits for it.
export const bic = '044525225';
export const account = '40702810200000000001';
export const otherAccount = '40702810500000000002';
export const unknownBic = '044525700';

export const openTab = (page: Page, tab: string) =>
  page.getByRole('navigation', { name: 'Вкладки профиля' }).getByRole('link', { name: tab, exact: true }).click();

/** Opens the dialog of a page, and returns the button that opened it and the dialog. */
export async function change(page: Page, title: string): Promise<{ button: Locator; dialog: Locator }> {
  const button = page.getByRole('button', { name: 'Изменить', exact: true });
  await button.click();
  const dialog = page.getByRole('dialog', { name: title });
  await expect(dialog).toBeVisible();
  return { button, dialog };
}

export const field = (dialog: Locator, name: string) => dialog.getByRole('textbox', { name, exact: true });
export const save = (dialog: Locator) => dialog.getByRole('button', { name: 'Сохранить', exact: true }).click();
