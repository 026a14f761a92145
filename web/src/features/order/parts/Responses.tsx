import type { SessionRole } from '@/shared/codes';
import { Card, Tag } from 'antd';
import { Link } from 'react-router';
import { useSession } from '@/shared/auth/session';
import { formatDateTime, formatDeadline } from '@/shared/lib/dates';
import { comparePath, maxCompared } from '@/features/engineers/paths';
import { engineersPath } from '@/shared/auth/entrySteps';
import { formatMoney } from '@/shared/lib/money';
import type { OrderCard } from '@/shared/api/order';
import { termText } from '@/shared/lib/term';
import type { Response } from '@/features/order/responses';
import { ResponseComparison } from './ResponseComparison';
import { RegistryName } from '@/shared/ui/RegistryName';

interface Props {
  card: OrderCard;
  onChoose: (engineer: string) => void;
}

/**
 * Shows the responses and the open offer: to the customer side by side, to a moderator the cheapest
 * first. An engineer sees only his own response.
 */
export function Responses({ card, onChoose }: Props) {
  const { role } = useSession();
  const choosable = card.actions.some(({ kind, open }) => kind === 'choose' && open);
  const responses = (card.responses ?? []).toSorted((a, b) => a.price - b.price);
  const selecting = card.stage.code === 'selection';
  if (!card.offer && !(responses.length > 0 && selecting) && !(selecting && role === 'customer')) return null;
  return (
    <Card title={<h2>{headingFor(role, responses.length > 0)}</h2>}>
      {card.offer && (
        <>
          <p>
            Заказ предложен: <strong>{card.offer.engineer.name}</strong>. Предложение действует до{' '}
            {formatDeadline(card.offer.expires)}.
          </p>
          {card.offer.note && <p className="user-text">{card.offer.note}</p>}
        </>
      )}
      {selecting && role === 'customer' && responses.length === 0 && (
        <p className="note">
          Откликов пока нет. Заказ видят кадастровые инженеры, которые работают в этом регионе; новый отклик появится
          здесь сам.
        </p>
      )}
      {selecting && role === 'customer' && responses.length > 1 && responses.length <= maxCompared && (
        <p>
          <Link to={comparePath(responses.map(({ engineer }) => engineer.id))}>Сравнить профили откликнувшихся</Link>
        </p>
      )}
      {selecting && role === 'customer' && responses.length > 0 && (
        <ResponseComparison responses={responses} choosable={choosable} onChoose={onChoose} />
      )}
      {selecting && role !== 'customer' && (
        <ul className="responses">
          {responses.map((response) => (
            <li key={response.engineer.id}>
              <ResponseFacts response={response} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function headingFor(role: SessionRole, responded: boolean): string {
  if (role !== 'engineer') return 'Отклики';
  return responded ? 'Ваш отклик' : 'Предложение заказчика';
}

function ResponseFacts({ response }: { response: Response }) {
  const { engineer, price, termDate, termDays, note, current, reason, createdAt } = response;
  return (
    <div className="response-facts">
      <strong>
        <Link to={`${engineersPath}/${engineer.id}`}>{engineer.name}</Link>
      </strong>
      <RegistryName name={engineer.registryName} />
      {!current && <Tag className="stage-tag suspended">Условия изменены после отклика</Tag>}
      <div className="response-price">{formatMoney(price)}</div>
      <div>Срок: {termText({ termDate, termDays })}</div>
      {note && <div className="user-text">{note}</div>}
      {reason && <div className="note">{reason}</div>}
      <div className="note">
        {[engineer.employer, engineer.sro, engineer.registryNumber && `№ ${engineer.registryNumber} в реестре`]
          .filter(Boolean)
          .join(' · ')}
      </div>
      {createdAt && <div className="note">Отклик отправлен {formatDateTime(createdAt)}</div>}
    </div>
  );
}
