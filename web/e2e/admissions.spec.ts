import type { Locator, Page } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { ageAuthority } from './harness/authority';
import { attach, Card } from './harness/card';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { goIn, passESIA } from './harness/people';
import { personOf } from './harness/platform';
import { expect, test } from './harness/test';

const head = 'customer-org';
const employee = 'customer-org2';
const engineer = 'engineer-moscow';
const cabinet = 'Правообладатель (Заказчик)';
const renew = 'Подтвердить на Госуслугах';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

/** Follows a link through ЕСИА, which still knows who it is. The page that comes back is a new one. */
async function confirmAtESIA(page: Page, link: Locator): Promise<void> {
  await Promise.all([page.waitForRequest(/\/api\/auth\/callback/), link.click()]);
  await expect(link).toHaveCount(0);
}

test.describe('an organisation', () => {
  test.describe.configure({ mode: 'serial' });
  test.use({ tolerated: [/status of 4(03|09)/] });

  test(
    'is acted for by whom its head admits, until he withdraws it, and signed for by the head only',
    { annotation: covers('S-37') },
    async ({ enter, visit }) => {
      const theirs = await visit();
      await passESIA(theirs, employee);
      await goIn(theirs, 'Заказчик (физическое лицо)');
      await theirs.goto('/organisation/admissions');
      await expect(
        heading(theirs, 'Страница «Допуск сотрудников» доступна только руководителю организации'),
      ).toBeVisible();
      await theirs.getByRole('button', { name: /учётная запись/ }).click();
      await expect(theirs.getByRole('menuitem', { name: 'Выйти', exact: true })).toBeVisible();
      await expect(theirs.getByRole('menuitem', { name: 'Допуск сотрудников' })).toHaveCount(0);

      const page = await enter(head, cabinet);
      await page.getByRole('button', { name: /учётная запись/ }).click();
      await page.getByRole('menuitem', { name: 'Допуск сотрудников' }).click();
      const name = personOf(employee).name;
      const admit = page.getByRole('button', { name: `Допустить: ${name}` });
      await expect(admit).toBeVisible();
      await inspect(page, 'admissions');
      await admit.click();
      const window = page.getByRole('dialog', { name: `Допустить: ${name}` });
      await expect(window).toBeVisible();
      await inspect(page, 'admission-given');
      await window.getByRole('button', { name: 'Допустить', exact: true }).click();
      await expect(window).toBeHidden();
      const withdraw = page.getByRole('button', { name: `Отозвать допуск: ${name}` });
      await expect(withdraw).toBeVisible();
      await expect(
        page.getByRole('row', { name: new RegExp(`${name}.*${personOf(head).name}`) }).first(),
      ).toContainText(cabinet);
      await expect(page.getByText(`Допущен: ${cabinet}`)).toBeVisible();

      await theirs.goto('/role');
      await theirs.getByRole('button', { name: cabinet }).click();
      await expect(heading(theirs, 'Профиль')).toBeVisible();
      await expect(theirs.getByRole('link', { name: 'Допуск сотрудников' })).toHaveCount(0);
      const works = await enter(engineer, 'Исполнитель (кадастровый инженер)');
      const agreement = await Agreement.reach({
        customer: { login: employee, page: theirs },
        engineer: { login: engineer, page: works },
      });
      try {
        await agreement.sendContract();
      } finally {
        agreement.close();
      }
      await agreement.customer.look();
      await new Card(theirs).isAt('Подписание договора');
      const actions = theirs.getByRole('region', { name: 'Действия' });
      await expect(actions).toBeVisible();
      await expect(actions.getByRole('button', { name: 'Перейти к подписанию' })).toHaveCount(0);
      const why = actions.getByRole('button', { name: 'Почему недоступно' });
      if ((await why.getAttribute('aria-expanded')) !== 'true') await why.click();
      await expect(actions.getByText(/Подписать может только руководитель организации/)).toBeVisible();
      await inspect(theirs, 'admitted-cannot-sign');

      await withdraw.click();
      const question = page.getByRole('dialog', { name: `Отозвать допуск: ${name}` });
      await expect(question).toBeVisible();
      await inspect(page, 'admission-withdrawn');
      await question.getByRole('button', { name: 'Отозвать допуск', exact: true }).click();
      await expect(question).toBeHidden();
      await expect(admit, 'the focus is where the decision began').toBeFocused();
      const answer = await theirs.request.get(`/api/orders/${agreement.customer.order}`);
      expect(answer.status(), 'the role is gone at once').toBe(403);
      // The tab that nobody touches learns of it at the next heartbeat.
      await expect(heading(theirs, 'Выберите роль')).toBeVisible({ timeout: 40_000 });
      await expect(theirs.getByText(/Руководитель организации отозвал ваш допуск/)).toBeVisible();
      await expect(theirs.getByRole('button', { name: cabinet })).toHaveCount(0);
      await inspect(theirs, 'admission-lost');
    },
  );

  test(
    'asks its head to confirm his authority in the middle of a signature and of a decision, and keeps what he typed',
    { annotation: covers('S-37') },
    async ({ enter }) => {
      const page = await enter(head, cabinet);
      const works = await enter(engineer, 'Исполнитель (кадастровый инженер)');
      const agreement = await Agreement.reach({
        customer: { login: head, page },
        engineer: { login: engineer, page: works },
      });
      try {
        await agreement.sendContract();
        await agreement.customer.look();
        const card = new Card(page);
        const note = 'Подписано руководителем, оригинал отправлен почтой.';
        const form = await card.open('Перейти к подписанию');
        const signature = await agreement.contractSignature();
        await attach(form, 'Файл подписи договора', signature);
        await form.getByRole('textbox', { name: 'Комментарий исполнителю' }).fill(note);
        await ageAuthority(head, 20);
        await form.getByRole('button', { name: 'Подписать и отправить' }).click();
        const again = form.getByRole('link', { name: renew });
        await expect(again).toBeVisible();
        await inspect(page, 'authority-stale');
        await confirmAtESIA(page, again);

        await expect(form).toBeVisible();
        await expect(form.getByRole('textbox', { name: 'Комментарий исполнителю' })).toHaveValue(note);
        await expect(form.getByRole('button', { name: `Убрать файл ${signature.name}` })).toBeVisible();
        await expect(page).toHaveURL(new RegExp(`/orders/${agreement.customer.order}\\?action=sign-contract$`));
        await form.getByRole('button', { name: 'Подписать и отправить' }).click();
        await card.isAt('Выполнение работ');
        await expect(page).toHaveURL(new RegExp(`/orders/${agreement.customer.order}$`));
      } finally {
        agreement.close();
      }

      await page.goto('/organisation/admissions');
      const name = personOf(employee).name;
      await page.getByRole('button', { name: `Допустить: ${name}` }).click();
      const window = page.getByRole('dialog', { name: `Допустить: ${name}` });
      await ageAuthority(head, 20);
      await window.getByRole('button', { name: 'Допустить', exact: true }).click();
      await confirmAtESIA(page, window.getByRole('link', { name: renew }));
      await expect(window).toBeVisible();
      await window.getByRole('button', { name: 'Допустить', exact: true }).click();
      await expect(page.getByRole('button', { name: `Отозвать допуск: ${name}` })).toBeVisible();
    },
  );
});
