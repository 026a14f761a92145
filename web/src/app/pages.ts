import { messagePages } from '@/pages/messages';
import { moderationPages } from '@/pages/moderation';
import { notificationPages } from '@/pages/notifications';
import { orderPages } from '@/pages/order';
import { orderListPages } from '@/pages/orders';
import { profilePages } from '@/pages/profile';
import { searchPages } from '@/pages/search';
import type { Page } from './page';

/** Every page inside the frame, in the order of the header's sections. A new area adds its list here. */
export const pages: readonly Page[] = [...profilePages, ...orderListPages, ...searchPages, ...moderationPages, ...messagePages, ...notificationPages, ...orderPages];
