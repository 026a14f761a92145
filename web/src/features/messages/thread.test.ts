import { describe, expect, it } from 'vitest';
import type { ChatMessage } from './chatApi';
import { dayName, hasEarlier, lastSeq, mergeThread, resumeAfter, rowsOf, type Thread } from './thread';

const noon = Date.parse('2026-11-24T12:00:00Z');

/** A message that was sent so many minutes after noon. */
const message = (seq: number, minutes = seq, more: Partial<ChatMessage> = {}): ChatMessage => ({
  seq,
  id: `m${seq}`,
  side: 'customer',
  author: { name: 'Иванов И. И.', mine: false },
  text: `слова ${seq}`,
  files: [],
  sentAt: new Date(noon + minutes * 60_000).toISOString(),
  earlierTexts: 0,
  ...more,
});

const thread = (items: ChatMessage[], more: Partial<Thread> = {}): Thread => ({
  items,
  read: 0,
  readByOther: 0,
  writable: true,
  ...more,
});

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
const seqs = ({ items }: Thread) => items.map(({ seq }) => seq);

describe('merging what was read of a thread', { meta: { covers: ['R-CHAT-1'] } }, () => {
  it('adds newer and earlier pages, and nothing twice', () => {
    const newest = mergeThread(undefined, thread(range(5, 8)));
    const earlier = mergeThread(newest, thread(range(2, 4)));
    const all = mergeThread(earlier, thread(range(7, 10)));
    expect(seqs(all)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(seqs(mergeThread(all, thread(range(2, 10))))).toEqual(seqs(all));
    expect([hasEarlier(all), hasEarlier(mergeThread(all, thread(range(1, 1))))]).toEqual([true, false]);
  });

  it('gives the same thread in whichever order the answers come', () => {
    const pages = [range(4, 6), range(1, 3), range(6, 9), range(9, 12)].map((items) => thread(items));
    const start = thread(range(4, 6));
    const merged = (order: number[]) =>
      order.reduce<Thread>((known, index) => mergeThread(known, pages[index] ?? start), start);
    expect(seqs(merged([1, 2, 3]))).toEqual(seqs(merged([2, 3, 1])));
    expect(lastSeq(merged([2, 1, 3]))).toBe(12);
  });

  it('has no gap: a page beyond one replaces what was known', () => {
    const merged = mergeThread(thread(range(1, 3)), thread(range(7, 9)));
    expect(seqs(merged)).toEqual([7, 8, 9]);
    expect(hasEarlier(merged)).toBe(true);
    expect(seqs(mergeThread(thread(range(7, 9)), thread(range(1, 3))))).toEqual([7, 8, 9]);
  });

  it('shows a correction and a withdrawal, also when an older answer comes later', () => {
    const corrected = message(2, 2, { text: 'лучше', correctedAt: '2026-11-24T12:04:00Z' });
    const withdrawn = message(2, 2, { text: '', withdrawnAt: '2026-11-24T12:05:00Z' });
    const before = thread(range(1, 3));
    const textOf = (shown: Thread) => shown.items[1]?.text;
    expect(textOf(mergeThread(before, thread([corrected])))).toBe('лучше');
    expect(textOf(mergeThread(mergeThread(before, thread([corrected])), before))).toBe('лучше');
    const after = mergeThread(mergeThread(before, thread([withdrawn])), thread([corrected]));
    expect(after.items[1]?.withdrawnAt).toBeDefined();
  });

  it('moves read marks forward only, and takes the newest word on writing', () => {
    const known = thread(range(1, 3), { read: 3, readByOther: 2 });
    const merged = mergeThread(
      known,
      thread([], { read: 1, readByOther: 3, writable: false, closedReason: 'Окончен' }),
    );
    expect(merged).toMatchObject({ read: 3, readByOther: 3, writable: false, closedReason: 'Окончен' });
    expect(seqs(merged)).toEqual([1, 2, 3]);
  });

  it('is read again from the first message that could still be corrected', () => {
    expect(resumeAfter(thread([]))).toBe(0);
    expect(resumeAfter(thread([message(1, 0), message(2, 10), message(3, 20), message(4, 30)]))).toBe(2);
    expect(resumeAfter(thread([message(8, 0), message(9, 5)]))).toBe(7);
  });
});

describe('the lines of a thread', () => {
  it('group messages by day and author', () => {
    const mine = { author: { name: 'Петров П. П.', mine: true }, side: 'engineer' } as const;
    const rows = rowsOf([message(1), message(2), message(3, 3, mine), message(4, 24 * 60)], undefined);
    expect(rows.map((row) => (row.kind === 'group' ? row.messages.map(({ seq }) => seq) : row.kind))).toEqual([
      'day',
      [1, 2],
      [3],
      'day',
      [4],
    ]);
  });

  it('separate what the others wrote since the last visit, once', () => {
    const mine = { author: { name: 'Вы', mine: true } };
    const kinds = (after: number) => rowsOf([message(1), message(2, 2, mine), message(3), message(4)], after);
    expect(kinds(1).map(({ kind }) => kind)).toEqual(['day', 'group', 'group', 'unread', 'group']);
    expect(kinds(4).map(({ kind }) => kind)).toEqual(['day', 'group', 'group', 'group']);
  });

  it('show lines of the platform apart', () => {
    const notice = message(2, 2, { side: 'platform', text: 'Модератор прочитал переписку.' });
    expect(rowsOf([message(1), notice, message(3)], undefined).map(({ kind }) => kind)).toEqual([
      'day',
      'group',
      'notice',
      'group',
    ]);
  });

  it('name the days as people do', () => {
    const now = new Date(2026, 10, 24, 9);
    expect(dayName('24 ноября 2026 г.', now)).toBe('Сегодня');
    expect(dayName('23 ноября 2026 г.', now)).toBe('Вчера');
    expect(dayName('22 ноября 2026 г.', now)).toBe('22 ноября 2026 г.');
  });
});
