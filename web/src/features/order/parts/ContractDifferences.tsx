import { Alert } from 'antd';
import type { Schema } from '@/shared/api/client';
import { formatDay } from '@/shared/lib/dates';
import { formatMoney } from '@/shared/lib/money';
import { counted } from '@/shared/lib/plural';
import type { OrderCard } from '@/shared/api/order';

type Difference = Schema<'Difference'>;

const days = (count: number) => counted(count, 'день', 'дня', 'дней');

/** Describes a difference between a contract and what was agreed: the former and the new value. */
export function differenceText({
  field,
  from,
  wasAmount,
  isAmount,
  wasDate,
  wasDays,
  isDate,
  days: later = 0,
  is,
}: Difference): string {
  const source = from === 'response' ? 'в отклике' : 'в заказе';
  switch (field) {
    case 'price':
      return `Стоимость в договоре ${formatMoney(isAmount ?? 0)}, ${source} была ${formatMoney(wasAmount ?? 0)}.`;
    case 'term': {
      const was = wasDays
        ? `${days(wasDays)} с выбора исполнителя, до ${formatDay(wasDate ?? '')}`
        : `до ${formatDay(wasDate ?? '')}`;
      return `Срок в договоре до ${formatDay(isDate ?? '')}: на ${days(Math.abs(later))} ${later > 0 ? 'позже' : 'раньше'}. ${capitalise(source)} было ${was}`.replace(
        /\.?$/,
        '.',
      );
    }
    case 'registration':
      return is
        ? 'В договоре есть постановка на ГКУ/ГРП, в заказе её не было.'
        : 'В договоре нет постановки на ГКУ/ГРП, в заказе она была.';
    case 'advance':
      return `В договоре есть аванс ${formatMoney(isAmount ?? 0)}, в заказе предоплаты не было.`;
    case 'silence':
      return `По договору молчание — это приёмка: если вы не примете и не вернёте работы за ${counted(later, 'рабочий день', 'рабочих дня', 'рабочих дней')}, они будут приняты без замечаний. В заказе этого не было.`;
    case 'term-passed':
      return `Срок в договоре, ${formatDay(isDate ?? '')}, уже прошёл.`;
  }
}

const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Shows the customer, before he signs, how the contract differs from what was agreed. The API
 * determines the differences.
 */
export function ContractDifferences({ card: { differences } }: { card: OrderCard }) {
  if (!differences?.length) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title="Договор отличается от того, о чём договорились"
      description={
        <ul className="plain">
          {differences.map((difference) => (
            <li key={difference.field}>{differenceText(difference)}</li>
          ))}
        </ul>
      }
    />
  );
}
