import { covers } from './harness/covers';
import { Party } from './harness/party';
import { expect, test } from './harness/test';

test(
  'a new notification has a blue circle until the customer has opened its order',
  { annotation: covers('R-NOTIF-3', 'R-NOTIF-4', 'R-NOTIF-7', 'R-CUST-10') },
  async ({ enter }) => {
    const [page, page2] = [
      await enter('customer'),
      await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)'),
    ];
    const { party, number } = await Party.publish(page);
    await new Party(page2, party.order).act('respond', { details: { price: 4_000_000, termDays: 45 } });

    await page
      .getByRole('banner')
      .getByRole('link', { name: /^Уведомления: \d+ нов/ })
      .click();
    const notification = page.getByRole('listitem').filter({ hasText: number });
    await expect(notification).toContainText('Новый отклик кадастрового инженера');
    const circle = notification.locator('.ant-badge-status-dot');
    await expect(circle).toBeVisible();
    const style = await circle.evaluate((element) => {
      const { backgroundColor, borderRadius, width, height } = getComputedStyle(element);
      return { rgb: (backgroundColor.match(/\d+/g) ?? []).map(Number), borderRadius, square: width === height };
    });
    const [red = 255, green = 255, blue = 0] = style.rgb;
    expect(blue, `blue: ${style.rgb.join()}`).toBeGreaterThan(Math.max(red, green) + 50);
    expect(style, 'a circle').toMatchObject({ borderRadius: '50%', square: true });

    await notification.getByRole('link', { name: `Заказ ${number}` }).click();
    await expect(page).toHaveURL(new RegExp(`/orders/${party.order}$`));
    await page
      .getByRole('banner')
      .getByRole('link', { name: /^Уведомления/ })
      .click();
    await expect(notification).toContainText('Новый отклик кадастрового инженера');
    await expect(circle).toHaveCount(0);
  },
);
