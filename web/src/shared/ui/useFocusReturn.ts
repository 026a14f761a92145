import { useEffect, useState } from 'react';
import { watchFocus } from '@/shared/lib/focus';

/**
 * For a dialog that is there only while it is open: once it is gone the focus returns to what opened it, or to the page's headline if that
 * is gone too, at once or by what the dialog did.
 */
export function useFocusReturn(): void {
  const [opener] = useState(() => document.activeElement); // before the dialog takes it
  useEffect(() => () => watchFocus(opener), [opener]);
}
