import { Space } from 'antd';
import { ActionButton } from '@/features/order/actions/ActionButton';
import type { Action } from '@/features/order/actions/actionForm';
import { answersProposal } from '@/features/order/actions/nextAction';
import type { OrderCard } from '@/shared/api/order';
import { proposalName, roleName } from '@/features/order/labels';

interface Props {
  card: OrderCard;
  onOpen: (action: Action) => void;
}

/**
 * Shows a proposal of one party with its text. A user who may answer gets both answers with the
 * same emphasis.
 */
export function Proposal({ card, onOpen }: Props) {
  const { proposal } = card;
  if (!proposal) return null;
  const answers = card.actions.filter((action) => action.open && answersProposal(action));
  return (
    <section className="order-proposal" aria-label="Предложение">
      <h2>
        {proposal.own
          ? `Вы предложили ${proposalName(proposal.kind)}`
          : `${roleName(proposal.by)} предлагает ${proposalName(proposal.kind)}`}
      </h2>
      {proposal.note && <blockquote className="user-text">«{proposal.note}»</blockquote>}
      <p className="note">{explanation(proposal.own, answers.length > 0)}</p>
      {answers.length > 0 && (
        <Space wrap>
          {answers.map((action) => (
            <ActionButton key={action.kind} card={card} action={action} emphasis="equal" onOpen={onOpen} />
          ))}
        </Space>
      )}
    </section>
  );
}

function explanation(own: boolean, answerable: boolean): string {
  const who = answerable && !own ? 'Вы можете' : 'Другая сторона может';
  return `${who} согласиться или не согласиться. До ответа заказ идёт дальше; с переходом к следующему шагу предложение снимается.`;
}
