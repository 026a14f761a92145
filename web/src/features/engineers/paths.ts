import type { Role } from '@/shared/auth/session';
import { engineersPath } from '@/shared/auth/entrySteps';

/** The roles that search and compare engineers. */
export const listRoles: readonly Role[] = ['customer', 'employer', 'moderator'];

/** How many engineers are compared at most. */
export const maxCompared = 4;

/** The address of a comparison, which keeps whom it compares. */
export function comparePath(ids: readonly string[]): string {
  return `${engineersPath}/compare?${new URLSearchParams(ids.slice(0, maxCompared).map((id) => ['id', id])).toString()}`;
}
