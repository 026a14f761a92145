import type { Page } from '@/shared/routing/page';

/** The page of orders that engineers may respond to. Its path is the one in the manuals. */
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
