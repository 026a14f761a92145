import type { Page } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { publish, orderInput } from './harness/orders';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const sections = (page: Page) => page.getByRole('navigation', { name: 'Разделы' });

/** Returns the name with the third and fourth letters exchanged, as a hurried person types it. */
function misspelt(name: string): string {
  return name.slice(0, 2) + (name[3] ?? '') + (name[2] ?? '') + name.slice(4);
}

async function searchByName(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Фамилия, имя, отчество' }).fill(name);
  await page.getByRole('button', { name: 'Применить' }).click();
}

test(
  'a customer finds an engineer by a misspelt name, compares, reads the profile and offers an order',
  { annotation: covers('R-CUST-7', 'R-CUST-8', 'R-CUST-9', 'R-GEN-7', 'R-UI-6', 'C-12', 'C-19') },
  async ({ enter }) => {
    const [moscow, employee] = [userOf('engineer-moscow').name, userOf('engineer-employee').name];
    const page = await enter('customer2');
    const { number } = await publish(page, orderInput);
    await sections(page).getByRole('link', { name: 'Поиск по кадастровым инженерам' }).click();
    await expect(heading(page)).toHaveText('Поиск по кадастровым инженерам');
    await expect(page.getByText(/^Показано/)).toBeVisible();
    await page.setViewportSize({ width: 1280, height: 900 });
    const rows = page.getByRole('row');
    await expect(rows.nth(10)).toBeVisible();
    const tenth = await rows.nth(10).boundingBox();
    expect((tenth?.y ?? 9999) + (tenth?.height ?? 0), 'ten rows fit a screen').toBeLessThanOrEqual(900);
    await page.getByText('Дополнительные условия').click();
    await page.getByRole('textbox', { name: 'Опыт работы, лет' }).fill('мало');
    await page.getByRole('button', { name: 'Применить' }).click();
    await expect(page.getByText(/«мало» не подходит/)).toBeVisible();
    await inspect(page, 'engineers-filter-refused');
    // The phone's width has closed the additional criteria; what was typed is still there.
    await page.getByRole('button', { name: 'Сброс', exact: true }).click();

    await searchByName(page, misspelt(moscow));
    await expect(page.getByText(/Точно такого имени нет, показаны похожие/)).toBeVisible();
    await page.getByRole('checkbox', { name: `Сравнить: ${moscow}` }).click();
    await expect(page.getByText('Выбрано для сравнения: 1 из 4.')).toBeVisible();
    await inspect(page, 'engineers-found');
    await searchByName(page, employee);
    await page.getByRole('checkbox', { name: `Сравнить: ${employee}` }).click();
    await expect(page.getByText('Выбрано для сравнения: 2 из 4.')).toBeVisible();
    await page.reload();
    await expect(page.getByText('Выбрано для сравнения: 2 из 4.'), 'the address keeps the choice').toBeVisible();
    await page.getByRole('button', { name: `Убрать: Имя: ${employee}` }).click();
    await expect(page.getByRole('list', { name: 'Заданный фильтр' })).toHaveCount(0);
    await page.getByRole('link', { name: 'Сравнить', exact: true }).click();

    await expect(heading(page)).toHaveText('Сравнение кадастровых инженеров');
    await expect(page.getByRole('columnheader', { name: moscow })).toBeVisible();
    await expect(page.getByRole('columnheader', { name: employee })).toBeVisible();
    await inspect(page, 'engineers-compared');
    await page.getByRole('button', { name: `Убрать из сравнения: ${employee}` }).click();
    await expect(page.getByRole('columnheader', { name: employee })).toHaveCount(0);
    await page.getByRole('link', { name: moscow }).click();

    await expect(heading(page)).toHaveText(moscow);
    await expect(page.getByRole('heading', { name: 'Сведения реестра' })).toBeVisible();
    await inspect(page, 'engineer-profile');
    await page.getByRole('button', { name: 'Предложить заказ' }).click();
    const dialog = page.getByRole('dialog', { name: `Предложить заказ: ${moscow}` });
    await expect(dialog.getByRole('radio').first()).toBeVisible();
    await dialog.getByRole('button', { name: 'Предложить заказ' }).click();
    await expect(dialog.getByText('Выберите заказ.')).toBeVisible();
    await inspect(page, 'engineer-offer-refused');
    await dialog.getByRole('radio', { name: new RegExp(`Заказ ${number}`) }).check();
    await dialog.getByRole('textbox', { name: 'Комментарий инженеру' }).fill('Нашли вас в списке.');
    await dialog.getByRole('button', { name: 'Предложить заказ' }).click();
    await expect(page.getByText(`Заказ предложен: ${moscow}`)).toBeVisible();
  },
);

test.describe('a review', () => {
  test.use({ tolerated: [/status of 4(04|09)/] });

  test(
    'is shown without its author, answered by the engineer, and hidden by a moderator',
    { annotation: covers('R-RATE-2', 'R-KPROF-3', 'R-EMP-9', 'S-25') },
    async ({ enter }) => {
      const page = await enter('customer');
      const engineerPage = await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)');
      const name = userOf('engineer-moscow').name;
      const agreement = await Agreement.create({
        customer: { login: 'customer', page },
        engineer: { login: 'engineer-moscow', page: engineerPage },
      });
      await agreement.sendContract();
      await agreement.signContract();
      await agreement.acceptResults();
      await agreement.customer.act('report-payment', { details: { withoutDocument: true } });
      await agreement.customer.act('rate', {
        details: { mark: 4 },
        text: { review: 'Сделали быстро, звонить Ивановой.' },
      });
      await agreement.engineer.act('confirm-payment', {});

      await engineerPage.goto('/profile/reviews');
      await expect(engineerPage.getByText('Сделали быстро, звонить Ивановой.')).toBeVisible();
      await engineerPage.getByRole('button', { name: `Ответить: заказ ${agreement.number}` }).click();
      await engineerPage.getByRole('button', { name: 'Сохранить' }).click();
      await expect(engineerPage.getByText('Напишите ответ.')).toBeVisible();
      await inspect(engineerPage, 'own-reviews');
      await engineerPage.getByRole('textbox', { name: 'Ответ на отзыв' }).fill('Спасибо за заказ!');
      await engineerPage.reload();
      await expect(engineerPage.getByRole('textbox', { name: 'Ответ на отзыв' })).toHaveValue('Спасибо за заказ!');
      await engineerPage.getByRole('button', { name: 'Сохранить' }).click();
      await expect(engineerPage.getByText('Ваш ответ', { exact: true })).toBeVisible();

      const moderator = await enter('moderator', 'Модератор системы');
      await sections(moderator).getByRole('link', { name: 'Отзывы' }).click();
      await moderator.getByRole('button', { name: `Скрыть отзыв: заказ ${agreement.number}` }).click();
      const dialog = moderator.getByRole('dialog', { name: /^Скрыть отзыв/ });
      await dialog.getByRole('button', { name: 'Скрыть отзыв' }).click();
      await expect(dialog.getByText('Укажите причину.')).toBeVisible();
      await inspect(moderator, 'moderator-review-refused');
      await dialog.getByRole('combobox', { name: 'Какое правило нарушено' }).click();
      await moderator.locator('.ant-select-item-option').filter({ hasText: 'персональные данные' }).click();
      await dialog.getByRole('textbox', { name: 'Причина' }).fill('Названа заказчица.');
      await dialog.getByRole('button', { name: 'Скрыть отзыв' }).click();
      await expect(dialog).toBeHidden();
      await expect(moderator.getByText(/Отзыв скрыт модератором: персональные данные/)).toBeVisible();
      await inspect(moderator, 'moderator-reviews');

      const employer = await enter('employer', 'Работодатель');
      await sections(employer).getByRole('link', { name: 'Поиск по кадастровым инженерам' }).click();
      await searchByName(employer, name);
      await employer.getByRole('link', { name }).first().click();
      await expect(employer.getByText('Текст отзыва скрыт модератором.')).toBeVisible();
      await expect(employer.getByText('Спасибо за заказ!')).toBeVisible();
      await expect(employer.getByText(/Ивановой/)).toHaveCount(0);
      await inspect(employer, 'engineer-profile-reviews');
      await page.goto(`/orders/${agreement.customer.order}`);
      await expect(page.getByText('Названа заказчица.'), 'the author reads the reason').toBeVisible();
      await inspect(page, 'order-review-hidden');
    },
  );
});
