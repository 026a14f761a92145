import type { Page } from '@/shared/routing/page';

const engineersPath = '/moderation/engineers';
const accountsPath = '/moderation/accounts';
const runsPath = '/moderation/registry';

/** The moderators' pages: the engineers, the accounts, the sync runs of the registry, and the security log. */
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
    path: accountsPath,
    title: 'Учётные записи',
    section: 'Учётные записи',
    roles: ['moderator'],
    help: () => import('./accounts/help'),
    load: () => import('./accounts/AccountsPage'),
  },
  {
    path: `${accountsPath}/:person`,
    title: 'Учётная запись',
    within: [accountsPath],
    roles: ['moderator'],
    help: () => import('./accounts/help'),
    load: () => import('./accounts/AccountPage'),
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
