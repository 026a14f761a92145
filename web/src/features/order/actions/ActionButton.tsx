import { Button } from 'antd';
import { useNavigate } from 'react-router';
import type { OrderCard } from '@/shared/api/order';
import type { Action } from './actionForm';
import { formFor } from './formFor';

interface Props {
  card: OrderCard;
  action: Action;
  onOpen: (action: Action) => void;
  /**
   * Primary: the next action of the card. Equal: one of two actions of the same weight. Otherwise
   * the button is red if the action ends something.
   */
  emphasis?: 'primary' | 'equal';
}

/** Opens the form of an action, or the page of an action that has one. */
export function ActionButton({ card, action, onOpen, emphasis }: Props) {
  const navigate = useNavigate();
  const target = formFor(action);
  if (!target) return null;
  const title = target.button ?? action.title;
  const type = emphasis === 'primary' ? 'primary' : 'default';
  if ('page' in target) {
    return (
      <Button type={type} onClick={() => void navigate(target.page(card.id))}>
        {title}
      </Button>
    );
  }
  return (
    <Button type={type} danger={(target.danger ?? false) && !emphasis} onClick={() => onOpen(action)}>
      {title}
    </Button>
  );
}
