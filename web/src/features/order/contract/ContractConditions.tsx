import { percentOf } from '@/features/order/advance';
import { formatDay } from '@/shared/lib/dates';
import { formatMoney } from '@/shared/lib/money';
import { counted } from '@/shared/lib/plural';
import { Facts } from '@/shared/ui/Facts';
import type { ReadyContract } from './queries';

/** Shows the conditions of a generated contract, with which it is sent. */
export function ContractConditions({ document: { contract, attachment } }: { document: ReadyContract }) {
  const { price, advanceBasisPoints, advance, termDate, registration, acceptanceDays, silenceAcceptsAfter } = contract;
  return (
    <Facts
      items={[
        ['Стоимость работ', formatMoney(price)],
        ['Аванс', advance > 0 ? `${formatMoney(advance)} (${percentOf(advanceBasisPoints)} %)` : 'без аванса'],
        ['Оставшаяся часть', advance > 0 && formatMoney(price - advance)],
        ['Срок исполнения', `до ${formatDay(termDate)}`],
        ['ГКУ/ГРП', registration ? 'договор предусматривает' : 'договор не предусматривает'],
        [
          'Срок приёмки',
          acceptanceDays !== undefined && counted(acceptanceDays, 'рабочий день', 'рабочих дня', 'рабочих дней'),
        ],
        [
          'Приёмка по молчанию',
          silenceAcceptsAfter !== undefined &&
            `если заказчик не ответит за ${counted(silenceAcceptsAfter, 'рабочий день', 'рабочих дня', 'рабочих дней')}`,
        ],
        ['Приложение', attachment],
      ]}
    />
  );
}
