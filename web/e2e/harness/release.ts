import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './platform';

const run = promisify(execFile);

/** Another release of apiserver beside the running one, with another consent text. */
export class Release {
  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  static async withConsent(edit: (text: string) => string): Promise<Release> {
    const folder = await mkdtemp(join(tmpdir(), 'epkr-release-'));
    const original = `${root}apiserver/auth/consent.txt`;
    const edited = join(folder, 'consent.txt');
    await writeFile(edited, edit(await readFile(original, 'utf8')));
    const overlay = join(folder, 'overlay.json');
    await writeFile(overlay, JSON.stringify({ Replace: { [original]: edited } }));
    const binary = join(folder, 'apiserver');
    await run('go', ['build', '-overlay', overlay, '-o', binary, './apiserver'], { cwd: root });
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const child = spawn(binary, {
      env: {
        ...process.env,
        EPKR_LISTEN: `127.0.0.1:${port}`,
        EPKR_INTERNAL_LISTEN: `127.0.0.1:${await freePort()}`,
        EPKR_PUBLIC_URL: url,
      },
      stdio: 'ignore',
    });
    const release = new Release(url, folder, child);
    await release.waitUntilReady();
    return release;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      const ended = new Promise((resolve) => this.process.once('exit', resolve));
      this.process.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true });
  }

  private async waitUntilReady(): Promise<void> {
    while (
      !(await fetch(`${this.url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (this.process.exitCode !== null) throw new Error(`the new release ended with ${this.process.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
