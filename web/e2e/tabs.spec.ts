import type { Dialog, Page } from '@playwright/test';
import { Card } from './harness/card';
import { covers } from './harness/covers';
import { Party } from './harness/party';
import { goIn, passESIA } from './harness/people';
import { expect, test } from './harness/test';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const otherRole = 'В другой вкладке выбрана другая роль';

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /учётная запись/ }).click();
  await page.getByRole('menuitem', { name: 'Выйти', exact: true }).click();
  await expect(page.getByRole('main').getByRole('link', { name: 'Войти через Госуслуги' })).toBeVisible();
}

test.describe('several tabs of one person', () => {
  // A stream that was opened for another role, and the form of ЕСИА that Back leads to after it was used.
  test.use({ tolerated: [/status of (400|401|409)/] });

  test(
    'a tab acts for nobody but whom it shows, and keeps what was typed',
    { annotation: covers('R-AUTH-13') },
    async ({ visit }) => {
      const first = await visit();
      await passESIA(first, 'engineer-tatarstan');
      await goIn(first, 'Заказчик (физическое лицо)');
      await first.goto('/orders');
      await expect(first.getByRole('button', { name: 'Создать новый' })).toBeVisible();

      const second = await first.context().newPage();
      await second.goto('/role');
      await goIn(second, 'Исполнитель (кадастровый инженер)');

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

  test('nothing of a person is left after the sign-out, by Back or in another tab', async ({ enter }) => {
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

  test('a repeated callback leads on who is signed in', { annotation: covers('R-AUTH-2') }, async ({ visit }) => {
    const page = await visit();
    const callbacks: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/api/auth/callback')) callbacks.push(request.url());
    });
    await passESIA(page, 'customer2');
    await goIn(page);
    await page.goto(callbacks[0] ?? '');
    await expect(heading(page, 'Профиль')).toBeVisible();
  });

  test('the list of sessions ends one, and all', async ({ visit }) => {
    const [here, there] = [await visit(), await visit()];
    for (const page of [here, there]) {
      await passESIA(page, 'engineer-excluded');
      await goIn(page);
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

  test('a tab goes on live while the one that reads the stream of events is halted, which then catches up', async ({
    enter,
  }) => {
    const [first, engineer] = [
      await enter('customer2'),
      await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)'),
    ];
    const { party } = await Party.publish(first);
    const price = (rubles: number) => ({ details: { price: rubles * 100, termDays: 45 } });
    await party.look();
    await new Card(first).isAt('Выбор исполнителя');
    const second = await first.context().newPage();
    const streams: string[] = [];
    second.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/events') streams.push(request.url());
    });
    await second.goto(first.url());
    await new Card(second).isAt('Выбор исполнителя');
    expect(streams, 'the first tab reads the stream for both').toEqual([]);

    const halted = new Promise<Dialog>((resolve) => first.once('dialog', resolve));
    const goesOn = first.evaluate(() => window.alert('Вкладка стоит.'));
    const dialog = await halted;
    const work = new Party(engineer, party.order);
    await work.act('respond', price(40_500));
    await expect(second.getByText('40 500,00 ₽')).toBeVisible({ timeout: 25_000 });
    await work.act('withdraw-response', {});
    await expect(second.getByText('40 500,00 ₽'), 'live').toHaveCount(0, { timeout: 5_000 });
    expect(streams).toHaveLength(1);

    await dialog.accept();
    await goesOn;
    await work.act('respond', price(41_000));
    for (const tab of [first, second]) await expect(tab.getByText('41 000,00 ₽')).toBeVisible({ timeout: 5_000 });
    await second.close();
    await work.act('withdraw-response', {});
    await expect(first.getByText('41 000,00 ₽'), 'the first tab reads the stream again').toHaveCount(0, {
      timeout: 5_000,
    });
  });

  test('a page that is loaded again and again stays live', async ({ enter }) => {
    const [page, engineer] = [
      await enter('customer2'),
      await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)'),
    ];
    const { party } = await Party.publish(page);
    await party.look();
    const refused: number[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(response.status());
    });
    for (let loaded = 0; loaded < 8; loaded++) {
      const stream = page.waitForResponse((response) => new URL(response.url()).pathname === '/api/events');
      await page.reload({ waitUntil: 'commit' });
      await stream;
    }
    await new Card(page).isAt('Выбор исполнителя');
    await new Party(engineer, party.order).act('respond', { details: { price: 4_050_000, termDays: 45 } });
    await expect(page.getByText('40 500,00 ₽')).toBeVisible({ timeout: 5_000 });
    expect(refused).toEqual([]);
  });
});
