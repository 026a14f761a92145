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

/** The platform under test, as `dev with-platform` tells of it. */
export const platform = {
  /** Where people open it. */
  url: setting('EPKR_PUBLIC_URL'),
  registry: setting('EPKR_REGISTRY_URL'),
};

/** A person of the cast: his name, and the number by which the registry knows him. */
export interface Person {
  name: string;
  snils: string;
}

/** The people who may sign in, by login. */
export const cast = JSON.parse(setting('EPKR_TEST_CAST')) as Record<string, Person>;

export function personOf(login: string): Person {
  const person = cast[login];
  if (!person) throw new Error(`nobody of the cast is called ${login}`);
  return person;
}

interface RegistryRow {
  snils: string;
  status: string;
  sro_name: string;
}

/** The registry simulator: what it publishes, and what it is told to publish. */
export const registry = {
  /** Publishes a snapshot without these engineers. */
  drop: (snils: readonly string[]) => command('drop', { snils }),
  /** Publishes a snapshot with everybody whom it has left out, or with these. */
  restore: (snils: readonly string[] = []) => command('restore', { snils }),
  /** Publishes the same once more, with a later date. */
  repeat: () => command('as-of', {}),

  /** The engineers of the snapshot as it is. */
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

/** Has the platform read the registry as an operator does. */
export async function registryNight(): Promise<void> {
  await run(`${root}bin/worker`, ['registry', 'run']);
}
