import { admissionsPath, profilePath, requisitesPath, settingsPath } from '@/shared/auth/entrySteps';
import type { Page } from '@/shared/routing/page';

/** A tab of the profile. Its path is that of a page in index.ts. */
interface ProfileTab extends Pick<Page, 'roles' | 'headOnly'> {
  path: string;
  title: string;
}

export const profileTabs: readonly ProfileTab[] = [
  { path: profilePath, title: 'Общие сведения' },
  { path: requisitesPath, title: 'Реквизиты и оплата', roles: ['customer', 'engineer', 'employer'] },
  { path: settingsPath, title: 'Настройки учетной записи' },
  { path: admissionsPath, title: 'Допуск сотрудников', headOnly: true },
];
