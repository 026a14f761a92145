import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import type { ThreadId } from './chatApi';
import { ChatThread } from './ChatThread';
import { orderChatsQuery } from './queries';

interface Props {
  id: ThreadId;
  /** Whether the list is not beside it, so that a link leads back to it. */
  back: boolean;
}

/** Shows the open thread of the page «Сообщения», with a link to its order. */
export function ChatPane({ id, back }: Props) {
  const { data, error, refetch } = useQuery(orderChatsQuery(id.order));
  const chat = data?.find(({ engineer }) => engineer === id.engineer);
  return (
    <section className="chat-pane" aria-label="Чат">
      {back && (
        <Link to="/messages" className="underlined">
          ← Все чаты
        </Link>
      )}
      {chat && (
        <header>
          <h2>
            <bdi>{chat.counterpart}</bdi>
          </h2>
          <Link to={`/orders/${id.order}`} className="underlined">
            {chat.orderName}
          </Link>
        </header>
      )}
      {data && !chat ? (
        <p className="note">Такого чата для вас нет. Проверьте адрес. Если это ваш чат в другой роли, смените роль.</p>
      ) : error && !data ? (
        <ProblemAlert error={error} onRetry={() => void refetch()} />
      ) : (
        chat && <ChatThread id={id} />
      )}
    </section>
  );
}
