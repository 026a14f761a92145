import type { Page } from '@/shared/routing/page';

/** The moderators' page of reviews. */
export const reviewPages: readonly Page[] = [
  {
    path: '/moderation/reviews',
    title: 'Отзывы',
    section: 'Отзывы',
    roles: ['moderator'],
    help: () => import('./moderationHelp'),
    load: () => import('./ReviewsPage'),
  },
];
