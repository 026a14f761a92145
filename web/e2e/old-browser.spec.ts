import { covers } from './harness/covers';
import { expect, test } from './harness/test';

/** What the browsers of their time lack, taken from the one that runs the tests. */
const lacks: Record<string, () => void> = {
  'no modules, as Internet Explorer 11': () => {
    delete (HTMLScriptElement.prototype as { noModule?: boolean }).noModule;
  },
  'no toSorted, as Chrome 74': () => {
    delete (Array.prototype as { toSorted?: unknown }).toSorted;
  },
  'no lookbehind, as Safari 12': () => {
    const known = window.RegExp;
    window.RegExp = new Proxy(known, {
      construct(target, [pattern, flags]: [string, string]) {
        if (String(pattern).includes('(?<=')) throw new SyntaxError('invalid group');
        return new target(pattern, flags);
      },
    });
  },
};

test.describe('a browser that is too old', () => {
  // The app may stumble over what is missing before its page goes.
  test.use({ tolerated: [/toSorted/] });

  for (const [name, take] of Object.entries(lacks)) {
    test(`is told which browsers can be used: ${name}`, { annotation: covers('R-GEN-13') }, async ({ visit }) => {
      const page = await visit();
      await page.addInitScript(take);
      await page.goto('/orders');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Электронная платформа кадастровых работ');
      await expect(page.getByText('Ваш браузер устарел, и платформа в нём не работает.')).toBeVisible();
      for (const browser of ['Яндекс Браузер 23.5', 'Chrome 111', 'Microsoft Edge 111', 'Firefox 115', 'Safari 16.4']) {
        await expect(page.getByText(browser)).toBeVisible();
      }
      await expect(page.getByText('Internet Explorer не поддерживается.')).toBeVisible();
      await expect(page.locator('#root')).toHaveCount(0);
      await expect(page.getByRole('link', { name: 'ВОЙТИ' })).toHaveCount(0);
    });
  }

  test('can read what tells it so', { annotation: covers('R-GEN-13') }, async ({ request }) => {
    const page = await (await request.get('/')).text();
    const script = /<script[^>]*src="(\/browser-check[^"]*)"/.exec(page);
    expect(script?.[0], 'an ordinary script, before the app').not.toContain('module');
    const code = (await (await request.get(script?.[1] ?? '')).text()).replace(/\/\/.*/g, '').replace(/'[^']*'/g, "''");
    expect(code).toContain('function explain');
    expect(code, 'nothing that Internet Explorer 11 cannot parse').not.toMatch(
      /=>|`|\?\.|\?\?|\.\.\.|\b(const|let|class|async|await|of)\b/,
    );
  });

  test('is none that the platform is made for', { annotation: covers('R-GEN-13') }, async ({ visit }) => {
    const page = await visit();
    await page.goto('/');
    await expect(page.getByRole('banner').getByRole('link', { name: 'ВОЙТИ' })).toBeVisible();
    await expect(page.getByText('Ваш браузер устарел')).toHaveCount(0);
  });
});
