import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

/** What the pages weigh and how soon they can be used: `make bench-web`. */
export default defineConfig(tests, {
  testDir: 'bench',
  testMatch: '*.bench.ts',
  outputDir: '../bin/browser-bench',
  workers: 1,
  reporter: 'line',
  use: { trace: 'off' },
});
