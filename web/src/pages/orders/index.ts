import type { Page } from '../../app/page';

/** The lists of orders. */
export const orderListPages: readonly Page[] = [
  {
    path: '/orders',
    title: 'Мои заказы',
    section: 'Мои заказы',
    roles: ['customer', 'engineer', 'employer'],
    help: () => import('../../help/orders'),
    load: () => import('./MyOrdersPage'),
  },
  {
    path: '/orders/all',
    title: 'Заказы',
    section: 'Заказы',
    roles: ['moderator'],
    help: () => import('../../help/orders'),
    load: () => import('./MyOrdersPage'),
  },
];
