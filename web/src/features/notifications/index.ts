import type { Page } from '@/shared/routing/page';

/** The page of the notifications of the user's role. The bell in the header links to it. */
export const notificationPages: readonly Page[] = [
  {
    path: '/notifications',
    title: 'Уведомления',
    help: () => import('./help'),
    load: () => import('./NotificationsPage'),
  },
];
