import { Tag, Typography } from 'antd';
import type { OrderCard } from '@/shared/api/order';

/** Shows the number, the stage and the place of the order, worded as in the manual. */
export function OrderHead({ card }: { card: OrderCard }) {
  const { number, stage, workKind, region, form, waits } = card;
  const place = [region?.label, form?.city, form?.street].filter(Boolean).join(', ') || form?.address;
  return (
    <header className="order-head">
      <Typography.Title level={1}>Заказ {number}</Typography.Title>
      <p className="order-stage">
        <Tag className={`stage-tag ${stage.code}`}>{stage.heading}</Tag>
        {waits?.for === 'contract-signature' && <Tag className="stage-tag">На утверждении с заказчиком</Tag>}
      </p>
      {workKind && <p className="order-kind">{workKind.label}</p>}
      {place && <p className="note">{place}</p>}
      {card.workflow && (
        <p>
          <a href={card.workflow} target="_blank" rel="noopener noreferrer">
            Открыть заказ в Temporal UI
          </a>
        </p>
      )}
    </header>
  );
}
