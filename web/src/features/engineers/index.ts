import { engineersPath } from '@/shared/auth/entrySteps';
import type { Page } from '@/shared/routing/page';
import { listRoles } from './paths';

/** The public list of engineers, their profiles and the comparison. */
export const engineerPages: readonly Page[] = [
  {
    path: engineersPath,
    title: 'Поиск по кадастровым инженерам',
    section: 'Поиск по кадастровым инженерам',
    roles: listRoles,
    help: () => import('./help'),
    load: () => import('./EngineersPage'),
  },
  {
    path: `${engineersPath}/compare`,
    title: 'Сравнение кадастровых инженеров',
    within: [engineersPath],
    roles: listRoles,
    help: () => import('./help'),
    load: () => import('./ComparePage'),
  },
  {
    path: `${engineersPath}/:engineer`,
    title: 'Профиль кадастрового инженера',
    within: [engineersPath],
    help: () => import('./help'),
    load: () => import('./EngineerPage'),
  },
];
