import { beforeEach, describe, expect, it } from 'vitest';
import { DraftStorage } from './draftStorage';
import { memoryStorage } from './memoryStorage';

describe('drafts of forms', () => {
  let storage = memoryStorage();
  let now = 0;
  const drafts = () => new DraftStorage(storage, () => now);
  beforeEach(() => {
    storage = memoryStorage();
    now = 1_000;
  });

  it('returns the draft after a reload', () => {
    drafts().save('anna', 'order', { address: 'Тверь' });
    expect(drafts().load('anna', 'order')).toEqual({ address: 'Тверь' });
  });

  it('returns no draft of another person', () => {
    drafts().save('anna', 'order', { address: 'Тверь' });
    expect(drafts().load('boris', 'order')).toBeUndefined();
  });

  it('drops a draft that was sent', () => {
    drafts().save('anna', 'order', {});
    drafts().drop('anna', 'order');
    expect(drafts().load('anna', 'order')).toBeUndefined();
  });

  it('drops all drafts of a person who signs out, and none of others', () => {
    drafts().save('anna', 'order', 1);
    drafts().save('anna', 'response.7', 2);
    drafts().save('boris', 'order', 3);
    drafts().dropAll('anna');
    expect(storage.length).toBe(1);
    expect(drafts().load('boris', 'order')).toBe(3);
  });

  it('drops a draft after a week', () => {
    drafts().save('anna', 'order', 1);
    now += 7 * 24 * 3_600_000 - 1;
    expect(drafts().load('anna', 'order')).toBe(1);
    now += 1;
    expect(drafts().load('anna', 'order')).toBeUndefined();
    expect(storage.length).toBe(0);
  });

  it('does not throw when the storage is full', () => {
    storage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    expect(() => drafts().save('anna', 'order', 1)).not.toThrow();
  });

  it('ignores malformed entries', () => {
    storage.setItem('epkr.draft.anna.order', 'null');
    expect(drafts().load('anna', 'order')).toBeUndefined();
  });
});
