import type { Page } from '@/shared/routing/page';

/** The card of one order, for all roles, and the pages on which its documents are generated and signed. */
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
  {
    path: '/orders/:order/signing/:kind',
    title: 'Подписание и приемка',
    within: ['/orders'],
    roles: ['customer', 'engineer'],
    help: () => import('./signing/help'),
    load: () => import('./signing/SigningPage'),
  },
];
