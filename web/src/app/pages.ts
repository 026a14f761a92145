import { engineerPages } from '@/features/engineers';
import { messagePages } from '@/features/messages';
import { moderationPages } from '@/features/moderation';
import { notificationPages } from '@/features/notifications';
import { orderPages } from '@/features/order';
import { orderListPages } from '@/features/orders';
import { profilePages } from '@/features/profile';
import { reviewPages } from '@/features/reviews';
import { searchPages } from '@/features/search';
import { staffPages } from '@/features/staff';
import type { Session } from '@/shared/auth/session';
import { isFor, type Page } from '@/shared/routing/page';

/** The handle of a route, which the frame reads. */
export interface RouteHandle {
  page: Page;
}

/**
 * Every page inside the frame, in the order of the header's sections. A new area adds its list
 * here.
 */
export const pages: readonly Page[] = [
  ...profilePages,
  ...staffPages,
  ...orderListPages,
  ...searchPages,
  ...engineerPages,
  ...reviewPages,
  ...moderationPages,
  ...messagePages,
  ...notificationPages,
  ...orderPages,
];

/** Returns the sections of the header that are available in the session. */
export function sectionsFor(session: Session): Page[] {
  return pages.filter((page) => page.section !== undefined && isFor(page, session));
}
