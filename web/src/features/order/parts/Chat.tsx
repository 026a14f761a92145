import { DownOutlined, MessageOutlined, UpOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useMediaQuery } from '@/shared/ui/useMediaQuery';
import type { Chat } from '@/features/messages/chatApi';
import { besideCard, chatDock, useChatDock } from '@/features/messages/chatDock';
import { ChatList, UnreadCount } from '@/features/messages/ChatList';
import { ChatThread } from '@/features/messages/ChatThread';
import { orderChatsQuery } from '@/features/messages/queries';
import './chatDock.css';

/**
 * Shows the chat of an order beside its card: at the bottom right, where it covers nothing of the
 * card, and on a narrow window a button at the bottom that opens it.
 */
export function WithChat({ order, children }: { order: string; children: ReactNode }) {
  const chats = useQuery(orderChatsQuery(order)).data ?? [];
  const wide = useMediaQuery(besideCard);
  const { open } = useChatDock();
  const some = chats.length > 0;
  const room = some ? (wide && open ? 'with-chat open' : 'with-chat') : undefined;
  return (
    <>
      {/* The same element without a chat, so that the card is kept when one opens. */}
      <div className={room}>{children}</div>
      {some && (wide ? <Dock chats={chats} /> : <Sheet chats={chats} />)}
    </>
  );
}

const unreadOf = (chats: readonly Chat[]) => chats.reduce((sum, { unread }) => sum + unread, 0);

function Dock({ chats }: { chats: readonly Chat[] }) {
  const { open } = useChatDock();
  return (
    <aside className={open ? 'chat-dock open' : 'chat-dock'} aria-label="Чат">
      <Button
        type="text"
        block
        className="chat-dock-bar"
        aria-expanded={open}
        icon={<MessageOutlined />}
        onClick={() => chatDock.setOpen(!open)}
      >
        <h2>Чат</h2>
        <UnreadCount count={unreadOf(chats)} />
        {open ? <DownOutlined aria-label="Свернуть" /> : <UpOutlined aria-label="Развернуть" />}
      </Button>
      {/* A collapsed chat stays, so that uploads go on. */}
      <div className="chat-dock-body" hidden={!open}>
        <Chats chats={chats} shown={open} />
      </div>
    </aside>
  );
}

/** Above the toasts, which would cover what the person reads. */
const aboveToasts = 2100;

function Sheet({ chats }: { chats: readonly Chat[] }) {
  const { sheet } = useChatDock();
  return (
    <>
      <div className="chat-bar">
        <Button block icon={<MessageOutlined />} onClick={() => chatDock.setSheet(true)}>
          Чат
          <UnreadCount count={unreadOf(chats)} />
        </Button>
      </div>
      <Drawer
        open={sheet}
        placement="bottom"
        size="100%"
        zIndex={aboveToasts}
        title="Чат"
        closable={{ 'aria-label': 'Закрыть чат' }}
        className="chat-sheet"
        onClose={() => chatDock.setSheet(false)}
      >
        <Chats chats={chats} shown={sheet} />
      </Drawer>
    </>
  );
}

/** The thread; the customer chooses among several, before he has chosen the performer. */
function Chats({ chats, shown }: { chats: readonly Chat[]; shown: boolean }) {
  const { engineer } = useChatDock();
  const [only] = chats;
  const chosen = chats.length === 1 ? only : chats.find((chat) => chat.engineer === engineer);
  if (!chosen) {
    return (
      <nav aria-label="Чаты заказа" className="chat-dock-list">
        <ChatList
          chats={chats}
          open={(chat, line) => (
            <button type="button" className="chat-line" onClick={() => chatDock.choose(chat.engineer)}>
              {line}
            </button>
          )}
        />
      </nav>
    );
  }
  return (
    <>
      <div className="chat-dock-who">
        {chats.length > 1 && (
          <Button size="small" onClick={() => chatDock.choose(undefined)}>
            ← Все чаты
          </Button>
        )}
        <bdi>{chosen.counterpart}</bdi>
      </div>
      <ChatThread key={chosen.engineer} id={{ order: chosen.order, engineer: chosen.engineer }} shown={shown} />
    </>
  );
}
