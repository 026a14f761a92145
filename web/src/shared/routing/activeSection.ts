import type { Page } from './page';

/** What a link carries whose section shall stay marked on the page that it leads to. */
export interface SectionState {
  section: string;
}

/** The address of the section that is marked while a page is open, if any. state is that of its place in the history. */
export function activeSection(page: Page | undefined, sections: readonly Page[], state: unknown): string | undefined {
  if (!page) return undefined;
  if (sections.includes(page)) return page.path;
  const ways = (page.within ?? []).filter((path) => sections.some((section) => section.path === path));
  const from = (state as Partial<SectionState> | null)?.section;
  return ways.find((path) => path === from) ?? ways[0];
}
