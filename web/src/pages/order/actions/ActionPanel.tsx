import { Button, Collapse, Space } from 'antd';
import { useNavigate } from 'react-router';
import type { OrderCard } from '../queries';
import type { Action } from './actionForm';
import { entryOf } from './entryOf';
import { closedWithReason, nextAction } from './nextAction';

interface Props {
  card: OrderCard;
  onOpen: (action: Action) => void;
}

/** What the person may do: the step that the order waits for as the one primary button, the rest beside it, and what is closed with why. */
export function ActionPanel({ card, onOpen }: Props) {
  // The response stands at the bottom of the card, the first mark in a form of its own.
  const here = card.actions.filter(({ kind }) => kind !== 'respond' && (kind !== 'rate' || card.rating));
  const next = nextAction({ ...card, actions: here });
  const open = here.filter((action) => action.open && entryOf(action));
  const closed = closedWithReason(here);
  if (open.length === 0 && closed.length === 0) return null;
  const others = open.filter((action) => action !== next);
  return (
    <section className="order-actions" aria-label="Действия">
      <Space wrap>
        {next && <ActionButton card={card} action={next} primary onOpen={onOpen} />}
        {others.map((action) => (
          <ActionButton key={action.kind} card={card} action={action} onOpen={onOpen} />
        ))}
      </Space>
      {closed.length > 0 && <ClosedActions actions={closed} alone={open.length === 0} />}
    </section>
  );
}

function ActionButton({ card, action, primary = false, onOpen }: Props & { action: Action; primary?: boolean }) {
  const navigate = useNavigate();
  const entry = entryOf(action);
  if (!entry) return null;
  const title = entry.button ?? action.title;
  const type = primary ? 'primary' : 'default';
  if ('page' in entry) {
    return (
      <Button type={type} onClick={() => void navigate(entry.page(card.id))}>
        {title}
      </Button>
    );
  }
  return (
    <Button type={type} danger={(entry.danger ?? false) && !primary} onClick={() => onOpen(action)}>
      {title}
    </Button>
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
  return <Collapse ghost size="small" defaultActiveKey={alone ? ['closed'] : []} items={[{ key: 'closed', label: 'Почему недоступно', children: list }]} />;
}
