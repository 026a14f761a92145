import { Button } from 'antd';
import { Link } from 'react-router';
import type { OrderCard } from '@/shared/api/order';
import { profilePath } from '@/shared/auth/entrySteps';
import type { Action } from './actionForm';
import { isReasonHidden } from './nextAction';

interface Props {
  card: OrderCard;
  onOpen: (action: Action) => void;
}

/** Shows «Откликнуться» at the bottom of the card, with the reason if it is unavailable. */
export function RespondBar({ card, onOpen }: Props) {
  const respond = card.actions.find(({ kind }) => kind === 'respond');
  if (!respond || (!respond.open && isReasonHidden(respond))) return null;
  return (
    <section className="respond-bar" aria-label="Действия внизу карточки">
      <Button type="primary" size="large" disabled={!respond.open} onClick={() => onOpen(respond)}>
        {respond.title}
      </Button>
      {!respond.open && (
        <span>
          {respond.reason}{' '}
          {respond.code === 'engineer_profile_incomplete' && (
            <Link to={profilePath} className="underlined">
              Заполнить профиль
            </Link>
          )}
        </span>
      )}
    </section>
  );
}
