import type { Page } from '@/shared/routing/page';

/** The card of one order, for all roles. */
export const orderPages: readonly Page[] = [
  {
    path: '/orders/:order',
    title: 'Карточка заказа',
    within: ['/orders', '/orders/all', '/orders/search'],
    help: () => import('./help'),
    load: () => import('./OrderPage'),
  },
];
