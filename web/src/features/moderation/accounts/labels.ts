import type { Account } from './queries';
import type { paths } from '@/shared/api/schema.gen';

type Query = NonNullable<paths['/api/moderation/accounts']['get']['parameters']['query']>;

const roles: Record<NonNullable<Query['role']>, string> = {
  engineer: 'Кадастровые инженеры',
  entrepreneur: 'Индивидуальные предприниматели',
  organisation: 'Действуют за организацию-заказчика',
  employer: 'Действуют за работодателя',
  moderator: 'Модераторы',
};

const statuses: Record<NonNullable<Query['status']>, string> = { active: 'Включённые', off: 'Отключённые' };

const optionsOf = (labels: Record<string, string>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));

export const roleOptions = optionsOf(roles);
export const statusOptions = optionsOf(statuses);

/** Returns who a person is besides a natural person, in one line. */
export function whoText({ engineer, entrepreneur, moderator }: Account): string {
  const parts = [engineer && 'кадастровый инженер', entrepreneur && 'ИП', moderator && 'модератор'].filter(Boolean);
  return parts.join(', ') || 'физическое лицо';
}
