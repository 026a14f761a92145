import type { Page } from '@/shared/routing/page';

/** The card of one order, for all roles, and the contract that its performer generates. */
export const orderPages: readonly Page[] = [
  {
    path: '/orders/:order',
    title: 'Карточка заказа',
    within: ['/orders', '/orders/all', '/orders/search'],
    help: () => import('./help'),
    load: () => import('./OrderPage'),
  },
  {
    path: '/orders/:order/contract',
    title: 'Сформировать договор',
    within: ['/orders'],
    roles: ['engineer'],
    help: () => import('./contract/help'),
    load: () => import('./contract/ContractPage'),
  },
];
