import { expect, type Locator, type Page } from '@playwright/test';
import { attach } from './card';
import { pdf } from './testFiles';

// The bank is in the directory of development; the accounts have right control digits for it.
export const bic = '044525225';
export const account = '40702810200000000001';
export const otherAccount = '40702810500000000002';
/** The bank's own account, for a platform without the directory. */
export const correspondentAccount = '30101810400000000225';
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
export const save = (form: Locator | Page) => form.getByRole('button', { name: 'Сохранить', exact: true }).click();

/** The list of what is missing in the profile of an engineer. */
export const missing = (page: Page) => page.getByRole('list', { name: 'Чего не хватает в профиле' });

/** A field of the profile of an engineer. The name of a mandatory one begins with an asterisk. */
export const mandatoryField = (page: Page, name: string) =>
  page.getByRole('textbox', { name: new RegExp(`^(\\* )?${name}`) });

/** Fills in the document about the form of work, and saves the form. */
export async function saveFormOfWork(page: Page, document: string): Promise<void> {
  await mandatoryField(page, 'Наименование документа').fill(document);
  await mandatoryField(page, 'Номер документа').fill('17');
  await mandatoryField(page, 'Дата документа').fill('01.03.2019');
  await attach(page, 'Электронная копия документа', pdf(document));
  await save(page);
  await expect(page.getByText('Форма работы сохранена')).toBeVisible();
}
