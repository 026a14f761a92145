import { Alert } from 'antd';
import { Link } from 'react-router';
import { requisitesPath } from '@/shared/auth/entrySteps';
import { missingText } from '@/shared/lib/contractNeeds';
import { formatDateTime } from '@/shared/lib/dates';
import { otherChosen } from '@/shared/lib/orderTexts';
import type { OrderCard } from '@/shared/api/order';
import { causeText, groundName, holdText, roleName } from '@/features/order/labels';

/** Shows, above everything else, what suspends the order or has ended it. */
export function OrderAlerts({ card }: { card: OrderCard }) {
  return (
    <>
      {card.halted && (
        <Alert
          type="error"
          showIcon
          title="Работа заказа остановлена сбоем"
          description="Действия с заказом пока недоступны, ничего из сделанного не потеряно. Модератор системы уже оповещён: после восстановления действия появятся снова."
        />
      )}
      <Suspension card={card} />
      {card.missingForContract && card.missingForContract.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title="Для договора не хватает ваших реквизитов"
          description={
            <>
              {missingText(card.missingForContract)}. <Link to={requisitesPath}>Реквизиты и оплата</Link>
            </>
          }
        />
      )}
      {card.otherChosen && (
        <Alert
          type="info"
          showIcon
          title={otherChosen}
          description={
            card.stage.code === 'contract' &&
            Boolean(card.responses?.length) &&
            'Если исполнитель откажется до подписания договора, отклик снова будет действовать.'
          }
        />
      )}
      {card.cause && <Alert type="info" showIcon title={card.stage.heading} description={causeText(card.cause)} />}
      {card.dispute && (
        <Alert
          type="warning"
          showIcon
          title="Приглашён модератор"
          description={`Предмет спора: ${groundName(card.dispute.ground)}. Пригласил: ${roleName(card.dispute.by).toLowerCase()}, ${formatDateTime(card.dispute.since)}.`}
        />
      )}
      {card.reaccept && (
        <Alert
          type="warning"
          showIcon
          title="Условия заказа изменены"
          description="Договор можно отправить, когда исполнитель согласится с новыми условиями."
        />
      )}
    </>
  );
}

/** «Заказ приостановлен»: the reasons, the consequences, and what is still possible. */
function Suspension({ card: { stage, holds } }: { card: OrderCard }) {
  if (!holds?.length) return null;
  const reasons = (
    <ul className="plain">
      {holds.map((hold) => (
        <li key={hold.source}>
          {holdText(hold)}, с {formatDateTime(hold.since)}
          {hold.reason && <>. Причина: {hold.reason}</>}
        </li>
      ))}
    </ul>
  );
  if (stage.code !== 'suspended') {
    return (
      <Alert
        type="warning"
        showIcon
        title="Исполнитель сейчас не может действовать"
        description={<>{reasons}Работы приняты, поэтому расчёты можно закончить.</>}
      />
    );
  }
  return (
    <Alert
      type="warning"
      showIcon
      title="Заказ приостановлен"
      description={
        <>
          {reasons}
          <p>
            Ход заказа остановлен, сроки не идут. Когда причина отпадёт, заказ сам вернётся на прежний этап. Документы и
            историю можно смотреть и скачивать; что ещё доступно, показано кнопками ниже.
          </p>
        </>
      }
    />
  );
}
