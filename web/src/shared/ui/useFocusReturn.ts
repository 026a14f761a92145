import { useEffect, useState } from 'react';
import { restoreFocus } from '@/shared/lib/focus';

/**
 * For a dialog that is mounted only while it is open. After the dialog the focus returns to the
 * element that opened it, or to the page's heading if that element is gone or removed later.
 */
export function useFocusReturn(): void {
  const [opener] = useState(() => document.activeElement); // before the dialog takes the focus
  useEffect(() => () => restoreFocus(opener), [opener]);
}
