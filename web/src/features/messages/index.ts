import type { Page } from '@/shared/routing/page';

/** What the other side of an order writes. The envelope in the header leads to it. */
export const messagePages: readonly Page[] = [
  {
    path: '/messages',
    title: 'Сообщения',
    help: () => import('./help'),
    load: () => import('./MessagesPage'),
  },
];
