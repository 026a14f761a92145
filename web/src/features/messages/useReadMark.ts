import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { queryKeys } from '@/shared/queryKeys';
import { markRead, type ThreadId } from './chatApi';
import { threadQuery } from './queries';
import { lastSeq, type Thread } from './thread';

/**
 * Marks a thread as read while its end is in sight. It returns the number of the message after which
 * the line «Новые сообщения» stands: the last one that was read when the person came to the thread,
 * or when he looked away.
 */
export function useReadMark(id: ThreadId, thread: Thread, inSight: boolean): number {
  const reading = useIsVisible() && inSight;
  const last = lastSeq(thread);
  const [unreadAfter, setUnreadAfter] = useState(thread.read);
  const [wasReading, setWasReading] = useState(reading);
  if (wasReading !== reading) {
    setWasReading(reading);
    if (!reading) setUnreadAfter(last);
  }

  const queries = useQueryClient();
  const { mutate, isPending, isError, variables } = useMutation({
    mutationFn: (seq: number) => markRead(id, seq),
    onSuccess: (_, seq) => {
      queries.setQueryData<Thread>(threadQuery(queries, id).queryKey, (known) =>
        known ? { ...known, items: [], read: seq } : known,
      );
      for (const queryKey of [queryKeys.chats.unread, queryKeys.chats.list, queryKeys.chats.ofOrder(id.order)])
        void queries.invalidateQueries({ queryKey });
    },
  });
  const unread = reading && last > thread.read;
  // A mark that failed is sent again with the next message or visit, not in a circle.
  const failed = isError && variables === last;
  useEffect(() => {
    if (unread && !isPending && !failed) mutate(last);
  }, [unread, last, isPending, failed, mutate]);
  return unreadAfter;
}

/** Returns whether the tab is in sight. */
function useIsVisible(): boolean {
  return useSyncExternalStore(
    (changed) => {
      document.addEventListener('visibilitychange', changed);
      return () => document.removeEventListener('visibilitychange', changed);
    },
    () => document.visibilityState === 'visible',
  );
}
