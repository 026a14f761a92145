import { Button } from 'antd';
import { useNavigate } from 'react-router';
import type { OrderCard } from '@/shared/api/order';

export const contractPath = (order: string) => `/orders/${order}/contract`;

/**
 * Reports whether the user may generate the contract: he may send one, or has sent one that the
 * customer has not signed.
 */
export const mayGenerateContract = ({ actions, stage }: Pick<OrderCard, 'actions' | 'stage'>): boolean =>
  stage.code === 'contract' &&
  actions.some(({ kind, open, code }) => kind === 'send-contract' && (open || code === 'contract_sent'));

/** Opens the page of the generated contract. */
export function GenerateContract({ order }: { order: string }) {
  const navigate = useNavigate();
  return <Button onClick={() => void navigate(contractPath(order))}>Сформировать договор</Button>;
}
