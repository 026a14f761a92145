import { randomId } from './randomId';

/** Where keys are kept between reloads of a page: sessionStorage, or a map in a test. */
export type KeyStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

interface KeptKey {
  key: string;
  content: string;
  madeAt: number;
}

/**
 * Keeps the idempotency key of each action until its verdict is known. An action whose answer was lost is repeated under the
 * same key, so that it happens once; with another content it is another action and gets a key of its own.
 */
export class KeyKeeper {
  constructor(
    private readonly storage: KeyStorage,
    private readonly newKey: () => string = randomId,
    private readonly now: () => number = () => Date.now(),
  ) {}

  /**
   * The key to send this content under. action names what is done, with the order: «<order>/publish». Where nothing in the content
   * tells a repetition from the next action of its kind, life does: for so many milliseconds it is a repetition.
   */
  keyFor(action: string, content: unknown, life = Infinity): string {
    const fingerprint = fingerprintOf(content);
    const kept = this.read(action);
    if (kept?.content === fingerprint && this.now() - kept.madeAt < life) return kept.key;
    const key = this.newKey();
    this.storage.setItem(
      slot(action),
      JSON.stringify({ key, content: fingerprint, madeAt: this.now() } satisfies KeptKey),
    );
    return key;
  }

  /** Forgets the key: its verdict is known. A later key of the same action stays. */
  settle(action: string, key: string): void {
    if (this.read(action)?.key === key) this.storage.removeItem(slot(action));
  }

  private read(action: string): KeptKey | undefined {
    const text = this.storage.getItem(slot(action));
    if (!text) return undefined;
    try {
      const kept = JSON.parse(text) as Partial<KeptKey>;
      return typeof kept.key === 'string' && typeof kept.content === 'string' && typeof kept.madeAt === 'number'
        ? (kept as KeptKey)
        : undefined;
    } catch {
      return undefined;
    }
  }
}

const slot = (action: string) => `epkr.key.${action}`;

/**
 * A fingerprint of JSON that does not depend on the order of properties. It only tells two contents of one person's action
 * apart, so 53 bits are enough; the contents themselves are not kept, they hold personal data.
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
