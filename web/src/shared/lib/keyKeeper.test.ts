import { beforeEach, describe, expect, it } from 'vitest';
import { fingerprintOf, KeyKeeper } from './keyKeeper';
import { memoryStorage } from './memoryStorage';

describe('idempotency keys', { meta: { covers: ['S-35'] } }, () => {
  let storage = memoryStorage();
  let now = 0;
  const keeper = () => {
    let n = 0;
    return new KeyKeeper(
      storage,
      () => `key-${++n}-${Math.random()}`,
      () => now,
    );
  };
  beforeEach(() => (storage = memoryStorage()));

  it('keeps the key of an action whose answer was lost', () => {
    const k = keeper();
    expect(k.keyFor('1/publish', { price: 5 })).toBe(k.keyFor('1/publish', { price: 5 }));
  });

  it('keeps it over a reload of the page', () => {
    const before = keeper().keyFor('1/publish', { price: 5 });
    expect(keeper().keyFor('1/publish', { price: 5 })).toBe(before);
  });

  it('takes a new key once the verdict is known', () => {
    const k = keeper();
    const first = k.keyFor('1/publish', {});
    k.settle('1/publish', first);
    expect(k.keyFor('1/publish', {})).not.toBe(first);
  });

  it('takes a new key for another content, which would be refused under the old one', () => {
    const k = keeper();
    expect(k.keyFor('1/respond', { price: 6 })).not.toBe(k.keyFor('1/respond', { price: 5 }));
  });

  it('takes a new key when the life of the old one is over', () => {
    const k = keeper();
    const first = k.keyFor('create', undefined, 1_000);
    now += 999;
    expect(k.keyFor('create', undefined, 1_000)).toBe(first);
    now += 1;
    expect(k.keyFor('create', undefined, 1_000)).not.toBe(first);
  });

  it('does not mix actions and orders', () => {
    const k = keeper();
    const keys = [k.keyFor('1/publish', {}), k.keyFor('2/publish', {}), k.keyFor('1/cancel', {})];
    expect(new Set(keys).size).toBe(3);
  });

  it('does not forget a newer key when the verdict on an older one comes', () => {
    const k = keeper();
    const old = k.keyFor('1/respond', { price: 5 });
    const next = k.keyFor('1/respond', { price: 6 });
    k.settle('1/respond', old);
    expect(k.keyFor('1/respond', { price: 6 })).toBe(next);
  });

  it('is not put off by foreign rubbish in the storage', () => {
    storage.setItem('epkr.key.1/publish', '{"key":');
    expect(keeper().keyFor('1/publish', {})).toMatch(/^key-/);
  });

  it('makes keys that the API takes by default', () => {
    expect(new KeyKeeper(memoryStorage()).keyFor('1/publish', {})).toMatch(/^[0-9a-f]{32}$/);
  });

  it('keeps no personal data', () => {
    keeper().keyFor('1/publish', { address: 'Тверь, улица Мира' });
    expect(JSON.stringify(storage.dump())).not.toMatch(/Тверь|Мира/);
  });
});

describe('fingerprint', () => {
  it('does not depend on the order of properties', () => {
    expect(fingerprintOf({ a: 1, b: { c: 2, d: 3 } })).toBe(fingerprintOf({ b: { d: 3, c: 2 }, a: 1 }));
  });

  it('depends on the order of lists', () => expect(fingerprintOf([1, 2])).not.toBe(fingerprintOf([2, 1])));

  it('tells many contents apart', () => {
    const all = new Set(Array.from({ length: 20_000 }, (_, i) => fingerprintOf({ price: i })));
    expect(all.size).toBe(20_000);
  });
});
