import { randomId } from './randomId';

/** The storage of keys between reloads of a page: sessionStorage, or a map in a test. */
export type KeyStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

interface StoredKey {
  key: string;
  content: string;
  madeAt: number;
}

/**
 * Stores the idempotency key of each action until its verdict is known. An action whose answer was
 * lost is repeated with the same key, so that it is applied once. With another content it is
 * another action with a key of its own.
 */
export class IdempotencyKeys {
  constructor(
    private readonly storage: KeyStorage,
    private readonly newKey: () => string = randomId,
    private readonly now: () => number = () => Date.now(),
  ) {}

  /**
   * Returns the key to send this content with. action names the action and the order:
   * «<order>/publish». Without a content that would tell a repetition from the next action, the
   * lifetime decides: within it, in milliseconds, the action is a repetition.
   */
  keyFor(action: string, content: unknown, lifetime = Infinity): string {
    const fingerprint = fingerprintOf(content);
    const stored = this.read(action);
    if (stored?.content === fingerprint && this.now() - stored.madeAt < lifetime) return stored.key;
    const key = this.newKey();
    this.storage.setItem(
      slot(action),
      JSON.stringify({ key, content: fingerprint, madeAt: this.now() } satisfies StoredKey),
    );
    return key;
  }

  /** Removes the key, because its verdict is known. A later key of the same action stays. */
  forget(action: string, key: string): void {
    if (this.read(action)?.key === key) this.storage.removeItem(slot(action));
  }

  private read(action: string): StoredKey | undefined {
    const text = this.storage.getItem(slot(action));
    if (!text) return undefined;
    try {
      const stored = JSON.parse(text) as Partial<StoredKey>;
      return typeof stored.key === 'string' && typeof stored.content === 'string' && typeof stored.madeAt === 'number'
        ? (stored as StoredKey)
        : undefined;
    } catch {
      return undefined;
    }
  }
}

const slot = (action: string) => `epkr.key.${action}`;

/**
 * Returns a fingerprint of a JSON value that does not depend on the order of properties. It only
 * distinguishes two contents of one person's action, so 53 bits are enough. The contents themselves
 * are not stored, because they hold personal data.
 */
export function fingerprintOf(content: unknown): string {
  const text =
    JSON.stringify(content, (_, value: unknown) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    ) ?? '';
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x9e3779b1);
    high = Math.imul(high ^ unit, 0x5f356495);
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  return `${text.length}.${(high >>> 0).toString(36)}.${(low >>> 0).toString(36)}`;
}
