import type { Page } from '@/shared/routing/page';

/**
 * The chats of a person, and the one that is open. The envelope in the header links to them. Both
 * addresses are one page, so that the list stays when a chat is opened.
 */
export const messagePages: readonly Page[] = [
  {
    path: '/messages/:order?/:engineer?',
    title: 'Сообщения',
    help: () => import('./help'),
    load: () => import('./MessagesPage'),
  },
];
