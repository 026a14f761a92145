import { acting } from '@/shared/api/acting';
import { api, unwrap } from '@/shared/api/client';
import { drafts } from './useDraft';
import { broadcast, clearAndLeave } from './tabs';

/** Ends the session here and at Госуслуги, and removes the person's data from the device. */
export async function signOut(person: string): Promise<void> {
  const { location } = await unwrap(api.POST('/api/auth/logout'));
  removeDrafts(person);
  clearAllTabs(location);
}

/** Ends every session of the person, this one too. */
export async function signOutEverywhere(person: string): Promise<void> {
  const { location } = await unwrap(api.POST('/api/auth/sessions/end'));
  removeDrafts(person);
  clearAllTabs(location);
}

/** Clears this tab and tells the other tabs to do the same. */
export function clearAllTabs(address: string): void {
  acting.setIdentity(undefined);
  broadcast('signed-out');
  clearAndLeave(address);
}

/** Removes the drafts of a person who signs out deliberately. Data in memory goes with the page. */
export function removeDrafts(person: string): void {
  drafts.dropAll(person);
}
