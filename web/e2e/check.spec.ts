import type { Locator, Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { userOf } from './harness/platform';
import { expect, test } from './harness/test';
import { pdf, Signer, type TestFile } from './harness/testFiles';

const login = 'engineer-moscow';

test(
  'anybody checks a document with its signature without signing in',
  { annotation: covers('B-8') },
  async ({ visit }) => {
    const page = await visit();
    await page.goto('/');
    await page.getByRole('link', { name: 'Проверка подписи' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Проверка подписи' })).toBeVisible();
    await inspect(page, 'check');

    await page.getByRole('button', { name: 'Проверить' }).click();
    await expect(page.getByText('Выберите документ.')).toBeVisible();
    await expect(page.getByText('Выберите файл подписи.')).toBeVisible();
    await expect(page.getByLabel('Документ', { exact: true })).toBeFocused();
    await inspect(page, 'check-incomplete');

    const contract = pdf('Договор подряда');
    const signature = await new Signer(login).sign(contract);
    const valid = await check(page, { Документ: contract, 'Файл подписи': signature });
    await expect(valid.getByRole('heading', { name: 'Подпись действительна' })).toBeVisible();
    await expect(valid).toBeFocused();
    await expect(valid.getByText(userOf(login).name).first()).toBeVisible();
    await expect(valid.getByText('проверен, сертификаты не отозваны')).toBeVisible();
    await valid.getByText('Подробности').click();
    await expect(valid.getByText('SHA-256 документа')).toBeVisible();
    await inspect(page, 'check-valid');
    const saving = page.waitForEvent('download');
    await valid.getByRole('button', { name: 'Скачать протокол' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe(`Протокол проверки подписи ${contract.name}`);
    expect((await readFile(await saved.path())).subarray(0, 5).toString()).toBe('%PDF-');
  },
);

test(
  'the open check takes every form in which programs write a signature',
  { annotation: covers('B-8') },
  async ({ visit }) => {
    const page = await visit();
    await page.goto('/check');
    const contract = pdf('Договор подряда');
    const signer = new Signer(login);
    for (const form of ['DER', 'BER', 'base64', 'PEM'] as const) {
      const result = await check(page, { Документ: contract, 'Файл подписи': await signer.sign(contract, form) });
      await expect(result.getByRole('heading', { name: 'Подпись действительна' })).toBeVisible();
      await page.reload();
    }
  },
);

test('each refusal of the open check says what is wrong', async ({ visit }) => {
  const page = await visit();
  await page.goto('/check');
  const contract = pdf('Договор подряда');
  const signature = await new Signer(login).sign(contract);

  const changed = { ...contract, buffer: Buffer.concat([contract.buffer, Buffer.from(' ')]) };
  await expectRefusal(page, { Документ: changed, 'Файл подписи': signature }, /документ/i);
  await inspect(page, 'check-refused');

  const garbage = { ...signature, buffer: Buffer.from('подпись') };
  await expectRefusal(page, { Документ: contract, 'Файл подписи': garbage }, /Это не файл электронной подписи/);

  await page.getByText('Подписано по доверенности (МЧД)').click();
  const power = { name: 'доверенность.xml', mimeType: 'application/xml', buffer: Buffer.from('<Доверенность/>') };
  await choose(page, { Документ: contract, 'Файл подписи': signature, Доверенность: power });
  await page.getByRole('button', { name: 'Проверить' }).click();
  await expect(page.getByText('Выберите файл подписи доверенности.')).toBeVisible();
  await expectRefusal(page, { 'Подпись доверенности': await new Signer(login).sign(power) }, /доверенност/i);
});

async function choose(page: Page, files: Record<string, TestFile>): Promise<void> {
  for (const [label, file] of Object.entries(files)) await page.getByLabel(label, { exact: true }).setInputFiles(file);
}

/** Checks the files, besides those that were chosen before, and returns the result. */
async function check(page: Page, files: Record<string, TestFile>): Promise<Locator> {
  await choose(page, files);
  await page.getByRole('button', { name: 'Проверить' }).click();
  return page.getByRole('region', { name: 'Результат проверки' });
}

async function expectRefusal(page: Page, files: Record<string, TestFile>, reason: RegExp): Promise<void> {
  const refused = await check(page, files);
  await expect(refused.getByRole('heading', { name: 'Подпись не принята' })).toBeVisible();
  await expect(refused.getByRole('listitem').filter({ hasText: reason }).first()).toBeVisible();
}
