import type { Locator, Page } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { backdateAuthority } from './harness/authority';
import { attach, Card } from './harness/card';
import { covers } from './harness/covers';
import { dayFromNow } from './harness/days';
import { inspect } from './harness/inspect';
import { completeEntry, signInAtEsia } from './harness/people';
import { Party } from './harness/party';
import { userOf } from './harness/platform';
import { account, bic, change, field, save } from './harness/profile';
import { expect, test } from './harness/test';
import { powerOfAttorney } from './harness/testFiles';

const head = 'customer-org';
const employee = 'customer-org2';
const engineer = 'engineer-moscow';
const cabinet = 'Правообладатель (Заказчик)';
const renew = 'Подтвердить на Госуслугах';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

/** Follows a link through ЕСИА, which still has a session. The page is then a new document. */
async function confirmAtEsia(page: Page, link: Locator): Promise<void> {
  await Promise.all([page.waitForRequest(/\/api\/auth\/callback/), link.click()]);
  await expect(link).toHaveCount(0);
}

test.describe('an organisation', () => {
  test.describe.configure({ mode: 'serial' });
  test.use({ tolerated: [/status of 4(03|09)/] });

  test(
    'lets admitted employees act until the head withdraws the admission, and sign by a power of attorney only',
    { annotation: covers('S-37') },
    async ({ enter, visit }) => {
      const employeePage = await visit();
      await signInAtEsia(employeePage, employee);
      await completeEntry(employeePage, 'Заказчик (физическое лицо)');
      await employeePage.goto('/organisation/admissions');
      await expect(
        heading(employeePage, 'Страница «Допуск сотрудников» доступна только руководителю организации'),
      ).toBeVisible();
      await employeePage.getByRole('button', { name: /учётная запись/ }).click();
      await expect(employeePage.getByRole('menuitem', { name: 'Выйти', exact: true })).toBeVisible();
      await expect(employeePage.getByRole('menuitem', { name: 'Допуск сотрудников' })).toHaveCount(0);

      const page = await enter(head, cabinet);
      await page.getByRole('button', { name: /учётная запись/ }).click();
      await page.getByRole('menuitem', { name: 'Допуск сотрудников' }).click();
      const name = userOf(employee).name;
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
      await expect(page.getByRole('row', { name: new RegExp(`${name}.*${userOf(head).name}`) }).first()).toContainText(
        cabinet,
      );
      await expect(page.getByText(`Допущен: ${cabinet}`)).toBeVisible();

      await employeePage.goto('/role');
      await employeePage.getByRole('button', { name: cabinet }).click();
      await expect(heading(employeePage, 'Профиль')).toBeVisible();
      await expect(employeePage.getByRole('link', { name: 'Допуск сотрудников' })).toHaveCount(0);
      const engineerPage = await enter(engineer, 'Исполнитель (кадастровый инженер)');
      const agreement = await Agreement.create({
        customer: { login: employee, page: employeePage },
        engineer: { login: engineer, page: engineerPage },
      });
      await agreement.sendContract();
      await agreement.customer.openCard();
      await new Card(employeePage).expectStage('Подписание договора');
      const actions = employeePage.getByRole('region', { name: 'Действия' });
      await expect(actions).toBeVisible();
      await expect(employeePage.getByText('Заказ ждёт от руководителя организации')).toBeVisible();
      await signByPower(agreement, new Card(employeePage), head, employee);

      await withdraw.click();
      const question = page.getByRole('dialog', { name: `Отозвать допуск: ${name}` });
      await expect(question).toBeVisible();
      await inspect(page, 'admission-withdrawn');
      await question.getByRole('button', { name: 'Отозвать допуск', exact: true }).click();
      await expect(question).toBeHidden();
      await expect(admit, 'the focus returns to the button').toBeFocused();
      const answer = await employeePage.request.get(`/api/orders/${agreement.customer.order}`);
      expect(answer.status(), 'the role is lost immediately').toBe(403);
      // An idle tab notices it at the next heartbeat.
      await expect(heading(employeePage, 'Выберите роль')).toBeVisible({ timeout: 40_000 });
      await expect(employeePage.getByText(/Руководитель организации отозвал ваш допуск/)).toBeVisible();
      await expect(employeePage.getByRole('button', { name: cabinet })).toHaveCount(0);
      await inspect(employeePage, 'admission-lost');
    },
  );

  test(
    'asks its head to confirm his authority during a signature and a decision, and keeps what he typed',
    { annotation: covers('S-37') },
    async ({ enter }) => {
      const page = await enter(head, cabinet);
      const engineerPage = await enter(engineer, 'Исполнитель (кадастровый инженер)');
      const agreement = await Agreement.create({
        customer: { login: head, page, kind: 'organisation' },
        engineer: { login: engineer, page: engineerPage },
      });
      await agreement.sendContract();
      await agreement.customer.openCard();
      const card = new Card(page);
      const note = 'Подписано руководителем, оригинал отправлен почтой.';
      const form = await card.open('Перейти к подписанию');
      const signature = await agreement.contractSignature();
      await attach(form, 'Файл подписи договора', signature);
      await form.getByRole('textbox', { name: 'Комментарий исполнителю' }).fill(note);
      await backdateAuthority(head, 20);
      await form.getByRole('button', { name: 'Подписать и отправить' }).click();
      const renewLink = form.getByRole('link', { name: renew });
      await expect(renewLink).toBeVisible();
      await inspect(page, 'authority-stale');
      await confirmAtEsia(page, renewLink);

      await expect(form).toBeVisible();
      await expect(form.getByRole('textbox', { name: 'Комментарий исполнителю' })).toHaveValue(note);
      await expect(form.getByRole('button', { name: `Убрать файл ${signature.name}` })).toBeVisible();
      await expect(page).toHaveURL(new RegExp(`/orders/${agreement.customer.order}/signing/sign-contract$`));
      await form.getByRole('button', { name: 'Подписать и отправить' }).click();
      await card.expectStage('Выполнение работ');
      await expect(page).toHaveURL(new RegExp(`/orders/${agreement.customer.order}$`));
      await expect(form).toBeHidden();

      await page.goto('/organisation/admissions');
      const name = userOf(employee).name;
      await page.getByRole('button', { name: `Допустить: ${name}` }).click();
      const window = page.getByRole('dialog', { name: `Допустить: ${name}` });
      await backdateAuthority(head, 20);
      await window.getByRole('button', { name: 'Допустить', exact: true }).click();
      await confirmAtEsia(page, window.getByRole('link', { name: renew }));
      await expect(window).toBeVisible();
      await window.getByRole('button', { name: 'Допустить', exact: true }).click();
      await expect(page.getByRole('button', { name: `Отозвать допуск: ${name}` })).toBeVisible();
    },
  );
});

/** A representative signs a contract; a power of attorney that has ended is refused at its field. */
async function signByPower(agreement: Agreement, card: Card, principal: string, representative: string): Promise<void> {
  const form = await card.open('Перейти к подписанию');
  await expect(form.getByText('Вы подписываете за организацию, но вы не её руководитель')).toBeVisible();
  await expect(form.getByRole('button', { name: 'Подписать в Госключе' })).toHaveCount(0);
  const signature = await agreement.contractSignature();
  const note = 'Подписано по доверенности.';
  const [file, sum] = ['Доверенность (МЧД)', 'Подпись доверенности'];
  const submit = () => form.getByRole('button', { name: 'Подписать и отправить' }).click();
  await form.getByRole('textbox', { name: 'Комментарий исполнителю' }).fill(note);
  await attach(form, 'Файл подписи договора', signature);
  const place = form.getByRole('group', { name: file, exact: true });
  await submit();
  await expect(place).toHaveAccessibleDescription(/Приложите файл доверенности/);

  const [ended, endedSignature] = await powerOfAttorney(principal, representative, -30);
  await attach(form, file, ended);
  await attach(form, sum, endedSignature);
  await submit();
  await expect(place).toHaveAccessibleDescription(/Срок доверенности истёк до момента подписания/);
  await inspect(card.page, 'power-refused');
  await card.page.reload();
  await expect(form.getByRole('textbox', { name: 'Комментарий исполнителю' })).toHaveValue(note);
  for (const kept of [signature, ended, endedSignature])
    await expect(form.getByRole('button', { name: `Убрать файл ${kept.name}`, exact: true })).toBeVisible();

  const [power, powerSignature] = await powerOfAttorney(principal, representative, 180);
  for (const old of [ended, endedSignature])
    await form.getByRole('button', { name: `Убрать файл ${old.name}`, exact: true }).click();
  await attach(form, file, power);
  await attach(form, sum, powerSignature);
  await inspect(card.page, 'form-power');
  await submit();
  await card.expectStage('Выполнение работ');
  await expect(card.documents.getByText(/Подписал.*, по доверенности \(МЧД\)/)).toBeVisible();
  await expect(card.documents.getByText(/^Доверенность № [\da-f-]{36}, действует с .* до /)).toContainText(
    dayFromNow(180, 'long'),
  );
  await expect(card.documents.getByText('Полномочия: Подписывать договоры и акты')).toBeVisible();
}

// In this file because tests of one file run one after another: the authority of the same head is backdated.
test.describe('the requisites of a firm', () => {
  test.use({ tolerated: [/status of 4(03|09)/] });

  test(
    'the head of an organisation is told what a contract needs, and confirms his authority to change it',
    { annotation: covers('R-CUST-2', 'R-EMP-8', 'S-31') },
    async ({ enter }) => {
      const page = await enter(head, cabinet);
      const { party } = await Party.publish(page);
      await party.openCard();
      const hint = page.getByRole('alert').filter({ hasText: 'Для договора не хватает ваших реквизитов' });
      await expect(hint).toContainText('банк и расчетный счет');
      await inspect(page, 'order-missing-requisites');
      await hint.getByRole('link', { name: 'Реквизиты и оплата' }).click();
      await expect(page.getByText('Сведения об организации получены с Госуслуг')).toBeVisible();
      await expect(page.getByText('Для договора не хватает')).toBeVisible();
      await Promise.all([
        page.waitForRequest(/\/api\/auth\/callback/),
        page.getByRole('link', { name: 'Обновить сведения с Госуслуг' }).click(),
      ]);
      await expect(page).toHaveURL(/\/profile\/requisites$/);
      await expect(page.getByText('Сведения об организации получены с Госуслуг')).toBeVisible();

      const { dialog } = await change(page, 'Изменить реквизиты');
      await expect(field(dialog, 'КПП')).toHaveAttribute('readonly', '');
      await field(dialog, 'БИК').fill(bic);
      await field(dialog, 'Расчетный счет').fill(account);
      await backdateAuthority(head, 20);
      await save(dialog);
      const link = dialog.getByRole('link', { name: renew });
      await expect(link).toBeVisible();
      await inspect(page, 'requisites-authority');
      await confirmAtEsia(page, link);
      await expect(field(dialog, 'Расчетный счет')).toHaveValue(account);
      await save(dialog);
      await expect(dialog).toBeHidden();
      await expect(page.getByText('Для договора не хватает')).toHaveCount(0);
      await expect(page.getByText(userOf(head).name, { exact: false }).first()).toBeVisible();
      await inspect(page, 'requisites-organisation');
      await party.openCard();
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(hint).toHaveCount(0);
    },
  );
});
