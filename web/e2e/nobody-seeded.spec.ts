import type { Page } from '@playwright/test';
import { Card, choose } from './harness/card';
import { covers } from './harness/covers';
import { test } from './harness/emptyPlatform';
import { inspect } from './harness/inspect';
import { find, orderInput, publish } from './harness/orders';
import { completeEntry, signInAtEsia, type Cabinet } from './harness/people';
import { userOf } from './harness/platform';
import {
  account,
  bic,
  change,
  correspondentAccount,
  field,
  mandatoryField,
  missing,
  openTab,
  save,
  saveFormOfWork,
} from './harness/profile';
import {
  chooseResponse,
  confirm,
  invoicePrepayment,
  payPrepayment,
  payWorks,
  rate,
  respond,
  sendContract,
  sendFinal,
  signAct,
  signContract,
  submitResults,
} from './harness/steps';
import { pdf, Signer } from './harness/testFiles';
import { expect } from './harness/test';

const moderator = 'moderator';
const entrepreneur = 'engineer-moscow';
const employee = 'engineer-employee';
const colleague = 'engineer-employee2';
const employer = 'employer';
const customer = 'customer';
const head = 'customer-org';
const representative = 'customer-org2';

const asEngineer: Cabinet = 'Исполнитель (кадастровый инженер)';
const asOrganisation: Cabinet = 'Правообладатель (Заказчик)';
const asPerson: Cabinet = 'Заказчик (физическое лицо)';

const section = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name, exact: true }).click();

const dialog = (page: Page, title: string) => page.getByRole('dialog', { name: new RegExp(`^${title}`) });

const restriction = (page: Page) => page.getByRole('status').filter({ hasText: 'Новые заказы вам сейчас недоступны' });

/** Fills in the profile of an engineer whom the platform has never seen, from the list of what is missing. */
async function fillProfile(page: Page): Promise<void> {
  await missing(page).getByRole('link', { name: 'Регионы деятельности' }).click();
  await choose(page, 'Регионы деятельности', 'Московская область');
  await page.keyboard.press('Escape');
  await mandatoryField(page, 'Электронная почта').fill('engineer@example.com');
  await mandatoryField(page, 'Телефон').fill('8 (900) 123-45-67');
  await mandatoryField(page, 'С какого года').fill('2012');
  await mandatoryField(page, 'Образование').fill('МИИГАиК, прикладная геодезия, 2011 год');
  await page.getByRole('checkbox', { name: 'Уточнение местоположения границ' }).check();
  await page.getByRole('textbox', { name: /^Стоимость: Уточнение/ }).fill('25 000');
  await save(page);
  await expect(page.getByRole('heading', { name: 'О себе', exact: true })).toBeVisible();
}

/** Fills in the requisites of a bank that the empty directory of banks does not know. */
async function fillRequisites(page: Page, check: () => Promise<void>): Promise<void> {
  await openTab(page, 'Реквизиты и оплата');
  const { dialog: form } = await change(page, 'Изменить реквизиты');
  await field(form, 'БИК').fill(bic);
  await field(form, 'Банк').fill('Образцовый Банк');
  await field(form, 'Корреспондентский счет').fill(correspondentAccount);
  await field(form, 'Расчетный счет').fill('1');
  await save(form);
  await expect(form.getByText(/Расчётный счёт: неверное количество цифр/)).toBeVisible();
  await check();
  await field(form, 'Расчетный счет').fill(account);
  await save(form);
  await expect(form).toBeHidden();
  await expect(page.getByText(account)).toBeVisible();
}

test.describe('people whom the platform has never seen', () => {
  test.describe.configure({ mode: 'serial' });
  // Refused values.
  test.use({ tolerated: [/status of 4(03|04|09|22)/] });

  test('a moderator has the registry read', { annotation: covers('R-GEN-6', 'R-ROLE-3') }, async ({ enter, visit }) => {
    const early = await visit();
    await signInAtEsia(early, entrepreneur);
    await completeEntry(early, asPerson);
    await early.goto('/role');
    const engineerRole = early.getByRole('button', { name: asEngineer });
    await expect(early.getByText('Роль исполнителя получают кадастровые инженеры')).toBeVisible();
    await expect(engineerRole).toHaveCount(0);
    await inspect(early, 'new-engineer-before-the-registry');

    const page = await enter(moderator, 'Модератор системы');
    await inspect(page, 'new-moderator-settings');
    for (const name of ['Кадастровые инженеры', 'Загрузки реестра']) {
      await section(page, name);
      await inspect(page, `new-${name}`);
    }
    await page.getByRole('button', { name: 'Загрузить сейчас' }).click();
    await expect(page.getByText('применена', { exact: true })).toBeVisible({ timeout: 300_000 });
    await inspect(page, 'new-registry-run');
    await section(page, 'Кадастровые инженеры');
    await page.getByRole('textbox', { name: 'СНИЛС' }).fill(userOf(entrepreneur).snils);
    await page.getByRole('button', { name: 'Применить' }).click();
    await expect(page.getByText(userOf(entrepreneur).name)).toBeVisible();
    await early.reload();
    await expect(engineerRole).toBeVisible();
  });

  test(
    'an engineer with a business of his own becomes ready for orders',
    { annotation: covers('R-GEN-6', 'R-KPROF-6', 'R-KPROF-7', 'R-KPROF-11', 'R-KORD-1') },
    async ({ enter }) => {
      const page = await enter(entrepreneur, asEngineer);
      await inspect(page, 'new-engineer-settings');
      await expect(restriction(page)).toBeVisible();
      for (const name of ['Поиск по заказам', 'Мои заказы']) {
        await section(page, name);
        await inspect(page, `new-engineer-${name}`);
      }
      await page.goto('/profile');
      await inspect(page, 'new-engineer-profile');
      for (const tab of ['Работодатель', 'Мой рейтинг и отзывы', 'Реквизиты и оплата']) {
        await openTab(page, tab);
        await inspect(page, `new-engineer-${tab}`);
      }
      await page.getByRole('link', { name: 'Указать форму работы' }).click();
      await save(page);
      await expect(page.getByText('Выберите форму работы.')).toBeVisible();
      await inspect(page, 'new-engineer-form-error');
      await page.getByRole('radio', { name: 'Индивидуальный предприниматель' }).check();
      await mandatoryField(page, 'ОГРНИП').fill('304500116000157');
      await saveFormOfWork(page, 'Лист записи ЕГРИП');
      await openTab(page, 'Основное');
      await fillProfile(page);
      await fillRequisites(page, () => inspect(page, 'new-engineer-requisites-error'));
      await expect(restriction(page)).toHaveCount(0);
      await openTab(page, 'Основное');
      await expect(missing(page)).toHaveCount(0);
      const receiving = page.getByRole('switch', { name: 'Получать заказы' });
      if (!(await receiving.isChecked())) await receiving.click();
      await expect(receiving).toBeChecked();
      await inspect(page, 'new-engineer-ready');
    },
  );

  test(
    'an organisation becomes an employer, and two engineers become its employees',
    {
      annotation: covers(
        'R-GEN-6',
        'R-AUTH-14',
        'R-EMP-1',
        'R-EMP-3',
        'R-EMP-4',
        'R-KEMP-1',
        'R-KEMP-2',
        'S-29',
        'S-30',
      ),
    },
    async ({ enter }) => {
      const page = await enter(employer, asOrganisation);
      await page.goto('/profile');
      await page.getByRole('switch', { name: 'Являюсь работодателем кадастровых инженеров' }).click();
      await inspect(page, 'new-employer-switched');
      await page.getByRole('link', { name: 'смените роль' }).click();
      await inspect(page, 'new-employer-roles');
      await page.getByRole('button', { name: 'Работодатель' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Профиль' })).toBeVisible();
      await inspect(page, 'new-employer-profile');
      await section(page, 'Мои заказы');
      await inspect(page, 'new-employer-orders');
      await page.goto('/profile');
      await fillRequisites(page, () => inspect(page, 'new-employer-requisites-error'));
      await openTab(page, 'Сотрудники');
      await inspect(page, 'new-employer-staff');

      const engineers: Record<string, Page> = {};
      for (const login of [employee, colleague]) {
        const own = (engineers[login] = await enter(login, asEngineer));
        await own.goto('/profile');
        await fillProfile(own);
        await missing(own).getByRole('link', { name: 'Форма работы' }).click();
        await own.getByRole('radio', { name: 'Сотрудник юридического лица' }).check();
        await inspect(own, `new-${login}-form`);
        await saveFormOfWork(own, 'Трудовой договор');
        await openTab(own, 'Реквизиты и оплата');
        await inspect(own, `new-${login}-requisites`);
        await own.getByRole('link', { name: 'Добавить работодателя' }).click();
        await expect(own.getByText('Работодателя и заявок нет.')).toBeVisible();
      }

      const [first, second] = [engineers[employee] as Page, engineers[colleague] as Page];
      await first.getByRole('button', { name: 'Добавить заявку' }).click();
      const asking = dialog(first, 'Добавить заявку');
      await asking.getByRole('button', { name: 'Добавить', exact: true }).click();
      await expect(asking.getByText(/выберите организацию из найденных/)).toBeVisible();
      await inspect(first, 'new-employee-asks-error');
      await asking.getByRole('textbox', { name: /Наименование, ИНН/ }).fill('гео-кадастр');
      await asking.getByRole('radio', { name: /Гео-Кадастр/ }).check();
      await asking.getByRole('button', { name: 'Добавить', exact: true }).click();
      await expect(asking).toBeHidden();
      await inspect(first, 'new-employee-asked');

      const decide = async (own: Page, name: RegExp) => {
        await own.getByRole('button', { name }).click();
        const window = dialog(own, 'Подтвердить');
        await window.getByRole('button', { name: 'Подтвердить', exact: true }).click();
        await expect(window).toBeHidden();
      };
      await page.reload();
      await decide(page, new RegExp(`^Подтвердить: ${userOf(employee).name}`));
      await first.reload();
      await expect(restriction(first)).toContainText('Вы единственный');
      await inspect(first, 'new-employee-only');

      await page.getByRole('button', { name: 'Добавить кадастрового инженера' }).click();
      const adding = dialog(page, 'Добавить кадастрового инженера');
      await adding.getByRole('textbox', { name: /Фамилия/ }).fill(userOf(colleague).name);
      await adding.getByRole('radio', { name: new RegExp(userOf(colleague).name) }).check();
      await adding.getByRole('button', { name: 'Добавить', exact: true }).click();
      await expect(adding).toBeHidden();
      await second.reload();
      await inspect(second, 'new-employee-invited');
      await decide(second, /^Подтвердить: /);

      for (const own of [first, second]) {
        await own.goto('/profile');
        await expect(restriction(own)).toHaveCount(0);
        await expect(missing(own)).toHaveCount(0);
        const receiving = own.getByRole('switch', { name: 'Получать заказы' });
        if (!(await receiving.isChecked())) await receiving.click();
        await expect(receiving).toBeChecked();
      }
      await page.reload();
      await expect(page.getByText('Подтверждён', { exact: true })).toHaveCount(2);
      await inspect(page, 'new-staff');
    },
  );

  test(
    'a citizen orders works from the entrepreneur, and both take the order to its end',
    { annotation: covers('R-GEN-6', 'R-CUST-1', 'R-CUST-2', 'R-CUST-5', 'R-RESP-1', 'R-DONE-1') },
    async ({ enter }) => {
      const page = await enter(customer, asPerson);
      await inspect(page, 'new-customer-settings');
      await page.goto('/profile');
      await inspect(page, 'new-customer-profile');
      await openTab(page, 'Реквизиты и оплата');
      await inspect(page, 'new-customer-requisites');
      for (const name of ['Поиск по кадастровым инженерам', 'Мои заказы']) {
        await section(page, name);
        await inspect(page, `new-customer-${name}`);
      }
      await page.getByRole('button', { name: 'Создать новый' }).click();
      await page.getByRole('button', { name: 'Опубликовать заказ' }).click();
      await inspect(page, 'new-customer-order-errors');
      const { card, number } = await publish(page, { ...orderInput, prepayment: true, registration: true });
      const engineerCard = await find(await enter(entrepreneur, asEngineer), number);
      await inspect(engineerCard.page, 'new-engineer-order');
      await respond(engineerCard, '42 000', 'Готов выехать на место на этой неделе.');
      await chooseResponse(card, entrepreneur);
      await complete({ card, signingCard: card, engineerCard, customer, engineer: entrepreneur });
    },
  );

  test(
    'an organisation orders works from an employee of the employer by two representatives',
    { annotation: covers('R-GEN-6', 'R-OFFER-1', 'R-OFFER-2', 'S-37', 'R-EMP-10', 'R-DONE-1') },
    async ({ enter }) => {
      const headPage = await enter(head, asOrganisation);
      await headPage.goto('/profile');
      await inspect(headPage, 'new-head-profile');
      await openTab(headPage, 'Допуск сотрудников');
      await inspect(headPage, 'new-head-admissions');
      const page = await enter(representative, asPerson);
      await page.goto('/role');
      await inspect(page, 'new-representative-not-admitted');
      await headPage.reload();
      const name = userOf(representative).name;
      await headPage.getByRole('button', { name: `Допустить: ${name}` }).click();
      const window = dialog(headPage, 'Допустить');
      await window.getByRole('button', { name: 'Допустить', exact: true }).click();
      await expect(window).toBeHidden();
      await openTab(headPage, 'Реквизиты и оплата');
      await fillRequisites(headPage, () => inspect(headPage, 'new-head-requisites-error'));

      await page.reload();
      await page.getByRole('button', { name: asOrganisation }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Профиль' })).toBeVisible();
      await inspect(page, 'new-representative');
      const { card, number } = await publish(page, { ...orderInput, prepayment: true, registration: true });
      await card.act(
        'Предложить заказ',
        async (form) => {
          await form.getByRole('combobox', { name: /Кадастровый инженер/ }).fill(userOf(employee).name);
          await page
            .locator('.ant-select-item-option')
            .filter({ hasText: userOf(employee).name })
            .click();
          await inspect(page, 'new-representative-offers');
        },
        'Предложить заказ',
      );
      const engineerPage = await enter(employee, asEngineer);
      await inspect(engineerPage, 'new-employee-offered');
      const engineerCard = await find(engineerPage, number);
      await confirm(engineerCard, 'Принять заказ в работу');
      const signingCard = new Card(headPage);
      await section(headPage, 'Мои заказы');
      await headPage.getByRole('link', { name: number }).click();
      await complete({ card, signingCard, engineerCard, customer: head, kind: 'organisation', engineer: employee });

      const employerPage = await enter(employer, 'Работодатель');
      await section(employerPage, 'Мои заказы');
      await inspect(employerPage, 'new-employer-order-list');
      await employerPage.getByRole('link', { name: number }).click();
      await new Card(employerPage).expectStage('Заказ выполнен');
      await inspect(employerPage, 'new-employer-order');
    },
  );
});

interface Parties {
  /** The card of the customer's person who acts, and of the one who signs. */
  card: Card;
  signingCard: Card;
  engineerCard: Card;
  /** The logins of those who sign, and the customer's account if it is an organisation. */
  customer: string;
  kind?: 'organisation';
  engineer: string;
}

/** Takes an order whose performer is chosen to its end, for 42 000 rubles with an advance of 30 per cent. */
async function complete({ card, signingCard, engineerCard, customer, kind, engineer }: Parties): Promise<void> {
  const [customerSigner, engineerSigner] = [new Signer(customer, kind), new Signer(engineer)];
  const [contract, act] = [pdf('Договор подряда'), pdf('Акт выполненных работ')];
  await engineerCard.expectStage('Подписание договора');
  await sendContract(engineerCard, contract, await engineerSigner.sign(contract), '30');
  await signContract(signingCard, await customerSigner.sign(contract));
  await engineerCard.expectStage('Предоплата');
  await invoicePrepayment(engineerCard, 'https://bank.example.ru/invoice/1');
  await payPrepayment(card, '12 600,00 ₽');
  await confirm(engineerCard, 'Подтвердить получение предоплаты');
  await submitResults(engineerCard);
  await card.expectStage('Приемка работ');
  await confirm(card, 'Перейти к приемке', 'Отправить');
  await engineerCard.expectStage('Постановка на ГКУ/ГРП');
  await sendFinal(engineerCard, act, await engineerSigner.sign(act), 'https://bank.example.ru/invoice/2');
  await signAct(signingCard, await customerSigner.sign(act));
  await payWorks(card, '29 400,00 ₽');
  await confirm(engineerCard, 'Подтвердить получение оплаты');
  for (const one of [card, signingCard, engineerCard]) await one.expectStage('Заказ выполнен');
  await rate(card, '5', 'Всё выполнено в срок, спасибо.');
  await expect(engineerCard.page.getByText('Всё выполнено в срок, спасибо.').first()).toBeVisible();
}
