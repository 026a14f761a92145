import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { ProblemError } from '@/shared/api/problem';
import { rolePath } from '@/shared/auth/entrySteps';
import { NotThere } from '@/shared/ui/NotThere';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { useClosing } from '@/shared/lib/openOrders';
import { ActionModal } from './actions/ActionModal';
import { ActionPanel } from './actions/ActionPanel';
import { entryOf } from './actions/entryOf';
import { RespondBar } from './actions/RespondBar';
import { useOpenedAction } from './actions/useOpenedAction';
import { Chat } from './parts/Chat';
import { Closed, isClosed } from './parts/Closed';
import { Conditions } from './parts/Conditions';
import { Documents } from './parts/Documents';
import { Execution } from './parts/Execution';
import { History } from './parts/History';
import { LandRegistry } from './parts/LandRegistry';
import { LooseFiles } from './parts/LooseFiles';
import { OrderHead } from './parts/OrderHead';
import { Proposal } from './parts/Proposal';
import { RatingPanel } from './parts/RatingPanel';
import { Responses } from './parts/Responses';
import { StageBar } from './parts/StageBar';
import { Standing } from './parts/Standing';
import { Turn } from './parts/Turn';
import { orderQuery, type OrderCard } from '@/shared/api/order';
import { useOthersSteps } from './useOthersSteps';
import './order.css';

/** The card of an order. */
export default function OrderPage() {
  const { order = '' } = useParams();
  const { data: card, error, refetch } = useQuery(orderQuery(order));
  const closing = useClosing(order);
  const gone = error instanceof ProblemError && [404, 422].includes(error.status);
  if (card && isClosed(card, gone || closing !== undefined))
    return <Card key={card.id} card={{ ...card, actions: [] }} closed />;
  if (gone) return <NoSuchOrder />;
  if (!card) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <PageLoading />;
  return (
    <>
      <ProblemAlert error={error} onRetry={() => void refetch()} />
      <Card key={card.id} card={card} />
    </>
  );
}

/** An address that is no order's, or an order of other people. */
function NoSuchOrder() {
  return (
    <NotThere
      title="Такого заказа для вас нет"
      subTitle="Проверьте адрес. Если это ваш заказ в другой роли, смените роль."
      extra={<Link to={rolePath}>Сменить роль</Link>}
    />
  );
}

/** closed says that the order is not open to engineers any more, and the card is what was read of it before. */
function Card({ card, closed = false }: { card: OrderCard; closed?: boolean }) {
  const { opened, open, close } = useOpenedAction(card);
  useOthersSteps(card.id);
  const choose = (engineer: string) => {
    const action = card.actions.find(({ kind }) => kind === 'choose');
    if (action) open({ action, preset: { details: { engineer } } });
  };
  const entry = opened && entryOf(opened.action);
  return (
    <article className="order stack" aria-label={`Заказ ${card.number}`}>
      <OrderHead card={card} />
      {closed && <Closed card={card} />}
      <Standing card={card} />
      <StageBar card={card} />
      <Turn card={card} />
      <Proposal card={card} onOpen={(action) => open({ action })} />
      <ActionPanel card={card} onOpen={(action) => open({ action })} />
      <RatingPanel card={card} />
      <LandRegistry card={card} />
      <div className="order-columns">
        <div className="stack">
          <Responses card={card} onChoose={choose} />
          <Execution card={card} />
          <Conditions card={card} />
          <History card={card} />
        </div>
        <div className="stack">
          <aside aria-label="Документы заказа">
            <Documents card={card} />
          </aside>
          <LooseFiles card={card} />
          <Chat />
        </div>
      </div>
      <RespondBar card={card} onOpen={(action) => open({ action })} />
      {opened && entry && 'Fields' in entry && (
        <ActionModal
          key={opened.action.kind}
          card={card}
          action={opened.action}
          entry={entry}
          {...(opened.preset && { preset: opened.preset })}
          closed={closed}
          onClose={close}
        />
      )}
    </article>
  );
}
