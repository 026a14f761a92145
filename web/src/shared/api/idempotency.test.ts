import { expect, it } from 'vitest';
import { underKey } from './idempotency';
import { ProblemError } from './problem';

const problem = (status: number) => new ProblemError({ type: '', title: '', status, code: 'internal', detail: '' });

/** Sends twice; the first attempt fails with the error. Returns the keys of both attempts. */
async function keysOf(action: string, error: Error, contents: [unknown, unknown]): Promise<string[]> {
  const used: string[] = [];
  const failed = underKey(action, contents[0], (key) => {
    used.push(key);
    return Promise.reject(error);
  });
  await expect(failed).rejects.toBe(error);
  await underKey(action, contents[1], (key) => Promise.resolve(used.push(key)));
  return used;
}

it('keeps the key of a request while its verdict is unknown', async () => {
  for (const status of [0, 401, 403, 408, 425, 429, 500, 503]) {
    const [first, second] = await keysOf(`unknown ${status}`, problem(status), [1, 1]);
    expect(second, String(status)).toBe(first);
  }
  const [first, second] = await keysOf('broken', new TypeError('no network'), [1, 1]);
  expect(second).toBe(first);
});

it('takes a new key after a verdict, and for another content', async () => {
  for (const status of [404, 409, 422]) {
    const [first, second] = await keysOf(`refused ${status}`, problem(status), [1, 1]);
    expect(second, String(status)).not.toBe(first);
  }
  const [first, second] = await keysOf('changed', problem(503), [1, 2]);
  expect(second).not.toBe(first);
});
