import { ownReviewsPath } from '@/shared/auth/entrySteps';
import type { Page } from '@/shared/routing/page';
import { engineersPath, listRoles } from './paths';

/** The public list of engineers, their profiles and the comparison, and the pages about reviews. */
export const engineerPages: readonly Page[] = [
  {
    path: engineersPath,
    title: 'Поиск по кадастровым инженерам',
    section: 'Поиск по кадастровым инженерам',
    roles: listRoles,
    help: () => import('./help'),
    load: () => import('./EngineersPage'),
  },
  {
    path: `${engineersPath}/compare`,
    title: 'Сравнение кадастровых инженеров',
    within: [engineersPath],
    roles: listRoles,
    help: () => import('./help'),
    load: () => import('./ComparePage'),
  },
  {
    path: `${engineersPath}/:engineer`,
    title: 'Профиль кадастрового инженера',
    within: [engineersPath],
    help: () => import('./help'),
    load: () => import('./EngineerPage'),
  },
  {
    path: ownReviewsPath,
    title: 'Мой рейтинг и отзывы',
    roles: ['engineer'],
    help: () => import('./reviewsHelp'),
    load: () => import('./OwnReviewsPage'),
  },
  {
    path: '/moderation/reviews',
    title: 'Отзывы',
    section: 'Отзывы',
    roles: ['moderator'],
    help: () => import('./moderationHelp'),
    load: () => import('./ReviewsPage'),
  },
];
