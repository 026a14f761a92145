import type { Locator } from '@playwright/test';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agreement } from './harness/agreement';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { ConnectionProxy } from './harness/connectionProxy';
import { startOrder } from './harness/orders';
import { pdf } from './harness/testFiles';
import { onSlowNetwork } from './harness/slowNetwork';
import { expect, test } from './harness/test';

/** A megabyte; on a slow network a tenth of it, so that the file still ends within minutes. */
const megabyte = (1024 * 1024) / (onSlowNetwork ? 10 : 1);
const size = 200 * megabyte;
/** The part size of the platform. */
const part = 5 * 1024 * 1024;

test.describe('a file of 200 MB', () => {
  // The console logs broken connections.
  test.use({ tolerated: [/net::ERR_/] });
  let folder = '';
  let path = '';
  let sha256 = '';
  let connection: ConnectionProxy;

  test.beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'epkr-upload-'));
    path = join(folder, 'ортофотоплан.tif');
    const content = Buffer.alloc(size);
    // No two parts are equal.
    for (let at = 0; at < size; at += 4) content.writeUInt32LE(Math.imul(at + 1, 2654435761) >>> 0, at);
    writeFileSync(path, content);
    sha256 = createHash('sha256').update(content).digest('hex');
  });
  test.afterAll(() => rmSync(folder, { recursive: true }));
  test.beforeEach(async () => {
    connection = await ConnectionProxy.open();
  });
  test.afterEach(() => connection.close());

  const row = (group: Locator) => group.getByRole('listitem').filter({ hasText: 'ортофотоплан.tif' });

  test(
    'is uploaded through two lost connections, a pause and a closed tab, and no part is sent twice',
    { annotation: covers('R-GEN-8') },
    async ({ enter }) => {
      const page = await enter('customer2', undefined, { proxy: connection.proxy });
      await startOrder(page);
      const files = page.getByRole('group', { name: 'Исходные документы' });

      // Cut in the middle of a part: at its end the part would be stored and only its answer lost.
      connection.afterSent(32 * megabyte, () => connection.cut());
      await files.getByLabel('Выбор файлов').setInputFiles(path);
      await expect(row(files).getByText('Связь прервалась, загрузка продолжится сама')).toBeVisible();
      await expect(page.getByRole('button', { name: 'Опубликовать заказ' })).toBeDisabled();
      await inspect(page, 'upload-broken');

      // The paused bytes are never forwarded: otherwise the last bytes of a part would be stored
      // without an answer to the browser.
      const reached = new Promise<void>((resolve) => connection.afterSent(42 * megabyte, (gone) => (resolve(), gone)));
      connection.restore();
      await reached;
      await row(files).getByRole('button', { name: 'Приостановить загрузку' }).click();
      await expect(row(files).getByText('Приостановлено')).toBeVisible();
      connection.afterSent(22 * megabyte, () => connection.cut());
      await row(files).getByRole('button', { name: 'Продолжить загрузку' }).click();
      await expect(row(files).getByText('Связь прервалась, загрузка продолжится сама')).toBeVisible();

      const address = page.url();
      const context = page.context();
      await page.close();
      connection.restore();
      const reopened = await context.newPage();
      await reopened.goto(address);
      const field = reopened.getByRole('group', { name: 'Исходные документы' });
      await field.getByLabel('Выбор файлов').setInputFiles(path);
      await expect(field.getByRole('button', { name: 'Убрать файл ортофотоплан.tif' })).toBeVisible({
        timeout: 90_000,
      });
      await expect(row(field)).toContainText(`SHA-256: ${sha256}`);
      expect(connection.acknowledged, 'each part was stored once').toHaveLength(new Set(connection.acknowledged).size);
      expect(new Set(connection.acknowledged).size).toBe(size / part);
    },
  );
});

test('the customer removes a file that belongs to no document', async ({ enter }) => {
  const [page, page2] = [await enter('customer'), await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)')];
  const agreement = await Agreement.create({
    customer: { login: 'customer', page },
    engineer: { login: 'engineer-moscow', page: page2 },
  });
  await agreement.sendContract();
  const heading = page.getByRole('heading', { name: 'Файлы, которых нет ни в одном документе' });
  await agreement.customer.openCard();
  await expect(page.getByRole('heading', { name: 'Документы', exact: true })).toBeVisible();
  await expect(heading).toHaveCount(0);
  await agreement.customer.upload(pdf('Черновик подписи'));
  await page.reload();
  await expect(heading).toBeVisible();
  await inspect(page, 'loose-files');
  const remove = page.getByRole('button', { name: /^Удалить: / });
  await remove.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Оставить' }).click();
  await remove.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить' }).click();
  await expect(heading).toHaveCount(0);
});
