import {
  admissionsPath,
  employerPath,
  formOfWorkPath,
  ownReviewsPath,
  profilePath,
  requisitesPath,
  settingsPath,
  staffPath,
} from '@/shared/auth/entrySteps';
import type { Page } from '@/shared/routing/page';

/** A tab of the profile. Its path is that of a page in index.ts. */
interface ProfileTab extends Pick<Page, 'roles' | 'headOnly'> {
  path: string;
  title: string;
}

export const profileTabs: readonly ProfileTab[] = [
  { path: profilePath, title: 'Общие сведения', roles: ['customer', 'employer', 'moderator'] },
  { path: profilePath, title: 'Основное', roles: ['engineer'] },
  { path: formOfWorkPath, title: 'Форма работы', roles: ['engineer'] },
  { path: requisitesPath, title: 'Реквизиты и оплата', roles: ['customer', 'engineer', 'employer'] },
  { path: settingsPath, title: 'Настройки учетной записи' },
  { path: staffPath, title: 'Сотрудники', roles: ['employer'] },
  { path: employerPath, title: 'Работодатель', roles: ['engineer'] },
  { path: ownReviewsPath, title: 'Мой рейтинг и отзывы', roles: ['engineer'] },
  { path: admissionsPath, title: 'Допуск сотрудников', headOnly: true },
];
