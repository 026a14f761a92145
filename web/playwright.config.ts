import { defineConfig } from '@playwright/test';
import { onSlowNetwork } from './e2e/harness/slowNetwork';
import { platform } from './e2e/harness/platform';

const timeoutFactor = onSlowNetwork ? 6 : 1;

/**
 * The browser tests: Debian's Chromium against a platform of their own, which `bin/dev
 * with-platform` starts and stops.
 */
export default defineConfig({
  testDir: 'e2e',
  outputDir: '../bin/browser-tests',
  workers: 2,
  forbidOnly: true,
  timeout: timeoutFactor * 600_000,
  expect: { timeout: timeoutFactor * 30_000 },
  reporter: [['list'], ['./e2e/harness/summaryReporter.ts']],
  use: {
    baseURL: platform.url,
    locale: 'ru-RU',
    timezoneId: 'Europe/Moscow',
    viewport: { width: 1280, height: 900 },
    // Elements that appear while a page is shown do not animate.
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: timeoutFactor * 30_000,
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false },
    // Without a locale Chromium finds no file with a Russian name.
    launchOptions: { executablePath: '/usr/bin/chromium-headless-shell', env: { ...process.env, LC_ALL: 'C.UTF-8' } },
  },
});
