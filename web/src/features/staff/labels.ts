import type { Schema } from '@/shared/api/client';

type Status = Schema<'Employment'>['status'];
type Answer = Schema<'OrderAnswer'>['answer'];

/** The states of a request as the list of employees names them. */
export const statusLabels: Record<Status, string> = {
  pending: 'На рассмотрении',
  confirmed: 'Подтверждён',
  suspended: 'Приостановлен',
  rejected: 'Отклонён',
  withdrawn: 'Отозван',
  removed: 'Удалён',
};

/** The states of a request as the engineer reads them about his employer. */
export const employerStatusLabels: Record<Status, string> = {
  ...statusLabels,
  confirmed: 'Статус работодателя подтверждён',
  suspended: 'Работодатель приостановил вашу деятельность',
  rejected: 'Заявка отклонена',
  withdrawn: 'Заявка отозвана',
};

/** The colours of the dots of the states. */
export const statusBadges: Record<Status, 'processing' | 'success' | 'warning' | 'default'> = {
  pending: 'processing',
  confirmed: 'success',
  suspended: 'warning',
  rejected: 'default',
  withdrawn: 'default',
  removed: 'default',
};

/** The states that the filter «Статус заявки» offers. */
export const statusOptions = (['pending', 'confirmed', 'suspended', 'rejected', 'removed'] as const).map((value) => ({
  value,
  label: statusLabels[value],
}));

/** What the sides may decide about a request or about the work. */
export type Verb = 'confirm' | 'reject' | 'withdraw' | 'suspend' | 'resume' | 'remove' | 'leave';

interface VerbLabels {
  /** The button, which is also the title of the dialog. */
  button: string;
  /** The message afterwards. */
  done: string;
  /** The button that closes the dialog without a decision. */
  keep: string;
  danger?: boolean;
}

export const verbs: Record<Verb, VerbLabels> = {
  confirm: { button: 'Подтвердить', done: 'Заявка подтверждена', keep: 'Закрыть' },
  reject: { button: 'Отклонить', done: 'Заявка отклонена', keep: 'Не отклонять', danger: true },
  withdraw: { button: 'Отозвать заявку', done: 'Заявка отозвана', keep: 'Не отзывать', danger: true },
  suspend: { button: 'Приостановить', done: 'Деятельность приостановлена', keep: 'Не приостанавливать', danger: true },
  resume: { button: 'Возобновить', done: 'Деятельность возобновлена', keep: 'Закрыть' },
  remove: { button: 'Удалить', done: 'Сотрудник удалён', keep: 'Не удалять', danger: true },
  leave: { button: 'Удалить', done: 'Работодатель удалён', keep: 'Не удалять', danger: true },
};

/** Returns what a side may decide now, the main decision first. */
export function verbsFor(
  side: 'engineer' | 'employer',
  { status, askedBy }: { status: Status; askedBy: 'engineer' | 'employer' },
): Verb[] {
  switch (status) {
    case 'pending':
      return askedBy === side ? ['withdraw'] : ['confirm', 'reject'];
    case 'confirmed':
      return side === 'engineer' ? ['leave'] : ['suspend', 'remove'];
    case 'suspended':
      return side === 'engineer' ? ['leave'] : ['resume', 'remove'];
    default:
      return [];
  }
}

export const answerLabels: Record<Answer, string> = {
  hold: 'Приостановить',
  reselect: 'Вернуть к выбору исполнителя',
};
