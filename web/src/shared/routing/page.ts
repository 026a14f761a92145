import type { ComponentType } from 'react';
import type { HelpText } from './helpText';
import type { Role, Session } from '@/shared/auth/session';

/**
 * A page of the app. Help and roles are declared here, so that no page lacks its help or opens for
 * a role that may not see it.
 */
export interface Page {
  /** The path as the router writes it: «/orders/:order». */
  path: string;
  /** The name in the browser's tab and history. */
  title: string;
  /**
   * The roles that may open the page; all roles if undefined. The API checks each request again.
   */
  roles?: readonly Role[];
  /** Whether the page is only for the head of the organisation that the user acts for. */
  headOnly?: boolean;
  /** The name of the link in the header; only sections have one. It may differ by role. */
  section?: string;
  /**
   * The paths of the sections that lead to the page. The first one that the role has is marked,
   * unless a link from another section led here.
   */
  within?: readonly string[];
  /** Loads the help of the page. */
  help: () => Promise<{ default: HelpText }>;
  /** Loads the component, which is a chunk of its own. */
  load: () => Promise<{ default: ComponentType }>;
}

export function isFor(page: Pick<Page, 'roles' | 'headOnly'>, { role, head }: Pick<Session, 'role' | 'head'>): boolean {
  return (!page.roles || page.roles.some((one) => one === role)) && (!page.headOnly || head === true);
}
