import { Alert } from 'antd';
import { formatDay } from '../../../lib/dates';
import { formatMoney } from '../../../lib/money';
import type { OrderCard } from '../queries';

/** Where the contract is other than the performer's response, or than the conditions where he did not respond. */
export function differencesOf({ contract, responses, performer, terms }: Pick<OrderCard, 'contract' | 'responses' | 'performer' | 'terms'>): string[] {
  if (!contract || contract.customerSignature) return [];
  const bid = responses?.find(({ engineer }) => engineer.id === performer?.id);
  const source = bid ? 'в отклике' : 'в заказе';
  const agreed = bid ?? terms;
  const found: string[] = [];
  if (agreed?.price !== undefined && agreed.price !== contract.price) {
    found.push(`Стоимость в договоре ${formatMoney(contract.price)}, ${source} была ${formatMoney(agreed.price)}.`);
  }
  if (agreed?.termDate && agreed.termDate !== contract.termDate) {
    found.push(`Срок в договоре ${formatDay(contract.termDate)}, ${source} был ${formatDay(agreed.termDate)}.`);
  }
  if (terms && Boolean(terms.registration) !== Boolean(contract.registration)) {
    found.push(contract.registration ? 'В договоре есть постановка на ГКУ/ГРП, в заказе её не было.' : 'В договоре нет постановки на ГКУ/ГРП, в заказе она была.');
  }
  if (terms && !terms.prepayment && contract.advance > 0) found.push(`В договоре есть аванс ${formatMoney(contract.advance)}, в заказе предоплаты не было.`);
  return found;
}

/** Tells the customer before he signs what is not as it was agreed. */
export function ContractDifferences({ card }: { card: OrderCard }) {
  const differences = differencesOf(card);
  if (differences.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title="Договор отличается от того, о чём договорились"
      description={
        <ul className="plain">
          {differences.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      }
    />
  );
}
