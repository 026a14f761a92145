import { formatDate } from '@/shared/lib/dates';
import type { ChatMessage, ThreadPage } from './chatApi';

/**
 * A thread as far as it was read: messages without a gap, the oldest first. The numbers of a
 * thread's messages start at 1 and have no gaps.
 */
export type Thread = Omit<ThreadPage, 'earlier' | 'later'>;

export const hasEarlier = ({ items }: Thread): boolean => (items[0]?.seq ?? 1) > 1;

export const lastSeq = ({ items }: Thread): number => items.at(-1)?.seq ?? 0;

/**
 * Adds a page to what was read before. Whoever reads the same messages in whichever order of answers
 * gets the same thread. A page beyond a gap replaces what was read, because the messages between
 * are then read as earlier ones.
 */
export function mergeThread(known: Thread | undefined, page: Thread): Thread {
  const [first, last] = [page.items[0]?.seq, page.items.at(-1)?.seq];
  if (!known || (first !== undefined && first > lastSeq(known) + 1)) return page;
  const items =
    first === undefined || last === undefined || last < (known.items[0]?.seq ?? 1) - 1
      ? known.items
      : [
          ...known.items.filter(({ seq }) => seq < first),
          ...page.items.map((message) => newerOf(bySeq(known.items, message.seq), message)),
          ...known.items.filter(({ seq }) => seq > last),
        ];
  return {
    ...page,
    items,
    read: Math.max(known.read, page.read),
    readByOther: Math.max(known.readByOther, page.readByOther),
  };
}

const bySeq = (items: readonly ChatMessage[], seq: number) => items[seq - (items[0]?.seq ?? 0)];

/** Returns the newer of two versions of a message: an answer that was late must not undo a change. */
function newerOf(known: ChatMessage | undefined, read: ChatMessage): ChatMessage {
  if (!known) return read;
  if (known.withdrawnAt) return read.withdrawnAt ? read : known;
  return changedAt(read) >= changedAt(known) || read.withdrawnAt ? read : known;
}

const changedAt = ({ correctedAt }: ChatMessage) => (correctedAt ? Date.parse(correctedAt) : 0);

/** How long a message can be corrected, with a minute for transactions that end late. */
const changeable = 16 * 60_000;

/**
 * Returns the number after which a thread has to be read again so that no change is missed: messages
 * that could still be corrected when the newest one was sent. Only the server's clock is compared.
 */
export function resumeAfter({ items }: Thread): number {
  const newest = Date.parse(items.at(-1)?.sentAt ?? '');
  const first = items.find(({ sentAt }) => newest - Date.parse(sentAt) <= changeable);
  return first ? first.seq - 1 : 0;
}

/** A line of the shown thread. */
export type Row =
  | { kind: 'day'; key: string; day: string }
  | { kind: 'unread'; key: string }
  | { kind: 'notice'; key: string; message: ChatMessage }
  | { kind: 'group'; key: string; messages: ChatMessage[] };

/**
 * Groups the messages by day and by author. unreadAfter is the number of the last message that had
 * been read; a line separates the others' messages after it.
 */
export function rowsOf(items: readonly ChatMessage[], unreadAfter: number | undefined): Row[] {
  const rows: Row[] = [];
  let separated = unreadAfter === undefined;
  let day = '';
  for (const message of items) {
    const its = formatDate(message.sentAt);
    if (its !== day) rows.push({ kind: 'day', key: `day.${message.seq}`, day: its });
    day = its;
    if (!separated && message.seq > (unreadAfter ?? 0) && !message.author.mine && message.side !== 'platform') {
      rows.push({ kind: 'unread', key: 'unread' });
      separated = true;
    }
    const group = rows.at(-1);
    if (message.side === 'platform') rows.push({ kind: 'notice', key: message.id, message });
    else if (group?.kind === 'group' && isSameAuthor(group.messages[0], message)) group.messages.push(message);
    else rows.push({ kind: 'group', key: message.id, messages: [message] });
  }
  return rows;
}

function isSameAuthor(one: ChatMessage | undefined, other: ChatMessage): boolean {
  return one?.side === other.side && one.author.name === other.author.name && one.author.mine === other.author.mine;
}

/** Names a day as people do: «Сегодня», «Вчера», «24 ноября 2026 г.». */
export function dayName(day: string, now: Date = new Date()): string {
  if (day === formatDate(now.toISOString())) return 'Сегодня';
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1, 12);
  return day === formatDate(yesterday.toISOString()) ? 'Вчера' : day;
}
