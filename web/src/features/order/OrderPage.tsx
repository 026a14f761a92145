import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams } from 'react-router';
import { ProblemError } from '@/shared/api/problem';
import { rolePath } from '@/shared/auth/entrySteps';
import { NotFound } from '@/shared/ui/NotFound';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { useClosingReason } from '@/shared/lib/openOrders';
import { ActionModal } from './actions/ActionModal';
import { ActionPanel } from './actions/ActionPanel';
import { formFor } from './actions/formFor';
import { RespondBar } from './actions/RespondBar';
import { useOpenedAction } from './actions/useOpenedAction';
import { WithChat } from './parts/Chat';
import { Closed, isClosed } from './parts/Closed';
import { Conditions } from './parts/Conditions';
import { GoskeyNotice } from './parts/GoskeyNotice';
import { Documents } from './parts/Documents';
import { GeneratedContract } from './contract/GeneratedContract';
import { PaymentDue } from './generated/PaymentDetails';
import { Execution } from './parts/Execution';
import { History } from './parts/History';
import { LandRegistry } from './parts/LandRegistry';
import { UnattachedFiles } from './parts/UnattachedFiles';
import { OrderHead } from './parts/OrderHead';
import { Proposal } from './parts/Proposal';
import { RatingPanel } from './parts/RatingPanel';
import { Replacement } from './parts/Replacement';
import { ReviewNote } from './parts/ReviewNote';
import { Responses } from './parts/Responses';
import { StageBar } from './parts/StageBar';
import { OrderAlerts } from './parts/OrderAlerts';
import { NextStep } from './parts/NextStep';
import { orderQuery, type OrderCard } from '@/shared/api/order';
import { useRemoteChangeToasts } from './useRemoteChangeToasts';
import './order.css';

/** Shows the card of an order. */
export default function OrderPage() {
  const { order = '' } = useParams();
  const { data: card, error, refetch } = useQuery(orderQuery(order));
  const closing = useClosingReason(order);
  const unavailable = error instanceof ProblemError && [404, 422].includes(error.status);
  const closed = card !== undefined && isClosed(card, unavailable || closing !== undefined);
  if (unavailable && !closed) return <NoSuchOrder />;
  if (!card) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <PageLoading />;
  return (
    <>
      {!closed && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {/* The same elements when the order closes, so that an open form is kept. */}
      <WithChat order={card.id}>
        <Card key={card.id} card={closed ? { ...card, actions: [] } : card} closed={closed} />
      </WithChat>
    </>
  );
}

/** Shown for an address without an order, or of an order that the user may not see. */
function NoSuchOrder() {
  return (
    <NotFound
      title="Такого заказа для вас нет"
      subTitle="Проверьте адрес. Если это ваш заказ в другой роли, смените роль."
      extra={<Link to={rolePath}>Сменить роль</Link>}
    />
  );
}

/**
 * closed means that the order is no longer open to engineers; card is then the version that was
 * read before.
 */
function Card({ card, closed = false }: { card: OrderCard; closed?: boolean }) {
  const { opened, open, close } = useOpenedAction(card);
  useRemoteChangeToasts(card.id);
  const choose = (engineer: string) => {
    const action = card.actions.find(({ kind }) => kind === 'choose');
    if (action) open({ action, preset: { details: { engineer } } });
  };
  const actionForm = opened && formFor(opened.action);
  if (actionForm && 'page' in actionForm) return <Navigate to={actionForm.page(card.id)} replace />;
  return (
    <article className="order stack" aria-label={`Заказ ${card.number}`}>
      <OrderHead card={card} />
      {closed && <Closed card={card} />}
      <OrderAlerts card={card} />
      <StageBar card={card} />
      <NextStep card={card} />
      <Replacement card={card} onOpen={(action) => open({ action })} />
      <Proposal card={card} onOpen={(action) => open({ action })} />
      <GoskeyNotice card={card} />
      <ActionPanel card={card} onOpen={(action) => open({ action })} />
      <RatingPanel card={card} />
      <ReviewNote card={card} />
      <LandRegistry card={card} />
      <Responses card={card} onChoose={choose} />
      <div className="order-columns">
        <div className="stack">
          <PaymentDue card={card} />
          <Execution card={card} />
          <Conditions card={card} />
          <History card={card} />
        </div>
        <div className="stack">
          <aside aria-label="Документы заказа" className="stack">
            <GeneratedContract card={card} />
            <Documents card={card} />
          </aside>
          <UnattachedFiles card={card} />
        </div>
      </div>
      <RespondBar card={card} onOpen={(action) => open({ action })} />
      {opened && actionForm && (
        <ActionModal
          key={opened.action.kind}
          card={card}
          action={opened.action}
          actionForm={actionForm}
          {...(opened.preset && { preset: opened.preset })}
          closed={closed}
          onClose={close}
        />
      )}
    </article>
  );
}
