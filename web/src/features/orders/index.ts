import type { Page } from '@/shared/routing/page';

/** The lists of orders and the order form. */
export const orderListPages: readonly Page[] = [
  {
    path: '/orders',
    title: 'Мои заказы',
    section: 'Мои заказы',
    roles: ['customer', 'engineer', 'employer'],
    help: () => import('./help'),
    load: () => import('./MyOrdersPage'),
  },
  {
    path: '/orders/all',
    title: 'Заказы',
    section: 'Заказы',
    roles: ['moderator'],
    help: () => import('./help'),
    load: () => import('./MyOrdersPage'),
  },
  {
    path: '/orders/:order/edit',
    title: 'Условия заказа',
    within: ['/orders'],
    roles: ['customer'],
    help: () => import('./form/help'),
    load: () => import('./form/OrderFormPage'),
  },
];
