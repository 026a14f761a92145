import type { Page } from '@playwright/test';
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

  test('a tab acts for nobody but whom it shows, and keeps what was typed (R-AUTH-13)', async ({ visit }) => {
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
  });

  test('nothing of a person is left after the sign-out, by Back or in another tab (R-AUTH-1)', async ({ enter }) => {
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

  test('a repeated callback leads on who is signed in (R-AUTH-2)', async ({ visit }) => {
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

  test('the list of sessions ends one, and all (R-AUTH-1)', async ({ visit }) => {
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
});
