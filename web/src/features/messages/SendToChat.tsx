import { MessageOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import type { Chat, ChatFile } from './chatApi';
import { chatDock } from './chatDock';
import { useSendTo } from './outboxes';
import { orderChatsQuery } from './queries';

/** Sends a document of the order into its chat; with several chats the person chooses one. */
export function SendToChat({ order, file }: { order: string; file: ChatFile }) {
  const { data } = useQuery(orderChatsQuery(order));
  const sendTo = useSendTo();
  const writable = (data ?? []).filter((chat) => chat.writable);
  const [first] = writable;
  if (!first) return null;
  const send = (chat: Chat) => {
    sendTo(chat, { text: '', files: [file] });
    chatDock.show(chat.engineer);
  };
  const button = (onClick?: () => void) => (
    <Button size="small" icon={<MessageOutlined />} aria-label={`Отправить в чат: ${file.name}`} onClick={onClick}>
      Отправить в чат
    </Button>
  );
  if (writable.length === 1) return button(() => send(first));
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: writable.map((chat) => ({ key: chat.engineer, label: chat.engineerName, onClick: () => send(chat) })),
      }}
    >
      {button()}
    </Dropdown>
  );
}
