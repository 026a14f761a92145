import { useEffect } from 'react';

const platform = 'Электронная платформа кадастровых работ';

/** Sets the title of the browser's tab. */
export function useDocumentTitle(title?: string): void {
  useEffect(() => {
    document.title = title ? `${title} — ЭПКР` : platform;
  }, [title]);
}
