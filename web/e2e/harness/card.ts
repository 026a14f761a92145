import { expect, type Locator, type Page } from '@playwright/test';
import type { Paper } from './papers';

/** The card of an order as one of its people has it open. */
export class Card {
  constructor(readonly page: Page) {}

  /** Waits until the card says that the order has come to a stage; nobody reloads it. */
  async isAt(stage: string): Promise<void> {
    await expect(this.page.getByRole('article').locator('header').getByText(stage, { exact: true })).toBeVisible();
  }

  /** Opens the form of an action by its button. */
  async open(button: string): Promise<Locator> {
    await this.page
      .getByRole('region', { name: 'Действия' })
      .getByRole('button', { name: button, exact: true })
      .click();
    const form = this.page.getByRole('dialog');
    await expect(form).toBeVisible();
    return form;
  }

  /** Does an action: its button, what its form asks for, and the button that sends it. */
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

/** Puts a file into a field of a form and waits until the platform has it. */
export async function attach(form: Locator | Page, field: string, paper: Paper): Promise<void> {
  await give(form, field, paper);
  await arrived(form, field, paper);
}

/** Puts a file into a field, which then sends it. */
export async function give(form: Locator | Page, field: string, paper: Paper): Promise<void> {
  await group(form, field)
    .getByLabel(/^Выбор файл/)
    .setInputFiles(paper);
}

/** Waits until the platform has a file of a field. */
export async function arrived(form: Locator | Page, field: string, paper: Paper): Promise<void> {
  await expect(group(form, field).getByRole('button', { name: `Убрать файл ${paper.name}` })).toBeVisible();
}

const group = (form: Locator | Page, field: string) => form.getByRole('group', { name: field, exact: true });

/** Chooses an entry of a list by typing a part of its name. */
export async function choose(form: Locator | Page, field: string, entry: string): Promise<void> {
  // The asterisk of a field that must be filled in is part of its name.
  const box = form.getByRole('combobox', { name: new RegExp(`^(\\* )?${field}$`) });
  await box.fill(entry);
  await expect(
    box.page().locator('.ant-select-item-option-active', { hasText: entry }).filter({ visible: true }),
  ).toBeVisible();
  await box.press('Enter');
}
