import { Agreement } from './harness/agreement';
import { attach, Card } from './harness/card';
import { covers } from './harness/covers';
import { ordinaryPdf, pdf } from './harness/testFiles';
import { expect, test } from './harness/test';

const field = 'Собственный файл договора';

test(
  'the engineer reads at the field what is wrong with his file and how to save it as PDF/A, and then that it is one',
  { annotation: covers('R-CONTR-9', 'R-CONTR-7') },
  async ({ enter }) => {
    const [customerPage, page] = [
      await enter('customer2'),
      await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)'),
    ];
    const agreement = await Agreement.create({
      customer: { login: 'customer2', page: customerPage },
      engineer: { login: 'engineer-moscow', page },
    });
    await agreement.engineer.openCard();
    const form = await new Card(page).open('Отправить договор');
    const file = form.getByRole('group', { name: field, exact: true });

    const ordinary = ordinaryPdf('Договор из Word');
    await attach(form, field, ordinary);
    const refused = file.getByRole('alert');
    await expect(refused).toContainText('Это не PDF/A');
    await expect(refused).toContainText('Это обычный PDF: в его метаданных не указано, что он PDF/A');
    await refused.getByText('Как сохранить документ в PDF/A').click();
    await expect(refused.getByText('Word: «Файл»')).toBeVisible();
    await expect(refused.getByText('LibreOffice: «Файл»')).toBeVisible();
    await refused.getByText('Что проверено').click();
    await expect(refused.getByText('цветовой профиль документа', { exact: true })).toBeVisible();

    await file.getByRole('button', { name: `Убрать файл ${ordinary.name}` }).click();
    await attach(form, field, pdf('Договор подряда'));
    await expect(refused).toHaveCount(0);
    await expect(file.getByText('Файл соответствует PDF/A-1a')).toBeVisible();
  },
);
