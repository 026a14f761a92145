import { describe, expect, it } from 'vitest';
import { allPages } from './pages';

describe('a paged list', () => {
  it('is read to its end, each page once', async () => {
    const asked: (string | undefined)[] = [];
    const pages = new Map([
      [undefined, { items: [1, 2], next: 'a' }],
      ['a', { items: [3], next: 'b' }],
      ['b', { items: null }],
    ]);
    const items = await allPages<number>((cursor) => {
      asked.push(cursor);
      return Promise.resolve(pages.get(cursor as never) ?? { items: [] });
    });
    expect(items).toEqual([1, 2, 3]);
    expect(asked).toEqual([undefined, 'a', 'b']);
  });

  it('fails as a whole when a page does', async () => {
    await expect(allPages(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
  });
});
