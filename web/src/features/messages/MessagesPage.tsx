import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link, useParams } from 'react-router';
import { useSession } from '@/shared/auth/session';
import { ListState } from '@/shared/ui/list/ListState';
import { PageHeading } from '@/shared/ui/PageHeading';
import { useMediaQuery } from '@/shared/ui/useMediaQuery';
import { ChatList } from './ChatList';
import { besideCard } from './chatDock';
import { ChatPane } from './ChatPane';
import { chatsQuery } from './queries';
import './chat.css';

/** «Сообщения»: all chats of the person, and the one that is open beside them. */
export default function MessagesPage() {
  const { order, engineer } = useParams();
  const wide = useMediaQuery(besideCard);
  const open = order && engineer ? { order, engineer } : undefined;
  return (
    <>
      <PageHeading>Сообщения</PageHeading>
      <div className={open ? 'messages-page opened' : 'messages-page'}>
        {(wide || !open) && <Chats open={open} />}
        {open ? (
          <ChatPane key={`${open.order}.${open.engineer}`} id={open} back={!wide} />
        ) : (
          wide && <p className="note chat-none">Выберите чат слева.</p>
        )}
      </div>
    </>
  );
}

function Chats({ open }: { open: { order: string; engineer: string } | undefined }) {
  const { role } = useSession();
  const list = useInfiniteQuery(chatsQuery);
  const chats = list.data?.pages.flatMap(({ items }) => items ?? []) ?? [];
  return (
    <nav aria-label="Чаты" className="messages-list">
      <ListState query={list} isEmpty={chats.length === 0} empty={emptyTexts[role] ?? emptyTexts.customer}>
        <ChatList
          chats={chats}
          ofOrders
          open={({ order, engineer }, line) => (
            <Link
              to={`/messages/${order}/${engineer}`}
              className="chat-line"
              aria-current={open?.order === order && open.engineer === engineer ? 'page' : undefined}
            >
              {line}
            </Link>
          )}
        />
        {list.hasNextPage && (
          <Button className="more" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Показать ещё
          </Button>
        )}
      </ListState>
    </nav>
  );
}

const emptyTexts: Record<string, string> = {
  customer: 'Чатов пока нет. Чат с кадастровым инженером откроется, когда он откликнется на ваш заказ.',
  engineer: 'Чатов пока нет. Чат с заказчиком откроется, когда вы откликнетесь на заказ или вам его предложат.',
  employer: 'Чатов пока нет. Здесь будет переписка ваших сотрудников с заказчиками.',
  moderator: 'Чатов нет. Здесь будет переписка по заказам, по которым открыт спор.',
};
