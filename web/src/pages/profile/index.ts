import { admissionsPath, profilePath, settingsPath } from '@/app/entrySteps';
import type { Page } from '@/app/page';

/** The person's own pages. The avatar leads to them, not the header's sections. */
export const profilePages: readonly Page[] = [
  {
    path: profilePath,
    title: 'Профиль',
    help: () => import('@/help/profile'),
    load: () => import('./ProfilePage'),
  },
  {
    path: settingsPath,
    title: 'Настройки учетной записи',
    help: () => import('@/help/settings'),
    load: () => import('./SettingsPage'),
  },
  {
    path: admissionsPath,
    title: 'Допуск сотрудников',
    roles: ['customer', 'employer'],
    headOnly: true,
    help: () => import('@/help/admissions'),
    load: () => import('./admissions/AdmissionsPage'),
  },
];
