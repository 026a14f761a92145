import { employerPath, staffPath } from '@/shared/auth/entrySteps';
import type { Page } from '@/shared/routing/page';

/** The staff of an employer, and the employer of an engineer. Both are tabs of the profile. */
export const staffPages: readonly Page[] = [
  {
    path: staffPath,
    title: 'Сотрудники',
    roles: ['employer'],
    help: () => import('./staffHelp'),
    load: () => import('./StaffPage'),
  },
  {
    path: employerPath,
    title: 'Добавить работодателя',
    roles: ['engineer'],
    help: () => import('./employerHelp'),
    load: () => import('./EmployerPage'),
  },
];
