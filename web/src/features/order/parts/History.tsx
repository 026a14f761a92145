import { useQuery } from '@tanstack/react-query';
import { Card, Timeline } from 'antd';
import { ListState } from '@/shared/ui/list/ListState';
import { formatDateTime } from '@/shared/lib/dates';
import { type HistoryEvent, historyQuery } from '@/features/order/queries';
import type { OrderCard } from '@/shared/api/order';
import { roleName } from '@/features/order/labels';

/**
 * Shows the whole history, the newest event first: what happened, who did it, when, and with which
 * text.
 */
export function History({ card }: { card: OrderCard }) {
  const history = useQuery(historyQuery(card.id));
  const events = (history.data ?? []).toReversed();
  return (
    <Card title={<h2>История заказа</h2>}>
      <ListState query={history} isEmpty={events.length === 0} empty="Событий пока нет.">
        <Timeline
          items={events.map((event) => ({
            key: event.id,
            color: event.moved ? 'blue' : 'gray',
            content: <Event event={event} />,
          }))}
        />
      </ListState>
    </Card>
  );
}

function Event({ event }: { event: HistoryEvent }) {
  const { title, who, role, at, moved, to, documents } = event;
  const texts = textsOf(event);
  return (
    <>
      <div>
        <strong>{title}</strong>
        {moved && <span className="note"> → {to.heading}</span>}
      </div>
      <div className="note">
        {who ? `${who}, ${roleName(role).toLowerCase()}` : roleName(role)} ·{' '}
        <time dateTime={at}>{formatDateTime(at)}</time>
      </div>
      {texts.map(({ label, text }) => (
        <div key={label} className="user-text">
          {label && <span className="note">{label}: </span>}
          {text}
        </div>
      ))}
      {documents && documents.length > 0 && (
        <div className="note">Приложено: {documents.map(({ name }) => name).join(', ')}</div>
      )}
    </>
  );
}

/** The text fields that are shown. The form of the order is on the card itself. */
const labels: [field: string, label: string][] = [
  ['note', ''],
  ['review', 'Отзыв'],
  ['link', 'Ссылка'],
  ['invoiceLink', 'Ссылка на счет'],
  ['uin', 'Номер УИН'],
  ['kuvd', 'Номер КУВД'],
];

function textsOf({ text }: HistoryEvent): { label: string; text: string }[] {
  return labels.flatMap(([field, label]) => {
    const value = text?.[field];
    return typeof value === 'string' && value ? [{ label, text: value }] : [];
  });
}
