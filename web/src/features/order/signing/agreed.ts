import type { OrderCard } from '@/shared/api/order';
import type { Schema } from '@/shared/api/client';
import { percentOf } from '@/features/order/advance';
import { formatDay } from '@/shared/lib/dates';
import { formatMoney } from '@/shared/lib/money';
import { counted } from '@/shared/lib/plural';

type Field = Schema<'Difference'>['field'] | 'acceptance';

/** What was agreed about one condition, and what the contract says. */
export interface Condition {
  field: Field;
  name: string;
  agreed: string;
  contract?: string;
}

const workingDays = (count: number) => counted(count, 'рабочий день', 'рабочих дня', 'рабочих дней');
const notAgreed = 'не оговорено';

/** Returns the conditions of an order as they were agreed, and as its contract has them if there is one. */
export function conditionsOf({ terms, responses, performer, contract }: OrderCard): Condition[] {
  const bid = responses?.find(({ engineer }) => engineer.id === performer?.id);
  const price = bid?.price ?? terms?.price;
  const term = bid?.termUntil ?? terms?.termDate;
  const days = terms?.termDays;
  const advance = contract?.advance ?? 0;
  const said: [field: Field, name: string, agreed: string, contract: string | undefined][] = [
    ['price', 'Стоимость работ', price ? formatMoney(price) : notAgreed, contract && formatMoney(contract.price)],
    [
      'term',
      'Срок исполнения',
      term ? `до ${formatDay(term)}` : days ? counted(days, 'день', 'дня', 'дней') : notAgreed,
      contract && `до ${formatDay(contract.termDate)}`,
    ],
    [
      'advance',
      'Аванс',
      terms?.prepayment ? 'предоплата возможна' : 'без предоплаты',
      contract &&
        (advance > 0 ? `${formatMoney(advance)} (${percentOf(contract.advanceBasisPoints)} %)` : 'без аванса'),
    ],
    [
      'registration',
      'ГКУ/ГРП',
      terms?.registration ? 'нужны' : 'не нужны',
      contract && (contract.registration ? 'предусмотрены' : 'не предусмотрены'),
    ],
    [
      'acceptance',
      'Срок приёмки',
      'не оговорён',
      contract && (contract.acceptanceDays ? workingDays(contract.acceptanceDays) : 'не указан, по правилам платформы'),
    ],
    [
      'silence',
      'Молчание заказчика',
      'не приёмка',
      contract &&
        (contract.silenceAcceptsAfter === undefined
          ? 'не приёмка'
          : `приёмка через ${workingDays(contract.silenceAcceptsAfter)}`),
    ],
  ];
  return said.map(([field, name, agreed, inContract]) => ({
    field,
    name,
    agreed,
    ...(inContract && { contract: inContract }),
  }));
}
