import type { FullResult, Reporter, Suite } from '@playwright/test/reporter';

/** Says in the last line how many tests passed and failed. */
export default class Tally implements Reporter {
  private suite: Suite | undefined;

  onBegin(_: unknown, suite: Suite): void {
    this.suite = suite;
  }

  onEnd({ duration, status }: FullResult): void {
    const all = this.suite?.allTests() ?? [];
    const passed = all.filter((test) => test.outcome() === 'expected' && test.results.some((one) => one.status !== 'skipped')).length;
    const failed = all.filter((test) => test.outcome() === 'unexpected').length || (status === 'passed' ? 0 : 1);
    console.log(`browser tests: ${passed} passed, ${failed} failed in ${Math.round(duration / 1000)} s`);
  }
}
