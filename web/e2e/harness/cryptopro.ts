import type { Locator } from '@playwright/test';
import { expectUploaded } from './card';
import type { TestFile } from './testFiles';

/** The button of a form that signs by КриптоПро's plug-in, which the tests' stand-in replaces. */
export const signButton = (form: Locator) => form.getByRole('button', { name: 'Подписать в браузере (КриптоПро)' });

/** Signs the document of a form in the browser with the person's own certificate. */
export async function sign(
  form: Locator,
  owner: string,
  field: string,
  document: Pick<TestFile, 'name'>,
): Promise<void> {
  await signButton(form).click();
  await chooseCertificate(form, owner);
  await expectUploaded(form, field, { name: `${document.name}.sig` });
}

/** Chooses the first certificate of the owner, which is his own as a person, and signs. */
export async function chooseCertificate(form: Locator, owner: string): Promise<void> {
  await form
    .getByRole('radio', { name: new RegExp(`^${owner}\\s*Издатель`) })
    .first()
    .check();
  await form.getByRole('button', { name: 'Подписать выбранным сертификатом' }).click();
}
