import type { Locator } from '@playwright/test';
import { readFile } from 'node:fs/promises';

/** A file that the browser has saved. It is there until the page is closed. */
export interface Saved {
  name: string;
  path: string;
  content: Buffer;
}

/** Saves the file of a link as the browser does. */
export async function download(link: Locator): Promise<Saved> {
  const saving = link.page().waitForEvent('download');
  await link.click();
  const saved = await saving;
  const path = await saved.path();
  return { name: saved.suggestedFilename(), path, content: await readFile(path) };
}
