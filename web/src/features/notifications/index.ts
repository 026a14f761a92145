import type { Page } from '@/shared/routing/page';

/** The notifications of the person's role. The bell in the header leads to them. */
export const notificationPages: readonly Page[] = [
  {
    path: '/notifications',
    title: 'Уведомления',
    help: () => import('./help'),
    load: () => import('./NotificationsPage'),
  },
];
