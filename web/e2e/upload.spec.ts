import type { Locator } from '@playwright/test';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agreement } from './harness/agreement';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { Line } from './harness/line';
import { begin } from './harness/orders';
import { pdf } from './harness/papers';
import { expect, test } from './harness/test';

const megabyte = 1024 * 1024;
const size = 200 * megabyte;
/** As large as the platform's parts are. */
const part = 5 * megabyte;

test.describe('a file of 200 MB', () => {
  // What breaks off is in the console.
  test.use({ tolerated: [/net::ERR_/] });
  let folder = '';
  let path = '';
  let sum = '';
  let line: Line;

  test.beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'epkr-upload-'));
    path = join(folder, 'ортофотоплан.tif');
    const content = Buffer.alloc(size);
    // No part is like another one.
    for (let at = 0; at < size; at += 4) content.writeUInt32LE(Math.imul(at + 1, 2654435761) >>> 0, at);
    writeFileSync(path, content);
    sum = createHash('sha256').update(content).digest('hex');
  });
  test.afterAll(() => rmSync(folder, { recursive: true }));
  test.beforeEach(async () => {
    line = await Line.open();
  });
  test.afterEach(() => line.close());

  const row = (group: Locator) => group.getByRole('listitem').filter({ hasText: 'ортофотоплан.tif' });

  test(
    'comes through a connection that breaks twice, a pause and a closed tab, and no part goes twice',
    { annotation: covers('R-GEN-8') },
    async ({ enter }) => {
      const page = await enter('customer2', undefined, { proxy: line.proxy });
      await begin(page);
      const files = page.getByRole('group', { name: 'Исходные документы' });

      // In the middle of a part: at its end it would be stored, and only the word of it lost.
      line.afterSent(32 * megabyte, () => line.cut());
      await files.getByLabel('Выбор файлов').setInputFiles(path);
      await expect(row(files).getByText('Связь прервалась, загрузка продолжится сама')).toBeVisible();
      await expect(page.getByRole('button', { name: 'Опубликовать заказ' })).toBeDisabled();
      await inspect(page, 'upload-broken');

      // What is held never arrives: the last of a part would else be stored without a word to the browser.
      const reached = new Promise<void>((resolve) => line.afterSent(42 * megabyte, (gone) => (resolve(), gone)));
      line.mend();
      await reached;
      await row(files).getByRole('button', { name: 'Приостановить загрузку' }).click();
      await expect(row(files).getByText('Приостановлено')).toBeVisible();
      line.afterSent(22 * megabyte, () => line.cut());
      await row(files).getByRole('button', { name: 'Продолжить загрузку' }).click();
      await expect(row(files).getByText('Связь прервалась, загрузка продолжится сама')).toBeVisible();

      const address = page.url();
      const context = page.context();
      await page.close();
      line.mend();
      const again = await context.newPage();
      await again.goto(address);
      const field = again.getByRole('group', { name: 'Исходные документы' });
      await field.getByLabel('Выбор файлов').setInputFiles(path);
      await expect(field.getByRole('button', { name: 'Убрать файл ортофотоплан.tif' })).toBeVisible({
        timeout: 90_000,
      });
      await expect(row(field)).toContainText(`SHA-256: ${sum}`);
      expect(line.acknowledged, 'each part was taken once').toHaveLength(new Set(line.acknowledged).size);
      expect(new Set(line.acknowledged).size).toBe(size / part);
    },
  );
});

test('the customer of an order removes a file that stands in no document', async ({ enter }) => {
  const [page, page2] = [await enter('customer'), await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)')];
  const agreement = await Agreement.reach({
    customer: { login: 'customer', page },
    engineer: { login: 'engineer-moscow', page: page2 },
  });
  await agreement.sendContract();
  const loose = page.getByRole('heading', { name: 'Файлы, которых нет ни в одном документе' });
  await agreement.customer.look();
  await expect(page.getByRole('heading', { name: 'Документы', exact: true })).toBeVisible();
  await expect(loose).toHaveCount(0);
  await agreement.customer.upload(pdf('Черновик подписи'));
  await page.reload();
  await expect(loose).toBeVisible();
  await inspect(page, 'loose-files');
  const remove = page.getByRole('button', { name: /^Удалить: / });
  await remove.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Оставить' }).click();
  await remove.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить' }).click();
  await expect(loose).toHaveCount(0);
});
