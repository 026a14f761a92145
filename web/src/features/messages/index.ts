import type { Page } from '@/shared/routing/page';

/** The page of messages from the other party. The envelope in the header links to it. */
export const messagePages: readonly Page[] = [
  {
    path: '/messages',
    title: 'Сообщения',
    help: () => import('./help'),
    load: () => import('./MessagesPage'),
  },
];
