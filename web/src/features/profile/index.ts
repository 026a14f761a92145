import { admissionsPath, profilePath, settingsPath } from '@/shared/auth/entrySteps';
import type { Page } from '@/shared/routing/page';

/** The person's own pages. The avatar leads to them, not the header's sections. */
export const profilePages: readonly Page[] = [
  {
    path: profilePath,
    title: 'Профиль',
    help: () => import('./help'),
    load: () => import('./ProfilePage'),
  },
  {
    path: settingsPath,
    title: 'Настройки учетной записи',
    help: () => import('./settingsHelp'),
    load: () => import('./SettingsPage'),
  },
  {
    path: admissionsPath,
    title: 'Допуск сотрудников',
    roles: ['customer', 'employer'],
    headOnly: true,
    help: () => import('./admissions/help'),
    load: () => import('./admissions/AdmissionsPage'),
  },
];
