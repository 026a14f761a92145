import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from './platform';
import { test as base } from './test';

/**
 * A second platform, whose database has nobody: no engineer of the registry, no account. Its
 * simulators have the same people as those of the platform under test.
 */
class EmptyPlatform {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(): Promise<EmptyPlatform> {
    // The platform runs until cat ends, at the end of its input or of this process.
    const child = spawn(
      `${root}bin/dev`,
      ['with-platform', '--empty', '--', 'sh', '-c', 'echo $EPKR_PUBLIC_URL; cat'],
      {
        cwd: root,
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    for await (const url of createInterface(child.stdout)) return new EmptyPlatform(url, child);
    throw new Error('the empty platform did not start');
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.stdin?.end();
    await ended;
  }
}

/** The tests of a file share one empty platform, and leave it to the next test as it is. */
export const test = base.extend<object, { emptyPlatform: EmptyPlatform }>({
  emptyPlatform: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures' names from the pattern
    async ({}, use) => {
      const platform = await EmptyPlatform.start();
      await use(platform);
      await platform.stop();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ emptyPlatform }, use) => use(emptyPlatform.url),
});
