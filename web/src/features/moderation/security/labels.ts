import type { Schema } from '@/shared/api/client';

export type SecurityEvent = Schema<'SecurityEvent'>;

const titles: Record<SecurityEvent['kind'], string> = {
  'signed-in': 'Вход',
  'sign-in-refused': 'Во входе отказано',
  'signed-out': 'Выход',
  'role-chosen': 'Выбор роли',
  'session-ended': 'Сеанс завершён',
  'right-ended': 'Право прекращено',
  'consent-given': 'Согласие дано',
  'consent-refused': 'В согласии отказано',
  'consent-withdrawn': 'Согласие отозвано',
  'esia-number-changed': 'Новый номер на Госуслугах',
  'people-merged': 'Записи одного человека объединены',
  'identity-conflict': 'Чужие данные по СНИЛС',
  'data-opened': 'Открыты данные',
  decision: 'Решение модератора',
  'admission-changed': 'Допуск изменён',
  'employer-changed': 'Статус работодателя изменён',
  'employment-changed': 'Работа у работодателя изменена',
  'account-switched': 'Учётная запись включена или отключена',
  'requisites-changed': 'Реквизиты изменены',
  'contacts-changed': 'Профиль изменён',
  'organisation-read': 'Сведения об организации запрошены',
  'access-refused': 'В доступе отказано',
  'limit-reached': 'Достигнут предел',
};

/** Returns the label of a kind of event; a kind unknown to this build is returned unchanged. */
export const eventTitle = (kind: SecurityEvent['kind']): string => titles[kind] ?? kind;

export const kindOptions = Object.entries(titles).map(([value, label]) => ({ value, label }));

const subjects: Record<NonNullable<SecurityEvent['subjectKind']>, string> = {
  person: 'человек',
  party: 'учётная запись',
  engineer: 'инженер',
  order: 'заказ',
  session: 'сеанс',
  'registry-run': 'загрузка реестра',
};

/** Returns the name of a person from the events about him. */
export function nameOf(
  person: string,
  events: readonly Pick<SecurityEvent, 'person' | 'subject' | 'subjectName'>[],
): string | undefined {
  const about = events.find((event) => event.person?.id === person || event.subject === person);
  return (about?.person?.id === person ? about.person.name : about?.subjectName) || undefined;
}

/** Returns the address of the same list for one person only. */
export function onlyPerson(search: URLSearchParams, person: string): string {
  const next = new URLSearchParams(search);
  next.set('person', person);
  return `?${next.toString()}`;
}

/** Returns the person or the object that an event concerned. */
export function subjectText({
  subjectKind,
  subjectName,
  subject,
}: Pick<SecurityEvent, 'subjectKind' | 'subjectName' | 'subject'>): string {
  if (!subjectKind) return '—';
  return `${subjects[subjectKind] ?? subjectKind} ${subjectName || subject || ''}`.trim();
}
