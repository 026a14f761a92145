import { expectUploaded, startUpload } from './harness/card';
import { pauseRequests, isAction } from './harness/pausedRequests';
import { startOrder } from './harness/orders';
import { pdf } from './harness/testFiles';
import { expect, test } from './harness/test';

test.describe('a page that the browser translates', () => {
  test.use({ translated: true });

  test('shows a file during its upload, stores it and removes it', async ({ enter }) => {
    const page = await enter('customer2');
    await startOrder(page);
    const form = page.getByRole('main');
    const files = form.getByRole('group', { name: 'Исходные документы' });
    await expect(files.getByText('Не больше'), 'is in an element of the translator').toHaveJSProperty(
      'tagName',
      'FONT',
    );

    const [file, secondFile] = [pdf('План участка'), pdf('Межевой план')];
    const completion = await pauseRequests(page, 'POST', isAction('complete'));
    await startUpload(form, 'Исходные документы', file);
    await completion.reached;
    await expect(files.getByRole('status')).toHaveText('Платформа проверяет файл');
    await completion.release();
    await expectUploaded(form, 'Исходные документы', file);
    await startUpload(form, 'Исходные документы', secondFile);
    await expectUploaded(form, 'Исходные документы', secondFile);

    await files.getByRole('button', { name: `Убрать файл ${file.name}` }).click();
    await expect(files.getByRole('listitem')).toHaveText(new RegExp(`^${secondFile.name} `));
    await files.getByRole('button', { name: `Убрать файл ${secondFile.name}` }).click();
    await expect(files.getByRole('listitem')).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Новый заказ/);
  });
});
