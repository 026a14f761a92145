import type { Page } from '@playwright/test';
import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { completeEntry, signInAtEsia } from './harness/people';
import { Party } from './harness/party';
import { userOf } from './harness/platform';
import { Release } from './harness/release';
import { expect, test } from './harness/test';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const consentTitle = 'Согласие на обработку персональных данных';
/** Has never signed in, here or in another story. */
const newcomer = 'engineer-new';

test.describe('the entry', () => {
  test(
    'leads through ЕСИА, the choice of a role and the consent to the settings, and later to the profile',
    {
      annotation: covers(
        'R-AUTH-1',
        'R-AUTH-2',
        'R-AUTH-5',
        'R-AUTH-6',
        'R-AUTH-7',
        'R-AUTH-8',
        'R-AUTH-9',
        'R-AUTH-13',
        'R-AUTH-15',
        'R-KPROF-6',
      ),
    },
    async ({ visit }) => {
      const page = await visit();
      await page.goto('/');
      await expect(page.getByRole('banner').getByRole('link', { name: 'ВОЙТИ' })).toBeVisible();
      await inspect(page, 'start');

      await signInAtEsia(page, newcomer);
      await expect(heading(page, 'Выберите роль')).toBeVisible();
      await inspect(page, 'role');
      await page.getByRole('button', { name: 'Исполнитель (кадастровый инженер)' }).click();
      await expect(heading(page, consentTitle)).toBeVisible();
      await inspect(page, 'consent');
      await page.getByRole('button', { name: 'Подробнее' }).click();
      const text = page.getByRole('dialog');
      await expect(text).toBeVisible();
      await inspect(page, 'consent-text');
      await text.getByRole('button', { name: 'ЗАКРЫТЬ', exact: true }).click();
      await expect(text).toBeHidden();

      await page.getByRole('button', { name: 'ОТКАЗАТЬСЯ' }).click();
      await expect(heading(page, 'Электронная платформа кадастровых работ')).toBeVisible();
      await page.goto('/orders');
      await expect(page.getByText('Войдите, чтобы открыть эту страницу.')).toBeVisible();

      await page.getByRole('main').getByRole('link', { name: 'Войти через Госуслуги' }).click();
      await page.getByRole('button', { name: 'Исполнитель (кадастровый инженер)' }).click();
      await expect(heading(page, consentTitle)).toBeVisible();
      await page.getByRole('button', { name: 'ВОЙТИ' }).click();
      await expect(page.getByText('Добро пожаловать!')).toBeVisible();
      await expect(page).toHaveURL(/\/settings$/);
      await inspect(page, 'settings');

      await signOut(page, newcomer);
      await signInAtEsia(page, newcomer);
      await completeEntry(page, 'Исполнитель (кадастровый инженер)');
      await expect(page).toHaveURL(/\/profile$/);
      await inspect(page, 'profile');
    },
  );

  test(
    'asks nothing of a user with a session at ЕСИА, and ends that session at the sign-out',
    { annotation: covers('R-AUTH-3') },
    async ({ enter }) => {
      const page = await enter('customer2');
      await page.context().clearCookies({ name: 'epkr_session' });
      await page.goto('/');
      await page.getByRole('main').getByRole('link', { name: 'Войти через Госуслуги' }).click();
      await expect(heading(page, 'Профиль')).toBeVisible();
      await signOut(page, 'customer2');
      await page.getByRole('main').getByRole('link', { name: 'Войти через Госуслуги' }).click();
      await expect(page.getByRole('textbox', { name: 'Имя для входа' })).toBeVisible();
    },
  );

  test('explains why it failed', { annotation: covers('R-AUTH-2') }, async ({ visit }) => {
    const page = await visit();
    await signInAtEsia(page, 'unconfirmed');
    await expect(heading(page, 'Войти не удалось')).toBeVisible();
    await expect(page.getByText('Подтвердите личность на портале Госуслуг')).toBeVisible();
    await inspect(page, 'sign-in-error');
    await page.goto('/signin?error=login_expired&returnTo=%2Forders%2F7');
    await expect(page.getByRole('link', { name: 'Войти через Госуслуги' })).toHaveAttribute(
      'href',
      '/api/auth/login?returnTo=%2Forders%2F7',
    );
  });

  test(
    'is required again everywhere after a withdrawal of the consent, and the event stream pauses until then',
    { annotation: covers('R-AUTH-6') },
    async ({ enter, frozen }) => {
      test.skip(frozen, 'it sets the clock of its tabs');
      const page = await enter('engineer-incomplete', 'Заказчик (физическое лицо)');
      const otherPage = await enter('engineer-incomplete', 'Заказчик (физическое лицо)');
      const streams: string[] = [];
      otherPage.on('request', (request) => void (request.url().includes('/api/events') && streams.push(request.url())));
      await otherPage.clock.install();
      await otherPage.goto('/orders');
      await page.goto('/settings');
      await page.getByRole('button', { name: 'Отозвать согласие' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Отозвать согласие' }).click();
      await expect(heading(page, 'Электронная платформа кадастровых работ')).toBeVisible();

      // An idle page notices it at the next heartbeat.
      await expect(otherPage.getByRole('dialog', { name: 'Сеанс завершён' })).toBeVisible({ timeout: 40_000 });
      await inspect(otherPage, 'session-ended');
      const opened = streams.length;
      await otherPage.clock.fastForward('10:00');
      await otherPage.evaluate(() => fetch('/api/me'));
      expect(streams, 'no event stream is opened').toHaveLength(opened);
      await otherPage.getByRole('link', { name: 'Войти снова' }).click();
      await otherPage.getByRole('button', { name: 'Заказчик (физическое лицо)' }).click();
      await expect(heading(otherPage, consentTitle)).toBeVisible();
      const stream = otherPage.waitForRequest('**/api/events?*');
      await otherPage.getByRole('button', { name: 'ВОЙТИ' }).click();
      await stream;
    },
  );

  test('into another role in another window removes the data of the former role here', async ({ enter, frozen }) => {
    test.skip(frozen, 'it sets the clock of its tabs');
    const page = await enter('engineer-incomplete', 'Заказчик (физическое лицо)');
    // The clock stands still, so a read can only be caused by the role.
    await page.clock.setFixedTime(Date.now());
    const { number } = await Party.createDraft(page);
    await page.goto('/orders');
    await expect(page.getByRole('link', { name: number })).toBeVisible();
    const otherPage = await page.context().newPage();
    await otherPage.goto('/role');
    await completeEntry(otherPage, 'Исполнитель (кадастровый инженер)');
    await page.getByRole('dialog').getByRole('button', { name: 'Открыть эту вкладку в новой роли' }).click();
    await expect(
      page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Поиск по заказам' }),
    ).toBeVisible({ timeout: 40_000 });
    await expect(page.getByText(/^(Показано|Заказов пока нет)/)).toBeVisible();
    await expect(page.getByRole('link', { name: number })).toHaveCount(0);
  });

  test.describe('of a user whose account is inactive', () => {
    test.use({ tolerated: [/status of 403/] });

    test('reads the session once more and not repeatedly', async ({ enter }) => {
      const page = await enter('customer2');
      let sessionReads = 0;
      await page.route(/\/api\/(me|orders\?.*)$/, (route) => {
        if (route.request().url().endsWith('/me')) sessionReads++;
        return route.fulfill({
          status: 403,
          contentType: 'application/problem+json',
          json: {
            type: '/api/problems/account_inactive',
            status: 403,
            code: 'account_inactive',
            title: 'Учётная запись отключена',
            detail: 'Обратитесь в службу поддержки.',
          },
        });
      });
      await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Мои заказы' }).click();
      await expect(page.getByText('Обратитесь в службу поддержки.')).toBeVisible();
      for (let i = 0; i < 20; i++) await page.evaluate(() => fetch('/api/problems/account_inactive'));
      expect(sessionReads).toBe(1);
    });
  });

  test(
    'requests the consent again when its text has changed',
    { annotation: covers('R-AUTH-10') },
    async ({ enter }) => {
      const page = await enter('customer-ip', 'Заказчик (физическое лицо)');
      const addedText = 'Текст этой редакции отличается от прежнего.';
      const release = await Release.withConsent((text) => `${text}\n\n${addedText}\n`);
      try {
        await page.goto(`${release.url}/orders`);
        await expect(heading(page, consentTitle)).toBeVisible();
        await page.getByRole('button', { name: 'Подробнее' }).click();
        await expect(page.getByRole('dialog').getByText(addedText)).toBeVisible();
        await page.getByRole('button', { name: 'ЗАКРЫТЬ', exact: true }).click();
        await page.getByRole('button', { name: 'ВОЙТИ' }).click();
        await expect(heading(page, 'Мои заказы')).toBeVisible();
        await page.close();
      } finally {
        await release.stop();
      }
    },
  );
});

async function signOut(page: Page, login: string): Promise<void> {
  await page.getByRole('button', { name: `учётная запись: ${userOf(login).name}` }).click();
  await page.getByRole('menuitem', { name: 'Выйти' }).click();
  await expect(heading(page, 'Электронная платформа кадастровых работ')).toBeVisible();
}
