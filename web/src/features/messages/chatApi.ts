import { api, type Schema, unwrap } from '@/shared/api/client';

export type Chat = Schema<'Chat'>;
export type ChatMessage = Schema<'ChatMessage'>;
export type ChatFile = Schema<'ChatFile'>;
export type ThreadPage = Schema<'ChatMessagesOutputBody'>;

/** What identifies a thread: its order and its engineer. */
export type ThreadId = Pick<Chat, 'order' | 'engineer'>;

/** The largest page of messages. */
const pageSize = 100;

const at = ({ order, engineer }: ThreadId) => ({ order, engineer });

/** Reads messages: the newest, those that end before a number, or a page of those after one. */
export function readMessages(
  thread: ThreadId,
  { before, after }: { before?: number; after?: number },
  signal?: AbortSignal,
): Promise<ThreadPage> {
  const query =
    after === undefined
      ? { limit: pageSize, ...(before !== undefined && { before }) }
      : { limit: pageSize, after, before: after + pageSize + 1 };
  return unwrap(
    api.GET('/api/orders/{order}/chats/{engineer}/messages', {
      params: { path: at(thread), query },
      ...(signal && { signal }),
    }),
  );
}

export function sendMessage(
  thread: ThreadId,
  key: string,
  body: { text: string; files: string[] },
): Promise<ChatMessage> {
  return unwrap(
    api.POST('/api/orders/{order}/chats/{engineer}/messages', {
      params: { path: at(thread), header: { 'Idempotency-Key': key } },
      body,
    }),
  );
}

const ofMessage = (thread: ThreadId, seq: number) => ({ params: { path: { ...at(thread), seq } } });

export function correctMessage(thread: ThreadId, seq: number, text: string): Promise<ChatMessage> {
  return unwrap(
    api.PUT('/api/orders/{order}/chats/{engineer}/messages/{seq}', { ...ofMessage(thread, seq), body: { text } }),
  );
}

export function withdrawMessage(thread: ThreadId, seq: number): Promise<unknown> {
  return unwrap(api.DELETE('/api/orders/{order}/chats/{engineer}/messages/{seq}', ofMessage(thread, seq)));
}

export function readEarlierTexts(thread: ThreadId, seq: number, signal: AbortSignal) {
  return unwrap(
    api.GET('/api/orders/{order}/chats/{engineer}/messages/{seq}/texts', { ...ofMessage(thread, seq), signal }),
  );
}

export function markRead(thread: ThreadId, seq: number): Promise<unknown> {
  return unwrap(api.PUT('/api/orders/{order}/chats/{engineer}/read', { params: { path: at(thread) }, body: { seq } }));
}

/** The address of the content of a message's file. */
export const fileAddress = ({ order, engineer }: ThreadId, file: string): string =>
  `/api/orders/${order}/chats/${engineer}/files/${file}/content`;
