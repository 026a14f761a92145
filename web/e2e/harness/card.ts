import { expect, type Locator, type Page } from '@playwright/test';
import type { TestFile } from './testFiles';

/** The card of an order on a user's page. */
export class Card {
  constructor(readonly page: Page) {}

  /** Waits until the card shows the stage, without a reload. */
  async expectStage(stage: string): Promise<void> {
    await expect(this.page.getByRole('article').locator('header').getByText(stage, { exact: true })).toBeVisible();
  }

  /** Opens the form of an action by its button: a dialog or a page. */
  async open(button: string): Promise<Locator> {
    await this.page
      .getByRole('region', { name: 'Действия' })
      .getByRole('button', { name: button, exact: true })
      .click();
    const [dialog, form] = [this.page.getByRole('dialog'), signingForm(this.page)];
    await expect(dialog.or(form)).toBeVisible();
    return (await form.isVisible()) ? form : dialog;
  }

  /** Performs an action: opens its form, fills it and submits it. */
  async act(button: string, fill: (form: Locator) => Promise<void>, submit: string): Promise<void> {
    const form = await this.open(button);
    await fill(form);
    await form.getByRole('button', { name: submit, exact: true }).click();
    await expect(form).toBeHidden();
  }

  get documents(): Locator {
    return this.page.getByRole('complementary', { name: 'Документы заказа' });
  }

  get history(): Locator {
    return this.page
      .getByRole('article')
      .locator('section, div')
      .filter({ has: this.page.getByRole('heading', { name: 'История заказа' }) })
      .last();
  }
}

/** The form of a page on which a document is signed or works are accepted. */
export const signingForm = (page: Page): Locator => page.locator('.signing').getByRole('form');

/** Leaves the page of an action for the card; what was typed stays. */
export const leave = (form: Locator) => form.getByRole('button', { name: 'Вернуться к заказу' }).click();

/** Uploads a file in a field of a form and waits until it is stored. */
export async function attach(form: Locator | Page, field: string, file: TestFile): Promise<void> {
  await startUpload(form, field, file);
  await expectUploaded(form, field, file);
}

/** Starts the upload of a file in a field. */
export async function startUpload(form: Locator | Page, field: string, file: TestFile): Promise<void> {
  await group(form, field)
    .getByLabel(/^Выбор файл/)
    .setInputFiles(file);
}

/** Waits until the file of a field is stored. */
export async function expectUploaded(form: Locator | Page, field: string, file: Pick<TestFile, 'name'>): Promise<void> {
  await expect(group(form, field).getByRole('button', { name: `Убрать файл ${file.name}`, exact: true })).toBeVisible();
}

const group = (form: Locator | Page, field: string) => form.getByRole('group', { name: field, exact: true });

/** Selects an entry of a list by typing a part of its name. */
export async function choose(form: Locator | Page, field: string, entry: string): Promise<void> {
  // The accessible name of a required field includes the asterisk.
  const box = form.getByRole('combobox', { name: new RegExp(`^(\\* )?${field}$`) });
  await box.fill(entry);
  await expect(
    box.page().locator('.ant-select-item-option-active', { hasText: entry }).filter({ visible: true }),
  ).toBeVisible();
  await box.press('Enter');
}
