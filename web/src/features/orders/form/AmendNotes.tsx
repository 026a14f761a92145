import { Alert, Form } from 'antd';
import { counted } from '@/shared/lib/plural';
import type { OrderCard } from '@/shared/api/order';

/** Explains how publishing changed conditions affects those who agreed to the old ones. */
export function AmendNotes({ card }: { card: OrderCard }) {
  return card.stage.code === 'contract' ? <WithPerformer card={card} /> : <WithResponses card={card} />;
}

function WithResponses({ card }: { card: OrderCard }) {
  const responses = card.responses?.length ?? 0;
  if (responses === 0 && !card.offer) {
    return <Alert type="info" showIcon title="Откликов ещё нет: исполнители увидят сразу новые условия." />;
  }
  return (
    <Alert
      type="warning"
      showIcon
      title="После публикации исполнители должны подтвердить новые условия"
      description={
        <>
          {responses > 0 && (
            <div>
              У заказа {counted(responses, 'отклик', 'отклика', 'откликов')}. Отклики сохранятся с пометкой «условия
              изменены», и каждый исполнитель получит уведомление. Выбрать можно только того, кто подтвердит свой отклик
              на новых условиях.
            </div>
          )}
          {card.offer && (
            <div>Инженер, которому предложен заказ, узнает об изменении и ответит уже на новые условия.</div>
          )}
        </>
      }
    />
  );
}

function WithPerformer({ card }: { card: OrderCard }) {
  const region = Form.useWatch<string | undefined>(['details', 'region']);
  const workKind = Form.useWatch<string | undefined>(['details', 'workKind']);
  const performerReleased = region !== card.terms?.region || workKind !== card.terms?.workKind;
  return (
    <Alert
      type="warning"
      showIcon
      title={
        performerReleased
          ? 'Исполнителя придётся выбрать заново'
          : 'Исполнитель должен будет согласиться с новыми условиями'
      }
      description={
        performerReleased
          ? 'Вы изменили регион или вид работ: после публикации заказ вернётся на этап «Выбор исполнителя», и исполнитель будет освобождён.'
          : 'После публикации исполнитель получит уведомление. Договор он составит после того, как согласится. Если изменить регион или вид работ, исполнителя придётся выбрать заново.'
      }
    />
  );
}
