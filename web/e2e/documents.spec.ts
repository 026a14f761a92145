import { readFile } from 'node:fs/promises';
import { Agreement } from './harness/agreement';
import { Card } from './harness/card';
import { covers } from './harness/covers';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';

const [customer, engineer] = ['customer', 'engineer-moscow'];

test(
  'a completed order shows its whole history, and its documents can be previewed and saved, one or all',
  { annotation: covers('R-DONE-1', 'R-DONE-2', 'R-CONTR-12', 'R-ACC-2') },
  async ({ enter }) => {
    const [page, page2] = [await enter(customer), await enter(engineer, 'Исполнитель (кадастровый инженер)')];
    const agreement = await Agreement.create({
      customer: { login: customer, page },
      engineer: { login: engineer, page: page2 },
    });
    await agreement.sendContract();
    await agreement.signContract();
    await agreement.acceptResults();
    await agreement.customer.act('report-payment', { details: { withoutDocument: true } });
    await agreement.engineer.act('confirm-payment', {});
    await agreement.customer.openCard();
    const card = new Card(page);
    await card.expectStage('Заказ выполнен');

    // The actions of both parties, the newest first.
    const steps = page.getByRole('article').locator('.ant-timeline strong');
    await expect(steps).toHaveText([
      'Получение оплаты подтверждено',
      'Заказчик сообщил об оплате',
      'Заказчик принял результаты работ',
      'Исполнитель передал результаты работ',
      'Договор подписан обеими сторонами',
      'Договор подписан исполнителем и отправлен',
      'Исполнитель выбран',
      'Кадастровый инженер откликнулся',
      'Заказ опубликован',
      'Проект заказа создан',
    ]);
    for (const login of [customer, engineer])
      await expect(page.getByRole('article').getByText(userOf(login).name).first()).toBeVisible();

    const names = [
      'Договор подряда.pdf',
      'Договор подряда.pdf.sig',
      'Межевой план.pdf',
      'Акт выполненных работ.pdf',
      'Акт выполненных работ.pdf.sig',
    ];
    const shown = await card.documents.locator('.document-name').allTextContents();
    expect([...new Set(shown)].toSorted()).toEqual(names.toSorted());
    expect(shown, 'both documents have two signatures').toHaveLength(7);

    await card.documents.getByRole('button', { name: 'Просмотр: Договор подряда.pdf', exact: true }).click();
    const preview = page.getByRole('dialog');
    await expect(preview.locator('iframe')).toHaveAttribute('src', /^blob:/);
    await preview.getByText('Закрыть', { exact: true }).click();
    await expect(preview).toBeHidden();

    const saving = page.waitForEvent('download');
    await card.documents.getByRole('link', { name: 'Скачать: Договор подряда.pdf', exact: true }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('Договор подряда.pdf');
    expect((await readFile(await saved.path())).subarray(0, 5).toString()).toBe('%PDF-');

    const packing = page.waitForEvent('download');
    await card.documents.getByRole('link', { name: 'Выгрузить документы' }).click();
    const archive = await packing;
    expect(archive.suggestedFilename()).toMatch(/^Заказ .+\.zip$/);
    const packed = await readFile(await archive.path());
    expect(packed.subarray(0, 2).toString()).toBe('PK');
    for (const name of [...names, 'История.pdf', 'Прочтите.txt']) expect(packed.includes(name), name).toBe(true);
  },
);
