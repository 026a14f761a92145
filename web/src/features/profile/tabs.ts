import { admissionsPath, ownReviewsPath, profilePath, settingsPath } from '@/shared/auth/entrySteps';
import type { Page } from '@/shared/routing/page';

/** A tab of the profile. Its path is that of a page in index.ts. */
interface ProfileTab extends Pick<Page, 'roles' | 'headOnly'> {
  path: string;
  title: string;
}

export const profileTabs: readonly ProfileTab[] = [
  { path: profilePath, title: 'Общие сведения' },
  { path: settingsPath, title: 'Настройки учетной записи' },
  { path: ownReviewsPath, title: 'Мой рейтинг и отзывы', roles: ['engineer'] },
  { path: admissionsPath, title: 'Допуск сотрудников', headOnly: true },
];
