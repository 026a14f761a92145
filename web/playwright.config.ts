import { defineConfig } from '@playwright/test';
import { onSlowLine } from './e2e/harness/slowLine';
import { platform } from './e2e/harness/platform';

const patience = onSlowLine ? 6 : 1;

/** The browser tests: Debian's Chromium against a whole platform of their own, which `bin/dev with-platform` starts and stops. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: '../bin/browser-tests',
  workers: 2,
  forbidOnly: true,
  timeout: patience * 600_000,
  expect: { timeout: patience * 30_000 },
  reporter: [['list'], ['./e2e/harness/tally.ts']],
  use: {
    baseURL: platform.url,
    locale: 'ru-RU',
    timezoneId: 'Europe/Moscow',
    viewport: { width: 1280, height: 900 },
    // What comes in while a page is being looked at stands there at once.
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: patience * 30_000,
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false },
    // Without a locale Chromium finds no file with a Russian name.
    launchOptions: { executablePath: '/usr/bin/chromium', env: { ...process.env, LC_ALL: 'C.UTF-8' } },
  },
});
