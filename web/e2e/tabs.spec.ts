import type { Dialog, Page } from '@playwright/test';
import { Card } from './harness/card';
import { covers } from './harness/covers';
import { Party } from './harness/party';
import { completeEntry, signInAtEsia } from './harness/people';
import { expect, test } from './harness/test';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const otherRole = 'В другой вкладке выбрана другая роль';

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /учётная запись/ }).click();
  await page.getByRole('menuitem', { name: 'Выйти', exact: true }).click();
  await expect(page.getByRole('main').getByRole('link', { name: 'Войти через Госуслуги' })).toBeVisible();
}

test.describe('several tabs of one person', () => {
  // An event stream opened for another role, and the form of ЕСИА that Back returns to after its
  // submission.
  test.use({ tolerated: [/status of (400|401|409)/] });

  test(
    'a tab acts only for the account that it shows, and keeps what was typed',
    { annotation: covers('R-AUTH-13') },
    async ({ visit }) => {
      const first = await visit();
      await signInAtEsia(first, 'engineer-tatarstan');
      await completeEntry(first, 'Заказчик (физическое лицо)');
      await first.goto('/orders');
      await expect(first.getByRole('button', { name: 'Создать новый' })).toBeVisible();

      const second = await first.context().newPage();
      await second.goto('/role');
      await completeEntry(second, 'Исполнитель (кадастровый инженер)');

      const dialog = first.getByRole('dialog', { name: otherRole });
      await expect(dialog).toBeVisible();
      await dialog.getByRole('button', { name: 'Вернуть прежнюю роль' }).click();
      await expect(dialog).toBeHidden();
      await expect(first.getByRole('button', { name: 'Создать новый' })).toBeVisible();
      await expect(second.getByRole('dialog', { name: otherRole })).toBeVisible();
      await second.getByRole('button', { name: 'Открыть эту вкладку в новой роли' }).click();
      await expect(second.getByRole('dialog', { name: otherRole })).toBeHidden();
    },
  );

  test('no personal data is left after the sign-out, by Back or in another tab', async ({ enter }) => {
    const page = await enter('customer2');
    await page.goto('/settings');
    const name = page.getByText('Электронная почта');
    await expect(name).toBeVisible();
    await page.getByRole('link', { name: 'Общие сведения' }).click();
    const other = await page.context().newPage();
    await other.goto('/settings');
    await expect(other.getByText('Электронная почта')).toBeVisible();

    await signOut(page);
    await expect(other.getByRole('main').getByRole('link', { name: 'Войти через Госуслуги' })).toBeVisible();
    for (let back = 0; back < 3; back++) {
      await page.goBack().catch(() => undefined);
      await expect(page.getByText('Электронная почта')).toHaveCount(0);
    }
  });

  test('a repeated callback redirects a signed-in user', { annotation: covers('R-AUTH-2') }, async ({ visit }) => {
    const page = await visit();
    const callbacks: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/api/auth/callback')) callbacks.push(request.url());
    });
    await signInAtEsia(page, 'customer2');
    await completeEntry(page);
    // The first may be that of the automatic sign-in, which found no session at ЕСИА.
    await page.goto(callbacks.at(-1) ?? '');
    await expect(heading(page, 'Профиль')).toBeVisible();
  });

  test('the list of sessions ends one session, and all', async ({ visit }) => {
    const [here, there] = [await visit(), await visit()];
    for (const page of [here, there]) {
      await signInAtEsia(page, 'engineer-excluded');
      await completeEntry(page);
    }
    await here.goto('/settings');
    const sessions = here.locator('.ant-card', { hasText: 'Выйти везде' });
    await expect(sessions.getByText('этот сеанс')).toHaveCount(1);
    const ends = sessions.getByRole('button', { name: /^Завершить сеанс/ });
    const before = await ends.count();
    expect(before).toBeGreaterThan(0);
    await ends.first().click();
    await expect(ends).toHaveCount(before - 1);
    await sessions.getByRole('button', { name: 'Выйти везде' }).click();
    await here.getByRole('dialog').getByRole('button', { name: 'Выйти везде' }).click();
    await expect(here.getByRole('main').getByRole('link', { name: 'Войти через Госуслуги' })).toBeVisible();
    await there.goto('/orders');
    await expect(there.getByText('Войдите, чтобы открыть эту страницу.')).toBeVisible();
  });

  test('a tab stays live while the leader of the event stream is frozen, which then catches up', async ({ enter }) => {
    const [first, engineer] = [
      await enter('customer2'),
      await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)'),
    ];
    const { party } = await Party.publish(first);
    const price = (rubles: number) => ({ details: { price: rubles * 100, termDays: 45 } });
    await party.openCard();
    await new Card(first).expectStage('Выбор исполнителя');
    const second = await first.context().newPage();
    const streams: string[] = [];
    second.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/events') streams.push(request.url());
    });
    await second.goto(first.url());
    await new Card(second).expectStage('Выбор исполнителя');
    expect(streams, 'the first tab reads the stream for both').toEqual([]);

    const dialogOpened = new Promise<Dialog>((resolve) => first.once('dialog', resolve));
    const alertClosed = first.evaluate(() => window.alert('Вкладка стоит.'));
    const dialog = await dialogOpened;
    const engineerParty = new Party(engineer, party.order);
    await engineerParty.act('respond', price(40_500));
    await expect(second.getByText('40 500,00 ₽')).toBeVisible({ timeout: 25_000 });
    await engineerParty.act('withdraw-response', {});
    await expect(second.getByText('40 500,00 ₽'), 'live').toHaveCount(0, { timeout: 5_000 });
    expect(streams).toHaveLength(1);

    await dialog.accept();
    await alertClosed;
    await engineerParty.act('respond', price(41_000));
    for (const tab of [first, second]) await expect(tab.getByText('41 000,00 ₽')).toBeVisible({ timeout: 5_000 });
    await second.close();
    await engineerParty.act('withdraw-response', {});
    await expect(first.getByText('41 000,00 ₽'), 'the first tab reads the stream again').toHaveCount(0, {
      timeout: 5_000,
    });
  });

  test('a page that is reloaded repeatedly stays live', async ({ enter }) => {
    const [page, engineer] = [
      await enter('customer2'),
      await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)'),
    ];
    const { party } = await Party.publish(page);
    await party.openCard();
    const refused: number[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(response.status());
    });
    for (let loaded = 0; loaded < 8; loaded++) {
      const stream = page.waitForResponse((response) => new URL(response.url()).pathname === '/api/events');
      await page.reload({ waitUntil: 'commit' });
      await stream;
    }
    await new Card(page).expectStage('Выбор исполнителя');
    await new Party(engineer, party.order).act('respond', { details: { price: 4_050_000, termDays: 45 } });
    await expect(page.getByText('40 500,00 ₽')).toBeVisible({ timeout: 5_000 });
    expect(refused).toEqual([]);
  });
});
