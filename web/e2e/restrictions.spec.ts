import { covers } from './harness/covers';
import { inspect } from './harness/inspect';
import { expect, test } from './harness/test';

test(
  'a blocked engineer reads on his pages what happened and what he can still do',
  { annotation: covers('R-ROLE-4') },
  async ({ enter }) => {
    const page = await enter('engineer-blocked', 'Исполнитель (кадастровый инженер)');
    for (const path of ['/profile', '/orders']) {
      await page.goto(path);
      const notice = page.getByRole('status').filter({ hasText: 'Новые заказы вам сейчас недоступны' });
      await expect(notice).toContainText('Модератор системы заблокировал вас как кадастрового инженера');
      await expect(notice).toContainText('По-прежнему можно смотреть');
    }
    await inspect(page, 'engineer-blocked');
  },
);
