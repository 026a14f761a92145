import { arrived, give } from './harness/card';
import { hold, sends } from './harness/hold';
import { begin } from './harness/orders';
import { pdf } from './harness/papers';
import { expect, test } from './harness/test';

test.describe('a page that the browser translates', () => {
  test.use({ translated: true });

  test('shows a file on its way, takes it and lets it go', async ({ enter }) => {
    const page = await enter('customer2');
    await begin(page);
    const form = page.getByRole('main');
    const files = form.getByRole('group', { name: 'Исходные документы' });
    await expect(files.getByText('Не больше'), 'is in an element of the translator').toHaveJSProperty(
      'tagName',
      'FONT',
    );

    const [paper, kept] = [pdf('План участка'), pdf('Межевой план')];
    const completed = await hold(page, 'POST', sends('complete'));
    await give(form, 'Исходные документы', paper);
    await completed.reached;
    await expect(files.getByRole('status')).toHaveText('Платформа проверяет файл');
    await completed.release();
    await arrived(form, 'Исходные документы', paper);
    await give(form, 'Исходные документы', kept);
    await arrived(form, 'Исходные документы', kept);

    await files.getByRole('button', { name: `Убрать файл ${paper.name}` }).click();
    await expect(files.getByRole('listitem')).toHaveText(new RegExp(`^${kept.name} `));
    await files.getByRole('button', { name: `Убрать файл ${kept.name}` }).click();
    await expect(files.getByRole('listitem')).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Новый заказ/);
  });
});
