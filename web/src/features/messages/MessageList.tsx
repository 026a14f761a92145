import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useMemo, useRef } from 'react';
import type { Role } from '@/shared/auth/session';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import type { ChatMessage, ThreadId } from './chatApi';
import { Message } from './Message';
import { MessageText } from './MessageText';
import { notYetShown, type Outbox, type Outgoing } from './outbox';
import { Pending } from './Pending';
import { readEarlier } from './queries';
import { dayName, hasEarlier, lastSeq, type Row, rowsOf, type Thread } from './thread';
import { useReadMark } from './useReadMark';
import { useScrollPlace } from './useScrollPlace';

interface Props {
  id: ThreadId;
  thread: Thread;
  role: Role;
  /** Whether the person sees the list, so that what is in it gets read. */
  shown: boolean;
  /** What the person sends. Those who only read have none. */
  outbox?: Outbox;
  entries?: readonly Outgoing[];
  onTakeBack?: (key: string) => void;
}

const noEntries: readonly Outgoing[] = [];

/** Shows the messages of a thread, the newest at the end. */
export function MessageList({ id, thread, role, shown, outbox, entries = noEntries, onTakeBack }: Props) {
  const pending = notYetShown(entries, thread.items);
  const { list, atEnd, onScroll, scrollToEnd } = useScrollPlace(
    thread.items[0]?.seq ?? (pending.length > 0 ? 0 : undefined),
    `${lastSeq(thread)}.${pending.length}`,
  );
  const unreadAfter = useReadMark(id, thread, shown && atEnd && role !== 'moderator');
  const rows = useMemo(() => rowsOf(thread.items, unreadAfter), [thread.items, unreadAfter]);
  const lastRead = thread.items.findLast(({ seq, author }) => author.mine && seq <= thread.readByOther)?.seq;
  const isNew = role !== 'moderator' && lastSeq(thread) > thread.read;

  const added = useRef(pending.length);
  useEffect(() => {
    if (pending.length > added.current) scrollToEnd(); // the person has just written it
    added.current = pending.length;
  }, [pending.length, scrollToEnd]);

  return (
    <div className="chat-place">
      {/* A region that scrolls is reached by the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="chat-list" ref={list} onScroll={onScroll} tabIndex={0} role="group" aria-label="Переписка">
        <div className="chat-content">
          {hasEarlier(thread) && <Earlier id={id} list={list} />}
          <div role="log" aria-label="Сообщения чата" aria-live="polite">
            {thread.items.length === 0 && pending.length === 0 && <p className="note">Сообщений пока нет.</p>}
            {rows.map((row) => (
              <RowView key={row.key} row={row} id={id} role={role} lastRead={lastRead} />
            ))}
          </div>
          {pending.map((entry) => (
            <div className="chat-group own" key={entry.key}>
              <Pending entry={entry} onRetry={() => outbox?.flush()} onTakeBack={() => onTakeBack?.(entry.key)} />
            </div>
          ))}
        </div>
      </div>
      {!atEnd && thread.items.length > 0 && (
        <Button className="chat-to-end" size="small" onClick={scrollToEnd}>
          {isNew ? 'Новые сообщения ↓' : 'К последним ↓'}
        </Button>
      )}
    </div>
  );
}

interface RowProps {
  row: Row;
  id: ThreadId;
  role: Role;
  lastRead: number | undefined;
}

function RowView({ row, id, role, lastRead }: RowProps) {
  switch (row.kind) {
    case 'day':
      return <div className="chat-day note">{dayName(row.day)}</div>;
    case 'unread':
      return (
        <div className="chat-unread" data-unread>
          Новые сообщения
        </div>
      );
    case 'notice':
      return (
        <div className="chat-notice note">
          <MessageText text={row.message.text} />
        </div>
      );
    case 'group':
      return <Group messages={row.messages} id={id} role={role} lastRead={lastRead} />;
  }
}

const sides = { customer: 'Заказчик', engineer: 'Кадастровый инженер', platform: 'Платформа' };

function Group({ messages, id, role, lastRead }: Omit<RowProps, 'row'> & { messages: readonly ChatMessage[] }) {
  const [first] = messages;
  if (!first) return null;
  const { side, author } = first;
  return (
    <div className={side === role ? 'chat-group own' : 'chat-group'}>
      <div className="chat-author note">
        {author.mine ? (
          'Вы'
        ) : (
          <>
            <bdi>{author.name}</bdi>
            {author.name !== sides[side] && `, ${sides[side].toLowerCase()}`}
          </>
        )}
      </div>
      {messages.map((message) => (
        <Message key={message.seq} thread={id} message={message} lastRead={message.seq === lastRead} />
      ))}
    </div>
  );
}

/** Reads earlier messages when it comes into sight, or when it is pressed. */
function Earlier({ id, list }: { id: ThreadId; list: React.RefObject<HTMLDivElement | null> }) {
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({ mutationFn: () => readEarlier(queries, id) });
  const button = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting && !isPending && !error) mutate();
      },
      { root: list.current, rootMargin: '200px 0px 0px 0px' },
    );
    if (button.current) observer.observe(button.current);
    return () => observer.disconnect();
  }, [list, isPending, error, mutate]);
  return (
    <div className="chat-earlier" ref={button}>
      <ProblemAlert error={error} />
      <Button size="small" loading={isPending} onClick={() => mutate()}>
        Показать более ранние
      </Button>
    </div>
  );
}
