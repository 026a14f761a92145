import type { ComponentType } from 'react';
import type { HelpText } from './helpText';
import type { Role, Session } from '@/shared/auth/session';

/** A page of the app. Everything about it is said here, so that none goes without its help, or to people whom it is not for. */
export interface Page {
  /** Its address, as the router writes it: «/orders/:order». */
  path: string;
  /** Its name in the browser's tab and history. */
  title: string;
  /** The roles that it is for; everyone's where there are none named. The API decides anew what each may read. */
  roles?: readonly Role[];
  /** Whether it is only for who heads the organisation that he acts for. */
  headOnly?: boolean;
  /** The name under which the header links to it; only sections have one. It may differ by role. */
  section?: string;
  /** The sections that lead to it, by their addresses: the first that a role has is marked, unless a link from another led here. */
  within?: readonly string[];
  /** Its part of the short manual. */
  help: () => Promise<{ default: HelpText }>;
  /** The component, in a file of its own that is read when the page is opened. */
  load: () => Promise<{ default: ComponentType }>;
}

export function isFor(page: Pick<Page, 'roles' | 'headOnly'>, { role, head }: Pick<Session, 'role' | 'head'>): boolean {
  return (!page.roles || page.roles.some((one) => one === role)) && (!page.headOnly || head === true);
}
