import { IdempotencyKeys } from '@/shared/lib/idempotencyKeys';
import { storageOr } from '@/shared/lib/memoryStorage';
import { ProblemError } from './problem';

/** The keys of this tab's requests. */
export const keys = new IdempotencyKeys(storageOr('sessionStorage'));

/**
 * Reports whether an answer is a verdict, which makes the next request a new one. After any other
 * answer the key stays, because an earlier attempt whose answer was lost may have been applied.
 */
export const isVerdict = (status: number) =>
  status >= 200 && status < 500 && ![401, 403, 408, 425, 429].includes(status);

/**
 * Sends a request under a key that its repetition keeps until there is a verdict. action names what
 * is done and to what; with another content it is another request.
 */
export async function underKey<T>(action: string, content: unknown, send: (key: string) => Promise<T>): Promise<T> {
  const key = keys.keyFor(action, content);
  try {
    const done = await send(key);
    keys.forget(action, key);
    return done;
  } catch (error) {
    if (error instanceof ProblemError && isVerdict(error.status)) keys.forget(action, key);
    throw error;
  }
}
