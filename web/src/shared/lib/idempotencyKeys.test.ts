import { beforeEach, describe, expect, it } from 'vitest';
import { fingerprintOf, IdempotencyKeys } from './idempotencyKeys';
import { memoryStorage } from './memoryStorage';

describe('idempotency keys', { meta: { covers: ['S-35'] } }, () => {
  let storage = memoryStorage();
  let now = 0;
  const newKeys = () => {
    let n = 0;
    return new IdempotencyKeys(
      storage,
      () => `key-${++n}-${Math.random()}`,
      () => now,
    );
  };
  beforeEach(() => (storage = memoryStorage()));

  it('reuses the key of an action whose answer was lost', () => {
    const keys = newKeys();
    expect(keys.keyFor('1/publish', { price: 5 })).toBe(keys.keyFor('1/publish', { price: 5 }));
  });

  it('reuses the key after a reload of the page', () => {
    const before = newKeys().keyFor('1/publish', { price: 5 });
    expect(newKeys().keyFor('1/publish', { price: 5 })).toBe(before);
  });

  it('creates a new key once the verdict is known', () => {
    const keys = newKeys();
    const first = keys.keyFor('1/publish', {});
    keys.forget('1/publish', first);
    expect(keys.keyFor('1/publish', {})).not.toBe(first);
  });

  it('creates a new key for another content, which would be refused under the old one', () => {
    const keys = newKeys();
    expect(keys.keyFor('1/respond', { price: 6 })).not.toBe(keys.keyFor('1/respond', { price: 5 }));
  });

  it('creates a new key when the old one has expired', () => {
    const keys = newKeys();
    const first = keys.keyFor('create', undefined, 1_000);
    now += 999;
    expect(keys.keyFor('create', undefined, 1_000)).toBe(first);
    now += 1;
    expect(keys.keyFor('create', undefined, 1_000)).not.toBe(first);
  });

  it('uses different keys for different actions and orders', () => {
    const keys = newKeys();
    const issued = [keys.keyFor('1/publish', {}), keys.keyFor('2/publish', {}), keys.keyFor('1/cancel', {})];
    expect(new Set(issued).size).toBe(3);
  });

  it('keeps a newer key when the verdict for an older one arrives', () => {
    const keys = newKeys();
    const old = keys.keyFor('1/respond', { price: 5 });
    const next = keys.keyFor('1/respond', { price: 6 });
    keys.forget('1/respond', old);
    expect(keys.keyFor('1/respond', { price: 6 })).toBe(next);
  });

  it('ignores malformed entries of the storage', () => {
    storage.setItem('epkr.key.1/publish', '{"key":');
    expect(newKeys().keyFor('1/publish', {})).toMatch(/^key-/);
  });

  it('creates keys that the API accepts by default', () => {
    expect(new IdempotencyKeys(memoryStorage()).keyFor('1/publish', {})).toMatch(/^[0-9a-f]{32}$/);
  });

  it('stores no personal data', () => {
    newKeys().keyFor('1/publish', { address: 'Тверь, улица Мира' });
    expect(JSON.stringify(storage.dump())).not.toMatch(/Тверь|Мира/);
  });
});

describe('fingerprint', () => {
  it('does not depend on the order of properties', () => {
    expect(fingerprintOf({ a: 1, b: { c: 2, d: 3 } })).toBe(fingerprintOf({ b: { d: 3, c: 2 }, a: 1 }));
  });

  it('depends on the order of lists', () => expect(fingerprintOf([1, 2])).not.toBe(fingerprintOf([2, 1])));

  it('is different for many different contents', () => {
    const all = new Set(Array.from({ length: 20_000 }, (_, i) => fingerprintOf({ price: i })));
    expect(all.size).toBe(20_000);
  });
});
