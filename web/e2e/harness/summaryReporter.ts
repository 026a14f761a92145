import type { FullConfig, FullResult, Reporter, Suite } from '@playwright/test/reporter';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';

/** Prints a summary line, and copies the platform's logs beside the traces if tests failed. */
export default class SummaryReporter implements Reporter {
  private suite: Suite | undefined;
  private folder = '';

  onBegin({ projects }: FullConfig, suite: Suite): void {
    this.suite = suite;
    this.folder = join(projects[0]?.outputDir ?? '.', 'platform');
  }

  async onEnd({ duration, status }: FullResult): Promise<void> {
    const all = this.suite?.allTests() ?? [];
    const passed = all.filter((test) => test.outcome() === 'expected').length;
    const failed = all.filter((test) => test.outcome() === 'unexpected').length || (status === 'passed' ? 0 : 1);
    const logs = process.env['EPKR_TEST_LOGS'];
    if (failed > 0 && logs) {
      await cp(logs, this.folder, { recursive: true });
      console.log(`what the platform wrote: ${this.folder}`);
    }
    console.log(`browser tests: ${passed} passed, ${failed} failed in ${Math.round(duration / 1000)} s`);
  }
}
