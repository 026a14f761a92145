import {
  admissionsPath,
  formOfWorkPath,
  ownReviewsPath,
  profileEditPath,
  profilePath,
  requisitesPath,
  settingsPath,
} from '@/shared/auth/entrySteps';
import type { Page } from '@/shared/routing/page';

/** The user's own pages. The avatar links to them, not the sections of the header. */
export const profilePages: readonly Page[] = [
  {
    path: profilePath,
    title: 'Профиль',
    help: () => import('./help'),
    load: () => import('./ProfilePage'),
  },
  {
    path: profileEditPath,
    title: 'Изменение профиля',
    roles: ['engineer'],
    help: () => import('./engineer/help'),
    load: () => import('./engineer/EditProfilePage'),
  },
  {
    path: formOfWorkPath,
    title: 'Форма работы',
    roles: ['engineer'],
    help: () => import('./engineer/workHelp'),
    load: () => import('./engineer/FormOfWorkPage'),
  },
  {
    path: requisitesPath,
    title: 'Реквизиты и оплата',
    roles: ['customer', 'engineer', 'employer'],
    help: () => import('./requisites/help'),
    load: () => import('./requisites/RequisitesPage'),
  },
  {
    path: ownReviewsPath,
    title: 'Мой рейтинг и отзывы',
    roles: ['engineer'],
    help: () => import('./reviews/help'),
    load: () => import('./reviews/OwnReviewsPage'),
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
