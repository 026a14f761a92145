import { Badge } from 'antd';
import type { ReactNode } from 'react';
import { formatDate, formatTime } from '@/shared/lib/dates';
import { counted } from '@/shared/lib/plural';
import type { Chat, ChatMessage } from './chatApi';
import { dayName } from './thread';

interface Props {
  chats: readonly Chat[];
  /** Wraps a line in what opens its thread. */
  open: (chat: Chat, line: ReactNode) => ReactNode;
  /** Whether the lines name the orders. */
  ofOrders?: boolean;
}

/** Lists threads: with whom, the last words, and how many are unread. */
export function ChatList({ chats, open, ofOrders = false }: Props) {
  return (
    <ul className="chat-threads">
      {chats.map((chat) => (
        <li key={`${chat.order}.${chat.engineer}`}>
          {open(
            chat,
            <>
              <span className="chat-line-head">
                <bdi className="chat-line-name">{ofOrders ? chat.orderName : chat.counterpart}</bdi>
                {chat.lastMessage && <Moment at={chat.lastMessage.sentAt} />}
              </span>
              {ofOrders && <bdi className="chat-line-who">{chat.counterpart}</bdi>}
              <span className="chat-line-head">
                <span className="chat-line-words note">{wordsOf(chat.lastMessage)}</span>
                <UnreadCount count={chat.unread} />
              </span>
            </>,
          )}
        </li>
      ))}
    </ul>
  );
}

/** The number of unread messages, said in words to those who do not see it. */
export function UnreadCount({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <>
      <Badge count={count} size="small" className="chat-count" aria-hidden />
      <span className="visually-hidden">
        {' '}
        {counted(count, 'новое сообщение', 'новых сообщения', 'новых сообщений')}
      </span>
    </>
  );
}

function Moment({ at }: { at: string }) {
  const day = dayName(formatDate(at));
  return (
    <time dateTime={at} className="note">
      {day === 'Сегодня' ? formatTime(at) : day}
    </time>
  );
}

function wordsOf(message: ChatMessage | null | undefined): string {
  if (!message) return 'Сообщений пока нет';
  if (message.withdrawnAt) return 'Сообщение отозвано';
  const words = message.text || counted(message.files.length, 'файл', 'файла', 'файлов');
  return message.author.mine ? `Вы: ${words}` : words;
}
