import { covers } from './harness/covers';
import { expect, test } from './harness/test';

/** Removes features that old browsers lack from the test browser. */
const missingFeatures: Record<string, () => void> = {
  'no modules, as Internet Explorer 11': () => {
    delete (HTMLScriptElement.prototype as { noModule?: boolean }).noModule;
  },
  'no toSorted, as Chrome 74': () => {
    delete (Array.prototype as { toSorted?: unknown }).toSorted;
  },
  'no lookbehind, as Safari 12': () => {
    const original = window.RegExp;
    window.RegExp = new Proxy(original, {
      construct(target, [pattern, flags]: [string, string]) {
        if (String(pattern).includes('(?<=')) throw new SyntaxError('invalid group');
        return new target(pattern, flags);
      },
    });
  },
};

test.describe('a browser that is too old', () => {
  // The app may fail because of the missing feature before its page is removed.
  test.use({ tolerated: [/toSorted/] });

  for (const [name, removeFeature] of Object.entries(missingFeatures)) {
    test(`is told which browsers can be used: ${name}`, { annotation: covers('R-GEN-13') }, async ({ visit }) => {
      const page = await visit();
      await page.addInitScript(removeFeature);
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

  test('can run the browser check', { annotation: covers('R-GEN-13') }, async ({ request }) => {
    const page = await (await request.get('/')).text();
    const script = /<script[^>]*src="(\/browser-check[^"]*)"/.exec(page);
    expect(script?.[0], 'an ordinary script, before the app').not.toContain('module');
    const code = (await (await request.get(script?.[1] ?? '')).text()).replace(/\/\/.*/g, '').replace(/'[^']*'/g, "''");
    expect(code).toContain('function explain');
    expect(code, 'nothing that Internet Explorer 11 cannot parse').not.toMatch(
      /=>|`|\?\.|\?\?|\.\.\.|\b(const|let|class|async|await|of)\b/,
    );
  });

  test('is not detected in a supported browser', { annotation: covers('R-GEN-13') }, async ({ visit }) => {
    const page = await visit();
    await page.goto('/');
    await expect(page.getByRole('banner').getByRole('link', { name: 'ВОЙТИ' })).toBeVisible();
    await expect(page.getByText('Ваш браузер устарел')).toHaveCount(0);
  });
});
