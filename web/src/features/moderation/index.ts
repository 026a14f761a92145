import type { Page } from '@/shared/routing/page';

const engineersPath = '/moderation/engineers';
const runsPath = '/moderation/registry';

/** The moderators' pages: the engineers, the sync runs of the registry, and the security log. */
export const moderationPages: readonly Page[] = [
  {
    path: engineersPath,
    title: 'Кадастровые инженеры',
    section: 'Кадастровые инженеры',
    roles: ['moderator'],
    help: () => import('./engineers/help'),
    load: () => import('./engineers/EngineersPage'),
  },
  {
    path: `${engineersPath}/:engineer`,
    title: 'Кадастровый инженер',
    within: [engineersPath],
    roles: ['moderator'],
    help: () => import('./engineers/help'),
    load: () => import('./engineers/EngineerPage'),
  },
  {
    path: runsPath,
    title: 'Загрузки реестра СРО',
    section: 'Загрузки реестра',
    roles: ['moderator'],
    help: () => import('./registry/help'),
    load: () => import('./registry/RunsPage'),
  },
  {
    path: '/moderation/security',
    title: 'Журнал безопасности',
    section: 'Журнал безопасности',
    roles: ['moderator'],
    help: () => import('./security/help'),
    load: () => import('./security/SecurityPage'),
  },
  {
    path: `${runsPath}/:run`,
    title: 'Загрузка реестра СРО',
    within: [runsPath],
    roles: ['moderator'],
    help: () => import('./registry/help'),
    load: () => import('./registry/RunPage'),
  },
];
