import type { Page } from './page';

/** The history state of a link whose section stays marked on the page that it leads to. */
export interface SectionState {
  section: string;
}

/**
 * Returns the path of the section to mark while a page is open, if any. state is the history state
 * of the page.
 */
export function activeSection(page: Page | undefined, sections: readonly Page[], state: unknown): string | undefined {
  if (!page) return undefined;
  if (sections.includes(page)) return page.path;
  const candidates = (page.within ?? []).filter((path) => sections.some((section) => section.path === path));
  const from = (state as Partial<SectionState> | null)?.section;
  return candidates.find((path) => path === from) ?? candidates[0];
}
