import type { ActionKind } from '@/shared/api/actions';
import { employerStatus, moderatorStatus, openDispute, settleDispute } from '@/features/order/forms/dispute';
import { noteForm } from '@/features/order/forms/note';
import {
  rate,
  reportPayment,
  reportPrepayment,
  sendInvoice,
  sendPrepaymentInvoice,
} from '@/features/order/forms/payment';
import { reportRegistration } from '@/features/order/forms/registration';
import { approveReplacement, proposeReplacement, rejectReplacement } from '@/features/order/forms/replacement';
import { acceptChanges, acceptOffer, choose, offer, replaceEngineer, respond } from '@/features/order/forms/selection';
import { type SigningKind, signingPath } from '@/features/order/signing/signingPath';
import type { ActionPage, AnyActionForm } from './actionForm';

/** The page on which a document is signed or works are accepted. */
const signing = (kind: SigningKind, button?: string): ActionPage => ({
  ...(button && { button }),
  page: (order) => signingPath(order, kind),
});

/** The form or the page of each action. The API decides which actions a user sees. */
export const actionForms: { readonly [Kind in ActionKind]: AnyActionForm<Kind> | ActionPage } = {
  publish: { button: 'Заполнить и опубликовать', page: (order) => `/orders/${order}/edit` },
  amend: { page: (order) => `/orders/${order}/edit` },
  delete: noteForm({ danger: true, about: 'Проект заказа будет удалён вместе с файлами. Восстановить его нельзя.' }),
  cancel: noteForm({
    danger: true,
    about: 'Заказ закроется со статусом «Отменен заказчиком». Возобновить его нельзя.',
  }),

  respond,
  'withdraw-response': noteForm({ danger: true }),
  'accept-changes': acceptChanges,
  offer,
  'withdraw-offer': noteForm({ danger: true }),
  'accept-offer': acceptOffer,
  'decline-offer': noteForm({ danger: true }),
  choose,
  'leave-order': noteForm({ danger: true, about: 'Заказ вернётся на выбор исполнителя.' }),
  'dismiss-engineer': noteForm({
    danger: true,
    about: 'Заказ вернётся на выбор исполнителя, прежние отклики снова будут доступны.',
  }),

  'send-contract': signing('send-contract', 'Отправить договор'),
  'withdraw-contract': noteForm({
    danger: true,
    about: 'Договор с вашей подписью будет отозван; отправить новый можно сразу.',
  }),
  'return-contract': noteForm({
    about: 'Подпись исполнителя под этим договором перестанет действовать; он пришлёт новый.',
  }),
  'sign-contract': signing('sign-contract', 'Перейти к подписанию'),

  'send-prepayment-invoice': sendPrepaymentInvoice,
  'report-prepayment': reportPrepayment,
  'confirm-prepayment': noteForm({
    about: 'Подтвердите, что предоплата поступила. Заказ перейдёт к выполнению работ.',
  }),
  'refute-prepayment': noteForm({ danger: true }),

  'submit-results': signing('submit-results'),
  'confirm-receipt': noteForm({
    about: 'Подтвердите, что результаты у вас. После этого их можно принять или вернуть на доработку.',
  }),
  'accept-results': signing('accept-results', 'Перейти к приемке'),
  'return-results': signing('return-results'),
  'sign-act-alone': signing('sign-act-alone'),

  'report-registration': reportRegistration,
  'submit-final': signing('submit-final'),
  'send-act': signing('send-act'),
  'return-act': noteForm(),
  'sign-act': signing('sign-act'),

  'send-invoice': sendInvoice,
  'report-payment': reportPayment,
  'confirm-payment': noteForm({ about: 'Подтвердите, что оплата поступила. Заказ будет выполнен.' }),
  'refute-payment': noteForm({ danger: true }),
  rate,

  'moderator-status': moderatorStatus,
  'employer-status': employerStatus,

  'propose-termination': noteForm({
    danger: true,
    about: 'Договор прекратится, только если другая сторона согласится.',
  }),
  'agree-termination': noteForm({ danger: true, about: 'Договор прекратится, заказ закроется.' }),
  'refuse-termination': noteForm(),
  'propose-rework': noteForm({ about: 'Заказ вернётся в работу, если другая сторона согласится.' }),
  'agree-rework': noteForm({ about: 'Заказ вернётся на этап «Выполнение работ».' }),
  'refuse-rework': noteForm(),
  'withdraw-proposal': noteForm({
    about: 'Другая сторона больше не сможет согласиться. Предложение можно сделать снова.',
  }),
  'open-dispute': openDispute,
  'settle-dispute': settleDispute,
  'replace-engineer': replaceEngineer,

  'propose-replacement': proposeReplacement,
  'withdraw-replacement': noteForm({
    about: 'Замена не состоится. Предложить её снова можно, пока заказ приостановлен.',
  }),
  'agree-replacement': noteForm({
    about:
      'Если модератор утвердит замену, вы станете исполнителем заказа по тому же договору. Пока он не решил, можно отказаться.',
  }),
  'decline-replacement': noteForm({ about: 'Причину прочитают работодатель, заказчик и исполнитель.' }),
  'approve-replacement': approveReplacement,
  'reject-replacement': rejectReplacement,
};
