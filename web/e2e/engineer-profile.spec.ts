import type { Page } from '@playwright/test';
import { deflateSync } from 'node:zlib';
import { attach, choose } from './harness/card';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { find, orderInput, publish } from './harness/orders';
import { platform } from './harness/platform';
import { pdf, type TestFile } from './harness/testFiles';
import { expect, test } from './harness/test';

const engineer = 'engineer-incomplete';
const cabinet = 'Исполнитель (кадастровый инженер)';

/** Returns a PNG of one colour. */
function png(name: string, width: number, height: number): TestFile {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc((width * 3 + 1) * height, 0x60);
  for (let y = 0; y < height; y++) rows[y * (width * 3 + 1)] = 0;
  const buffer = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { name, mimeType: 'image/png', buffer };
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Empties the profile as far as the engineer himself can. */
async function empty(page: Page): Promise<void> {
  const address = `${platform.url}/api/engineer/profile`;
  const { version, formVersion } = (await (await page.request.get(address)).json()) as {
    version: number;
    formVersion: number;
  };
  const blank = {
    website: '',
    residence: '',
    email: '',
    phone: '',
    experience: '',
    workingHours: '',
    education: '',
    about: '',
  };
  const form = await page.request.put(address, {
    data: { version, ...blank, regions: [], works: [], diplomas: [], samples: [] },
  });
  expect(form.ok(), await form.text()).toBe(true);
  const work = await page.request.put(`${address}/form`, {
    data: { version: formVersion, form: 'entrepreneur', documents: [] },
  });
  expect(work.ok(), await work.text()).toBe(true);
}

const missing = (page: Page) => page.getByRole('list', { name: 'Чего не хватает в профиле' });
const field = (page: Page, name: string) => page.getByRole('textbox', { name: new RegExp(`^(\\* )?${name}`) });
const save = (page: Page) => page.getByRole('button', { name: 'Сохранить', exact: true }).click();

test.describe('the profile of an engineer', () => {
  test.describe.configure({ mode: 'serial' });
  // The console logs the refusals that the story provokes.
  test.use({ tolerated: [/status of 4(09|22)/] });

  test(
    'is empty, is filled in, and lets him respond',
    { annotation: covers('R-KPROF-1', 'R-KPROF-6', 'R-KPROF-12', 'R-KORD-1', 'R-UI-3', 'R-UI-4', 'R-AUTH-15') },
    async ({ enter }) => {
      const customer = await enter('customer');
      const { number } = await publish(customer, orderInput);
      const page = await enter(engineer, cabinet);
      await empty(page);

      await page.goto('/orders/search');
      await expect(page.getByRole('status').filter({ hasText: 'В профиле не заполнено обязательное' })).toBeVisible();
      await page
        .getByRole('link', { name: /^профиль|, профиль:/i })
        .first()
        .click();
      await expect(
        page.getByRole('navigation', { name: 'Вкладки профиля' }).getByRole('link', { name: 'Основное' }),
      ).toHaveAttribute('aria-current', 'page');
      await expect(missing(page).getByRole('listitem')).toHaveCount(8);
      await inspect(page, 'engineer-profile-empty');

      const receiving = page.getByRole('switch', { name: 'Получать заказы' });
      await expect(receiving).toBeChecked();
      await receiving.click();
      await expect(page.getByText('Заказы вам не предлагают.')).toBeVisible();
      await expect(receiving).not.toBeChecked();
      await receiving.click();
      await expect(receiving).toBeChecked();

      await missing(page).getByRole('link', { name: 'Телефон' }).click();
      await expect(field(page, 'Телефон')).toBeFocused();
      await field(page, 'Телефон').fill('12');
      await field(page, 'Электронная почта').fill('инженер');
      await save(page);
      await expect(page.getByText('Телефон: неверное количество цифр.')).toBeVisible();
      await expect(field(page, 'Электронная почта')).toBeFocused();
      await inspect(page, 'engineer-profile-errors');

      await field(page, 'Телефон').fill('8 (900) 123-45-67');
      await field(page, 'Электронная почта').fill('belov@example.com');
      await field(page, 'Личный сайт').fill('example.com');
      await choose(page, 'Регионы деятельности', 'Московская область');
      await page.keyboard.press('Escape');
      await field(page, 'С какого года').fill('2012');
      await field(page, 'Образование').fill('МИИГАиК, прикладная геодезия, 2011 год');
      await page.reload();
      await expect(page.getByText('Восстановлены несохранённые изменения')).toBeVisible();
      await expect(field(page, 'Образование')).toHaveValue('МИИГАиК, прикладная геодезия, 2011 год');

      await page.getByRole('checkbox', { name: 'Уточнение местоположения границ' }).check();
      await page.getByRole('textbox', { name: /^Стоимость: Уточнение/ }).fill('25 000');
      await page.getByRole('checkbox', { name: 'Подготовка карты-плана' }).check();
      await attach(page, 'Фотография', png('портрет.png', 600, 800));
      await expect(page.getByRole('img', { name: 'Так фотографию увидят другие' })).toHaveJSProperty('complete', true);
      await attach(page, 'Дипломы и аттестаты', pdf('диплом'));
      await page.getByRole('textbox', { name: 'Подпись к файлу диплом.pdf' }).fill('Диплом инженера');
      await inspect(page, 'engineer-profile-editing');
      await save(page);
      await expect(page.getByRole('heading', { name: 'О себе', exact: true })).toBeVisible();
      await expect(page.getByText('+79001234567')).toBeVisible();
      await expect(page.getByRole('link', { name: 'https://example.com' })).toBeVisible();
      await expect(page.getByText('от 25 000 ₽')).toBeVisible();
      await expect(page.getByText('по договорённости')).toBeVisible();
      await expect(page.getByRole('link', { name: 'Диплом инженера' })).toBeVisible();
      await expect(missing(page).getByRole('listitem')).toHaveCount(2);

      await missing(page).getByRole('link', { name: 'ОГРНИП' }).click();
      await expect(field(page, 'ОГРНИП')).toBeFocused();
      await field(page, 'ОГРНИП').fill('304500116000158');
      await save(page);
      await expect(field(page, 'ОГРНИП')).toBeFocused();
      await inspect(page, 'engineer-form-of-work');
      await field(page, 'ОГРНИП').fill('304500116000157');
      await field(page, 'Наименование документа').fill('Лист записи ЕГРИП');
      await field(page, 'Номер документа').fill('17');
      await field(page, 'Дата документа').fill('01.03.2019');
      await attach(page, 'Электронная копия документа', pdf('лист записи'));
      await save(page);
      await expect(page.getByText('Форма работы сохранена')).toBeVisible();
      await expect(page.getByRole('status').filter({ hasText: 'Новые заказы вам сейчас недоступны' })).toHaveCount(0);
      await page.getByRole('link', { name: 'Основное' }).click();
      await expect(missing(page)).toHaveCount(0);
      await inspect(page, 'engineer-profile');

      await page.goto('/orders/search');
      await find(page, number);
      await page.getByRole('button', { name: 'Откликнуться' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  );

  test(
    'that was saved in another window asks which state to keep',
    { annotation: covers('R-KPROF-1') },
    async ({ enter }) => {
      const page = await enter(engineer, cabinet);
      await page.goto('/profile/edit');
      await field(page, 'О себе').fill('Из первого окна.');
      const other = await page.context().newPage();
      await other.goto('/profile/edit');
      await other.getByRole('button', { name: 'Отменить изменения' }).click();
      await field(other, 'Часы работы').fill('Ежедневно');
      await save(other);
      await expect(other.getByRole('heading', { name: 'О себе', exact: true })).toBeVisible();

      await save(page);
      const notice = page.getByRole('alert').filter({ hasText: 'Введённое здесь не пропало. Отличается' });
      await expect(notice).toContainText('Часы работы: сейчас сохранено «Ежедневно»');
      await expect(field(page, 'О себе')).toHaveValue('Из первого окна.');
      await inspect(page, 'engineer-profile-conflict');
      await notice.getByRole('button', { name: 'Оставить введённое здесь' }).click();
      await save(page);
      await expect(page.getByText('Из первого окна.')).toBeVisible();
    },
  );
});
