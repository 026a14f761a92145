import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

/** Measures the size of the pages and the time until they are usable: `make bench-web`. */
export default defineConfig(tests, {
  testDir: 'bench',
  testMatch: '*.bench.ts',
  outputDir: '../bin/browser-bench',
  workers: 1,
  reporter: 'line',
  use: { trace: 'off' },
});
