import { Collapse, Space } from 'antd';
import { GenerateContract, mayGenerateContract } from '@/features/order/contract/GenerateContract';
import type { OrderCard } from '@/shared/api/order';
import { ActionButton } from './ActionButton';
import type { Action } from './actionForm';
import { formFor } from './formFor';
import { answersProposal, answersReplacement, closedWithReason, mayBegin, nextAction } from './nextAction';

interface Props {
  card: OrderCard;
  onOpen: (action: Action) => void;
}

/**
 * Shows the actions of the user: the step that the order waits for as the primary button, the other
 * actions beside it, and the unavailable ones with their reasons.
 */
export function ActionPanel({ card, onOpen }: Props) {
  // Responding has a bar at the bottom of the card, the first rating a form of its own, and answers
  // are beside the proposal.
  const shown = card.actions.filter(
    (action) =>
      action.kind !== 'respond' &&
      (action.kind !== 'rate' || card.rating) &&
      !(action.open && (answersProposal(action) || answersReplacement(action))),
  );
  const next = nextAction({ ...card, actions: shown });
  const open = shown.filter((action) => mayBegin(action) && formFor(action));
  const closed = closedWithReason(shown);
  const generates = mayGenerateContract(card);
  if (open.length === 0 && closed.length === 0 && !generates) return null;
  const others = open.filter((action) => action !== next);
  return (
    <section className="order-actions" aria-label="Действия">
      <Space wrap>
        {next && <ActionButton card={card} action={next} emphasis="primary" onOpen={onOpen} />}
        {generates && <GenerateContract order={card.id} />}
        {others.map((action) => (
          <ActionButton key={action.kind} card={card} action={action} onOpen={onOpen} />
        ))}
      </Space>
      {closed.length > 0 && <ClosedActions actions={closed} alone={open.length === 0} />}
    </section>
  );
}

/** Lists the unavailable actions with their reasons; expanded if no action is available. */
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
