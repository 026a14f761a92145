import { acting } from '@/shared/api/acting';
import { api, ask } from '@/shared/api/client';
import { drafts } from './useDraft';
import { announce, leaveEmpty } from './tabs';

/** Ends the session here and at Госуслуги. Nothing of the person stays on the device. */
export async function signOut(person: string): Promise<void> {
  const { location } = await ask(api.POST('/api/auth/logout'));
  forget(person);
  leaveSignedOut(location);
}

/** Ends every session of the person, this one too. */
export async function signOutEverywhere(person: string): Promise<void> {
  const { location } = await ask(api.POST('/api/auth/sessions/end'));
  forget(person);
  leaveSignedOut(location);
}

/** Leaves no trace of the person in this tab and in the others. */
export function leaveSignedOut(address: string): void {
  acting.show(undefined);
  announce('signed-out');
  leaveEmpty(address);
}

/** Drops what the device keeps of a person who leaves by his own will. What the page holds goes with the page. */
export function forget(person: string): void {
  drafts.dropAll(person);
}
