import { notificationPages } from '../pages/notifications';
import { orderPages } from '../pages/order';
import { profilePages } from '../pages/profile';
import type { Page } from './page';

/** Every page inside the frame, in the order of the header's sections. A new area adds its list here. */
export const pages: readonly Page[] = [...profilePages, ...notificationPages, ...orderPages];
