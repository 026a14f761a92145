import { beforeEach, describe, expect, it } from 'vitest';
import { DraftKeeper } from './draftKeeper';
import { memoryStorage } from './memoryStorage';

describe('drafts of forms', () => {
  let storage = memoryStorage();
  let now = 0;
  const keeper = () => new DraftKeeper(storage, () => now);
  beforeEach(() => {
    storage = memoryStorage();
    now = 1_000;
  });

  it('gives back what was typed after the page was loaded anew', () => {
    keeper().save('anna', 'order', { address: 'Тверь' });
    expect(keeper().load('anna', 'order')).toEqual({ address: 'Тверь' });
  });

  it('shows nobody what another person typed', () => {
    keeper().save('anna', 'order', { address: 'Тверь' });
    expect(keeper().load('boris', 'order')).toBeUndefined();
  });

  it('forgets what was sent', () => {
    keeper().save('anna', 'order', {});
    keeper().drop('anna', 'order');
    expect(keeper().load('anna', 'order')).toBeUndefined();
  });

  it('forgets everything of a person who signs out, and nothing of others', () => {
    keeper().save('anna', 'order', 1);
    keeper().save('anna', 'response.7', 2);
    keeper().save('boris', 'order', 3);
    keeper().dropAll('anna');
    expect(storage.length).toBe(1);
    expect(keeper().load('boris', 'order')).toBe(3);
  });

  it('forgets after a week', () => {
    keeper().save('anna', 'order', 1);
    now += 7 * 24 * 3_600_000 - 1;
    expect(keeper().load('anna', 'order')).toBe(1);
    now += 1;
    expect(keeper().load('anna', 'order')).toBeUndefined();
    expect(storage.length).toBe(0);
  });

  it('lets people type on when the storage is full', () => {
    storage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    expect(() => keeper().save('anna', 'order', 1)).not.toThrow();
  });

  it('is not put off by rubbish', () => {
    storage.setItem('epkr.draft.anna.order', 'null');
    expect(keeper().load('anna', 'order')).toBeUndefined();
  });
});
