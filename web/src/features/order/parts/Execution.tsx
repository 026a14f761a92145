import { Card, Rate } from 'antd';
import { type Fact, Facts } from '@/shared/ui/Facts';
import { formatDay } from '@/shared/lib/dates';
import { formatMoney } from '@/shared/lib/money';
import { counted } from '@/shared/lib/plural';
import { percentOf } from '@/features/order/advance';
import type { OrderCard } from '@/shared/api/order';
import { filingName, wayName } from '@/features/order/labels';
import { ContractDifferences } from './ContractDifferences';

/**
 * Shows the progress of the execution: performer, contract, bills, results, act, ГКУ/ГРП, rating.
 */
export function Execution({ card }: { card: OrderCard }) {
  const { performer, contract } = card;
  if (!performer && !contract) return null;
  return (
    <Card title={<h2>Исполнение</h2>}>
      <div className="stack">
        <ContractDifferences card={card} />
        <Facts
          items={[
            ...performerFacts(card),
            ...contractFacts(card),
            ...billFacts(card),
            ...workFacts(card),
            ...markFacts(card),
          ]}
        />
      </div>
    </Card>
  );
}

function performerFacts({ performer }: OrderCard): Fact[] {
  if (!performer) return [];
  const about = [
    performer.employer,
    performer.sro,
    performer.registryNumber && `№ ${performer.registryNumber} в реестре`,
    performer.registryName && `в реестре: ${performer.registryName}`,
  ]
    .filter(Boolean)
    .join(', ');
  return [
    ['Исполнитель', performer.name],
    ['Об исполнителе', about],
  ];
}

function contractFacts({ contract, remainder }: OrderCard): Fact[] {
  if (!contract) return [];
  return [
    ['Договор', contract.customerSignature ? 'подписан обеими сторонами' : 'подписан исполнителем'],
    ['Стоимость по договору', formatMoney(contract.price)],
    [
      'Аванс',
      contract.advance > 0 ? `${formatMoney(contract.advance)} (${percentOf(contract.advanceBasisPoints)} %)` : 'нет',
    ],
    ['Оставшаяся часть', remainder !== undefined && formatMoney(remainder)],
    ['Срок исполнения', formatDay(contract.termDate)],
    ['ГКУ/ГРП по договору', contract.registration ? 'предусмотрено' : 'не предусмотрено'],
    [
      'Срок приёмки по договору',
      contract.acceptanceDays !== undefined &&
        counted(contract.acceptanceDays, 'рабочий день', 'рабочих дня', 'рабочих дней'),
    ],
    [
      'Приёмка по молчанию',
      contract.silenceAcceptsAfter !== undefined &&
        `если заказчик не ответит за ${counted(contract.silenceAcceptsAfter, 'рабочий день', 'рабочих дня', 'рабочих дней')}`,
    ],
  ];
}

type Bill = NonNullable<OrderCard['payment']>;

function billFacts({ prepayment, payment }: OrderCard): Fact[] {
  return [
    ...(prepayment ? [['Предоплата', <BillState key="p" bill={prepayment} />] satisfies Fact] : []),
    ...(payment ? [['Оплата работ', <BillState key="p" bill={payment} />] satisfies Fact] : []),
  ];
}

function BillState({ bill }: { bill: Bill }) {
  return (
    <>
      {billState(bill)}
      {bill.link && (
        <>
          {'. '}
          <a href={bill.link} target="_blank" rel="noopener noreferrer">
            Ссылка на счет
          </a>
        </>
      )}
      {bill.note && <div className="note">{bill.note}</div>}
    </>
  );
}

function billState({ confirmed, claimed, invoice, refuted }: Bill): string {
  if (confirmed) return 'получена исполнителем';
  if (claimed) return 'заказчик сообщил об оплате, исполнитель ещё не подтвердил';
  if (refuted) return 'исполнитель сообщил, что деньги не поступили';
  return invoice ? 'счет отправлен' : 'счета ещё нет';
}

function workFacts({ results, rounds = 0, act, application }: OrderCard): Fact[] {
  return [
    ['Результаты', results && `${wayName(results.way)}${results.received ? ', получены заказчиком' : ''}`],
    [
      'Где результаты',
      results?.link && (
        <a href={results.link} target="_blank" rel="noopener noreferrer">
          {results.link}
        </a>
      ),
    ],
    ['Номер УИН', results?.uin],
    ['Пояснение к результатам', results?.note],
    ['Возвратов на доработку', rounds > 0 && String(rounds)],
    ['Акт', act && actState(act)],
    ['Заявление на ГКУ/ГРП', application && filingName(application.status)],
    ['Номер КУВД', application?.kuvd],
    ['Пояснение к ГКУ/ГРП', application?.note],
  ];
}

function actState({ customerSignature, alone, returned }: NonNullable<OrderCard['act']>): string {
  if (alone) return 'оформлен исполнителем в одностороннем порядке';
  if (customerSignature) return 'подписан обеими сторонами';
  return returned ? 'возвращён на доработку' : 'подписан исполнителем';
}

function markFacts({ rating }: OrderCard): Fact[] {
  if (!rating) return [];
  return [
    [
      'Оценка',
      <span key="mark">
        <span aria-hidden>
          <Rate disabled value={rating.mark} />
        </span>{' '}
        {rating.mark} из 5
      </span>,
    ],
    ['Отзыв', rating.review],
  ];
}
