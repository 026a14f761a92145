import type { Page } from '@/app/page';

const engineersPath = '/moderation/engineers';
const runsPath = '/moderation/registry';

/** What the moderators look after: the engineers, and the nights of the registry. */
export const moderationPages: readonly Page[] = [
  {
    path: engineersPath,
    title: 'Кадастровые инженеры',
    section: 'Кадастровые инженеры',
    roles: ['moderator'],
    help: () => import('@/help/engineers'),
    load: () => import('./engineers/EngineersPage'),
  },
  {
    path: `${engineersPath}/:engineer`,
    title: 'Кадастровый инженер',
    within: [engineersPath],
    roles: ['moderator'],
    help: () => import('@/help/engineers'),
    load: () => import('./engineers/EngineerPage'),
  },
  {
    path: runsPath,
    title: 'Загрузки реестра СРО',
    section: 'Загрузки реестра',
    roles: ['moderator'],
    help: () => import('@/help/registry'),
    load: () => import('./registry/RunsPage'),
  },
  {
    path: '/moderation/security',
    title: 'Журнал безопасности',
    section: 'Журнал безопасности',
    roles: ['moderator'],
    help: () => import('@/help/security'),
    load: () => import('./security/SecurityPage'),
  },
  {
    path: `${runsPath}/:run`,
    title: 'Загрузка реестра СРО',
    within: [runsPath],
    roles: ['moderator'],
    help: () => import('@/help/registry'),
    load: () => import('./registry/RunPage'),
  },
];
