import type { Page } from '@/app/page';

/** The notifications of the person's role. The bell in the header leads to them. */
export const notificationPages: readonly Page[] = [
  {
    path: '/notifications',
    title: 'Уведомления',
    help: () => import('@/help/notifications'),
    load: () => import('./NotificationsPage'),
  },
];
