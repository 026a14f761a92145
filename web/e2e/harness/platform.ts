import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The root of the repository; tests run in web/. */
export const root = new URL('../../../', import.meta.url).pathname;

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the browser tests are run by make test-browser`);
  return value;
}

/** The platform under test, as `dev beside` tells of it. */
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

/** Publishes a snapshot of the registry without the engineer, or with him again, and has the platform read it as an operator does. */
export async function registryNight(change: 'drop' | 'restore', login: string): Promise<void> {
  const answer = await fetch(`${platform.registry}/control/${change}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ snils: [personOf(login).snils] }),
  });
  if (!answer.ok) throw new Error(`the registry answered ${answer.status}: ${await answer.text()}`);
  await run(`${root}bin/worker`, ['registry', 'run']);
}
