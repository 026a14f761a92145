import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { useSession } from '@/shared/auth/session';
import { drafts } from '@/shared/auth/useDraft';
import { randomId } from '@/shared/lib/randomId';
import { type Chat, sendMessage, type ThreadId } from './chatApi';
import { type Content, Outbox, type Outgoing } from './outbox';
import { showMessage } from './queries';

/** The outboxes of this tab. A message goes on being sent when its page is left. */
const outboxes = new Map<string, Outbox>();

/** Returns the outbox of a person's thread. What it could not send is kept on the device. */
function outboxOf(queries: QueryClient, person: string, thread: ThreadId): Outbox {
  const form = `chat.${thread.order}.${thread.engineer}.outbox`;
  const known = outboxes.get(`${person}.${form}`);
  if (known) return known;
  const outbox = new Outbox({
    send: (key, { text, files }) => sendMessage(thread, key, { text, files: files.map(({ id }) => id) }),
    load: () => drafts.load<readonly Outgoing[]>(person, form) ?? [],
    save: (entries) => (entries.length > 0 ? drafts.save(person, form, entries) : drafts.drop(person, form)),
    newKey: randomId,
    schedule: (milliseconds, then) => {
      const timer = setTimeout(then, milliseconds);
      return () => clearTimeout(timer);
    },
    onSent: (message) => showMessage(queries, thread, message),
  });
  outboxes.set(`${person}.${form}`, outbox);
  return outbox;
}

/** The outbox of the thread, and what is in it. It sends when the browser is online again. */
export function useOutbox(thread: ThreadId): { outbox: Outbox; entries: readonly Outgoing[] } {
  const outbox = outboxOf(useQueryClient(), useSession().person.id, thread);
  const entries = useSyncExternalStore(outbox.subscribe, outbox.snapshot);
  useEffect(() => {
    outbox.flush(); // what an earlier visit left
    window.addEventListener('online', outbox.flush);
    return () => window.removeEventListener('online', outbox.flush);
  }, [outbox]);
  return { outbox, entries };
}

/** Returns the function that sends a message into a chat that need not be open. */
export function useSendTo(): (chat: Chat, content: Content) => void {
  const queries = useQueryClient();
  const person = useSession().person.id;
  return (chat, content) => outboxOf(queries, person, chat).add(content, chat.lastMessage?.seq ?? 0);
}
