import { Card, Radio } from 'antd';
import { useNavigate } from 'react-router';
import { mayBegin } from '@/features/order/actions/nextAction';
import type { OrderCard } from '@/shared/api/order';
import { type SigningKind, signingPath } from './signingPath';

type Choice = Extract<SigningKind, 'accept-results' | 'return-results'>;

const choices: readonly { value: Choice; label: string }[] = [
  { value: 'accept-results', label: 'Принять и перейти к подписанию' },
  { value: 'return-results', label: 'Вернуть на доработку' },
];

/**
 * Accepts the results or returns them. Each has a page, and what was typed on one is kept while the
 * other one is open.
 */
export function AcceptanceChoice({ card: { id, actions }, chosen }: { card: OrderCard; chosen: Choice }) {
  const navigate = useNavigate();
  return (
    <Card title={<h2>Решение</h2>}>
      <p>Прежде чем решить, посмотрите все результаты и документы.</p>
      <Radio.Group
        className="choices"
        aria-label="Решение"
        value={chosen}
        onChange={({ target }) => void navigate(signingPath(id, target.value as Choice), { replace: true })}
        options={choices.map(({ value, label }) => {
          const action = actions.find(({ kind }) => kind === value);
          const open = action !== undefined && mayBegin(action);
          return {
            value,
            disabled: !open,
            label: open || !action?.reason ? label : `${label}. ${action.reason}`,
          };
        })}
      />
    </Card>
  );
}
