import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { queryKeys } from '@/shared/queryKeys';
import { api, unwrap } from '@/shared/api/client';
import { type ChatMessage, readMessages, type ThreadId } from './chatApi';
import { lastSeq, mergeThread, resumeAfter, type Thread } from './thread';

/** All chats of the person, the one with the newest message first. */
export const chatsQuery = infiniteQueryOptions({
  queryKey: queryKeys.chats.list,
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/chats', { params: { query: { limit: 30, ...(pageParam && { cursor: pageParam }) } }, signal }),
    ),
  initialPageParam: '',
  getNextPageParam: ({ next }) => next,
});

/** The number of unread messages, for the header. */
export const unreadMessagesQuery = queryOptions({
  queryKey: queryKeys.chats.unread,
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/chats/unread', { signal }))).messages,
});

/** The chats of one order that the person may read. */
export const orderChatsQuery = (order: string) =>
  queryOptions({
    queryKey: queryKeys.chats.ofOrder(order),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/orders/{order}/chats', { params: { path: { order } }, signal }))).items,
  });

/**
 * The messages of a thread. The first read returns the newest page; each later one only what is new
 * or may have changed, which is merged with what is known.
 */
export const threadQuery = (queries: QueryClient, thread: ThreadId) =>
  queryOptions<Thread>({
    queryKey: queryKeys.chats.thread(thread.order, thread.engineer),
    queryFn: async ({ queryKey, signal }) => {
      const known = queries.getQueryData<Thread>(queryKey);
      return known ? readOn(thread, known, signal) : readMessages(thread, {}, signal);
    },
    structuralSharing: (known, page) => mergeThread(known as Thread | undefined, page as Thread),
  });

/** Reads what came after the known messages, page by page. */
async function readOn(thread: ThreadId, known: Thread, signal: AbortSignal): Promise<Thread> {
  let after = resumeAfter(known);
  let read = known;
  for (;;) {
    const page = await readMessages(thread, { after }, signal);
    read = mergeThread(read, page);
    const reached = page.items.at(-1)?.seq ?? after;
    if (!page.later || reached <= after) return read;
    after = reached;
  }
}

/** Reads the page before the known messages. */
export async function readEarlier(queries: QueryClient, thread: ThreadId): Promise<void> {
  const { queryKey } = threadQuery(queries, thread);
  const before = queries.getQueryData<Thread>(queryKey)?.items[0]?.seq;
  if (before === undefined || before <= 1) return;
  const page = await readMessages(thread, { before });
  queries.setQueryData<Thread>(queryKey, page);
}

/** Shows a sent or changed message without a read, if it continues the known ones. */
export function showMessage(queries: QueryClient, thread: ThreadId, message: ChatMessage): void {
  queries.setQueryData<Thread>(threadQuery(queries, thread).queryKey, (known) =>
    known && message.seq <= lastSeq(known) + 1 ? { ...known, items: [message] } : known,
  );
  void queries.invalidateQueries({ queryKey: queryKeys.chats.all });
}
