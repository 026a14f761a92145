import { covers } from './harness/covers';
import { expect, test } from './harness/test';

test(
  '«ВОЙТИ» in the header opens the form of ЕСИА, and the cross of the consent text leads back to the request',
  { annotation: covers('R-AUTH-4', 'R-AUTH-7') },
  async ({ visit }) => {
    const page = await visit();
    await page.goto('/');
    await page.getByRole('banner').getByRole('link', { name: 'ВОЙТИ' }).click();
    await page.getByRole('textbox', { name: 'Имя для входа' }).fill('customer-new');
    await page.getByRole('button', { name: 'Войти', exact: true }).click();

    const request = page.getByRole('heading', { level: 1, name: 'Согласие на обработку персональных данных' });
    await expect(request).toBeVisible();
    const text = page.getByRole('dialog');
    for (const close of ['Закрыть текст согласия', 'ЗАКРЫТЬ']) {
      await page.getByRole('button', { name: 'Подробнее' }).click();
      await expect(text).toBeVisible();
      await text.getByRole('button', { name: close, exact: true }).click();
      await expect(text).toBeHidden();
      await expect(request).toBeVisible();
    }
    await page.getByRole('button', { name: 'ОТКАЗАТЬСЯ' }).click();
    await expect(page.getByRole('banner').getByRole('link', { name: 'ВОЙТИ' })).toBeVisible();
  },
);
