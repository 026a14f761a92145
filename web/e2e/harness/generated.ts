import { expect, type Locator, type Page } from '@playwright/test';

/** A field of a form; the name of a required one may begin with an asterisk. */
export const field = (form: Page | Locator, name: string) =>
  form.getByRole('textbox', { name: new RegExp(`^(\\* )?${name}$`) });

/** Opens the page on which the contract is generated from the card. */
export async function openContract(page: Page): Promise<void> {
  await page
    .getByRole('region', { name: 'Действия' })
    .getByRole('button', { name: 'Сформировать договор', exact: true })
    .click();
  await expect(page.getByRole('heading', { level: 1, name: 'Сформировать договор' })).toBeVisible();
}

/** Generates the contract of the filled form. */
export const generateContract = (page: Page) =>
  page.getByRole('button', { name: 'Сформировать договор', exact: true }).click();

/** Waits until a generated contract is shown. */
export async function expectPreview(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 2, name, exact: true })).toBeFocused();
  await expect(page.locator('iframe')).toHaveAttribute('src', /^blob:/);
}

/** Opens the dialog of a document that is generated for a field of a form. */
export async function openGenerated(page: Page, title: string): Promise<Locator> {
  await page.getByRole('button', { name: title, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: title, exact: true });
  await expect(dialog.getByRole('button', { name: 'Сформировать', exact: true })).toBeEnabled();
  return dialog;
}

/** Generates the document of a filled dialog. */
export const generate = (dialog: Locator) => dialog.getByRole('button', { name: 'Сформировать', exact: true }).click();
