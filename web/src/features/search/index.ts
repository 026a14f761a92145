import type { Page } from '@/shared/routing/page';

/** The orders that engineers may respond to. The address is the manuals' one. */
export const searchPages: readonly Page[] = [
  {
    path: '/orders/search',
    title: 'Поиск по заказам',
    section: 'Поиск по заказам',
    roles: ['engineer'],
    help: () => import('./help'),
    load: () => import('./SearchPage'),
  },
];
