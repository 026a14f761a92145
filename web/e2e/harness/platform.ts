import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';

const run = promisify(execFile);

/** The root of the repository; tests run in web/. */
export const root = new URL('../../../', import.meta.url).pathname;

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the browser tests are run by make test-browser`);
  return value;
}

/** The platform under test, from the environment that `dev with-platform` sets. */
export const platform = {
  /** The public URL. */
  url: setting('EPKR_PUBLIC_URL'),
  registry: setting('EPKR_REGISTRY_URL'),
  /** The simulator of «Госключ», where people sign. */
  goskey: setting('EPKR_GOSKEY_URL'),
  /** The page of the letters that the platform has sent. */
  mail: setting('EPKR_TEST_MAIL_URL'),
};

/** A test user: the name, and the СНИЛС by which the registry identifies the person. */
export interface TestUser {
  name: string;
  snils: string;
}

/** The test users, by login. */
export const testUsers = JSON.parse(setting('EPKR_TEST_CAST')) as Record<string, TestUser>;

export function userOf(login: string): TestUser {
  const user = testUsers[login];
  if (!user) throw new Error(`there is no test user ${login}`);
  return user;
}

interface RegistryRow {
  snils: string;
  status: string;
  sro_name: string;
}

/** The control interface of the registry simulator. */
export const registry = {
  /** Publishes a snapshot without these engineers. */
  drop: (snils: readonly string[]) => command('drop', { snils }),
  /** Publishes a snapshot with these of the dropped engineers, or with all. */
  restore: (snils: readonly string[] = []) => command('restore', { snils }),
  /** Publishes the same snapshot with a later date. */
  repeat: () => command('as-of', {}),

  /** Returns the engineers of the current snapshot. */
  async rows(): Promise<RegistryRow[]> {
    const answer = await fetch(`${platform.registry}/snapshot/engineers.jsonl.gz`);
    const [, ...lines] = gunzipSync(Buffer.from(await answer.arrayBuffer()))
      .toString()
      .trim()
      .split('\n');
    return lines.map((line) => JSON.parse(line) as RegistryRow);
  },
};

async function command(name: string, body: object): Promise<void> {
  const answer = await fetch(`${platform.registry}/control/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the registry answered ${answer.status}: ${await answer.text()}`);
}

/** Runs a sync of the registry, as an operator does. */
export async function runRegistrySync(): Promise<void> {
  await run(`${root}bin/worker`, ['registry', 'run']);
}
