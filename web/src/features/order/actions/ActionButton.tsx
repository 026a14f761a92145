import { Button } from 'antd';
import { useNavigate } from 'react-router';
import type { OrderCard } from '@/shared/api/order';
import type { Action } from './actionForm';
import { entryOf } from './entryOf';

interface Props {
  card: OrderCard;
  action: Action;
  onOpen: (action: Action) => void;
  /** The primary one of the card, or one of two that weigh the same; else red where it ends something. */
  look?: 'primary' | 'equal';
}

/** Opens the form of an action, or its page. */
export function ActionButton({ card, action, onOpen, look }: Props) {
  const navigate = useNavigate();
  const entry = entryOf(action);
  if (!entry) return null;
  const title = entry.button ?? action.title;
  const type = look === 'primary' ? 'primary' : 'default';
  if ('page' in entry) {
    return (
      <Button type={type} onClick={() => void navigate(entry.page(card.id))}>
        {title}
      </Button>
    );
  }
  return (
    <Button type={type} danger={(entry.danger ?? false) && !look} onClick={() => onOpen(action)}>
      {title}
    </Button>
  );
}
