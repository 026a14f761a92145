import { Collapse, Space } from 'antd';
import type { OrderCard } from '@/shared/api/order';
import { ActionButton } from './ActionButton';
import type { Action } from './actionForm';
import { entryOf } from './entryOf';
import { answersProposal, closedWithReason, nextAction } from './nextAction';

interface Props {
  card: OrderCard;
  onOpen: (action: Action) => void;
}

/** What the person may do: the step that the order waits for as the one primary button, the rest beside it, and what is closed with why. */
export function ActionPanel({ card, onOpen }: Props) {
  // The response stands at the bottom of the card, the first mark in a form of its own, answers beside the proposal.
  const here = card.actions.filter(
    (action) =>
      action.kind !== 'respond' && (action.kind !== 'rate' || card.rating) && !(action.open && answersProposal(action)),
  );
  const next = nextAction({ ...card, actions: here });
  const open = here.filter((action) => action.open && entryOf(action));
  const closed = closedWithReason(here);
  if (open.length === 0 && closed.length === 0) return null;
  const others = open.filter((action) => action !== next);
  return (
    <section className="order-actions" aria-label="Действия">
      <Space wrap>
        {next && <ActionButton card={card} action={next} look="primary" onOpen={onOpen} />}
        {others.map((action) => (
          <ActionButton key={action.kind} card={card} action={action} onOpen={onOpen} />
        ))}
      </Space>
      {closed.length > 0 && <ClosedActions actions={closed} alone={open.length === 0} />}
    </section>
  );
}

/** Open at once where nothing else can be done. */
function ClosedActions({ actions, alone }: { actions: Action[]; alone: boolean }) {
  const list = (
    <ul className="plain">
      {actions.map(({ kind, title, reason }) => (
        <li key={kind}>
          <strong>{title}.</strong> {reason}
        </li>
      ))}
    </ul>
  );
  return (
    <Collapse
      ghost
      size="small"
      defaultActiveKey={alone ? ['closed'] : []}
      items={[{ key: 'closed', label: 'Почему недоступно', children: list }]}
    />
  );
}
