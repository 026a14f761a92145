import { useQuery } from '@tanstack/react-query';
import { Result } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { ProblemError } from '@/shared/api/problem';
import { NotFound } from '@/shared/ui/NotFound';
import { PageHeading } from '@/shared/ui/PageHeading';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { orderQuery, type OrderCard } from '@/shared/api/order';
import { formQuery, type SavedForm } from '@/features/orders/queries';
import { OrderEditor } from './OrderEditor';
import './form.css';

/** Shows the form of a new order, or of an order whose conditions are changed. */
export default function OrderFormPage() {
  const { order = '' } = useParams();
  return <OrderForm key={order} order={order} />;
}

function OrderForm({ order }: { order: string }) {
  const card = useQuery(orderQuery(order));
  const saved = useQuery(formQuery(order));
  if (card.data && saved.data) return <Opened card={card.data} saved={saved.data} />;
  const closed = card.data && unavailableReason(card.data);
  if (closed) return <Closed card={card.data} reason={closed} />;
  const { error } = card.error ? card : saved;
  if (isNotFound(error)) return <OrderNotFound />;
  if (error) return <ProblemAlert error={error} onRetry={() => void Promise.all([card.refetch(), saved.refetch()])} />;
  return <PageLoading />;
}

/** Keeps the form as it was opened, also while its own publication changes the order. */
function Opened({ card, saved }: { card: OrderCard; saved: SavedForm }) {
  const [start] = useState({ card, saved });
  const closed = unavailableReason(start.card);
  if (closed) return <Closed card={start.card} reason={closed} />;
  const isNew = start.card.stage.code === 'draft';
  return (
    <>
      <PageHeading>{isNew ? `Новый заказ ${card.number}` : `Изменить заказ ${card.number}`}</PageHeading>
      <OrderEditor card={start.card} saved={start.saved} action={isNew ? 'publish' : 'amend'} />
    </>
  );
}

/**
 * Returns why the conditions of an order cannot be published now, with the order's own reason;
 * undefined if they can.
 */
function unavailableReason({ stage, actions }: OrderCard): string | undefined {
  const kind = stage.code === 'draft' ? 'publish' : 'amend';
  const action = actions.find((one) => one.kind === kind);
  if (action?.open) return undefined;
  return action?.reason ?? `Условия заказа на этапе «${stage.label}» не изменяются.`;
}

function Closed({ card, reason }: { card: OrderCard; reason: string }) {
  return (
    <Result
      status="info"
      title={`Заказ ${card.number} сейчас нельзя изменить`}
      subTitle={reason}
      extra={<Link to={`/orders/${card.id}`}>Открыть заказ</Link>}
    />
  );
}

const isNotFound = (error: unknown) => error instanceof ProblemError && (error.status === 404 || error.status === 422);

function OrderNotFound() {
  return (
    <NotFound
      title="Такого заказа у вас нет"
      subTitle="Возможно, проект удалён или заказ создан в другой роли."
      extra={<Link to="/orders">Мои заказы</Link>}
    />
  );
}
