import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { useSession } from '@/shared/auth/session';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import type { ThreadId } from './chatApi';
import { Composer } from './Composer';
import { MessageList } from './MessageList';
import { useOutbox } from './outboxes';
import { threadQuery } from './queries';
import { lastSeq, type Thread } from './thread';
import { useComposer } from './useComposer';
import './chat.css';

interface Props {
  id: ThreadId;
  /** Whether the person sees the thread, so that its messages get read. */
  shown?: boolean;
}

/** Shows a thread: its messages and, for its two sides, the field for a new one. */
export function ChatThread({ id, shown = true }: Props) {
  const { role } = useSession();
  const [agreed, setAgreed] = useState(role !== 'moderator');
  if (!agreed) return <ModeratorNotice onOpen={() => setAgreed(true)} />;
  return role === 'moderator' || role === 'employer' ? (
    <OthersThread id={id} shown={shown} />
  ) : (
    <OwnThread id={id} shown={shown} />
  );
}

/** A moderator decides whether to read what two people wrote to each other. */
function ModeratorNotice({ onOpen }: { onOpen: () => void }) {
  return (
    <div className="chat-thread chat-warning">
      <Alert
        type="info"
        showIcon
        title="Переписка сторон"
        description="Модератор читает её, пока по заказу открыт спор. Когда вы её откроете, стороны увидят в чате, что модератор прочитал переписку."
      />
      <Button type="primary" onClick={onOpen}>
        Открыть переписку
      </Button>
    </div>
  );
}

function useThread({ order, engineer }: ThreadId) {
  const queries = useQueryClient();
  const { data, error, refetch, dataUpdatedAt } = useQuery(threadQuery(queries, { order, engineer }));
  return { data, error, retry: () => void refetch(), dataUpdatedAt };
}

/** Returns why the person may not write, in the platform's words; undefined if he may. */
const closedReason = ({ writable, closedReason: reason }: Thread) =>
  writable ? undefined : (reason ?? 'Писать в этот чат нельзя.');

/** The thread of a person who writes in it. */
function OwnThread({ id, shown }: Required<Props>) {
  const { role } = useSession();
  const { data, error, retry, dataUpdatedAt } = useThread(id);
  const { outbox, entries } = useOutbox(id);
  const last = data ? lastSeq(data) : 0;
  const composer = useComposer(id, outbox, last);
  useEffect(() => outbox.forget(last), [outbox, last, entries]);
  useEffect(() => outbox.flush(), [outbox, dataUpdatedAt]); // a read that succeeded: there is a connection
  if (!data) return <Loading error={error} onRetry={retry} />;
  const closed = closedReason(data);
  const typed = composer.text !== '' || composer.files.length > 0;
  return (
    <div className="chat-thread">
      <ProblemAlert error={error} onRetry={retry} />
      <MessageList
        id={id}
        thread={data}
        role={role as 'customer' | 'engineer'}
        shown={shown}
        outbox={outbox}
        entries={entries}
        onTakeBack={composer.takeBack}
      />
      {closed !== undefined && !typed ? (
        <p className="note chat-closed">{closed}</p>
      ) : (
        <Composer state={composer} closed={closed} />
      )}
    </div>
  );
}

/** The thread of other people. */
function OthersThread({ id, shown }: Required<Props>) {
  const { role } = useSession();
  const { data, error, retry } = useThread(id);
  if (!data) return <Loading error={error} onRetry={retry} />;
  const reader = role === 'moderator' ? 'moderator' : 'employer';
  return (
    <div className="chat-thread">
      <ProblemAlert error={error} onRetry={retry} />
      <MessageList id={id} thread={data} role={reader} shown={shown} />
      <p className="note chat-closed">{closedReason(data)}</p>
    </div>
  );
}

function Loading({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (error) return <ProblemAlert error={error} onRetry={onRetry} />;
  return (
    <div className="chat-thread" role="status" aria-label="Загрузка чата">
      <Skeleton active paragraph={{ rows: 4 }} />
    </div>
  );
}
