import { api, ask } from '../api/client';
import { drafts } from '../components/useDraft';
import { queryClient } from './queryClient';

/** Ends the session here and at Госуслуги. Nothing of the person stays on the device. */
export async function signOut(person: string): Promise<void> {
  const { location } = await ask(api.POST('/api/auth/logout'));
  forget(person);
  window.location.assign(location);
}

/** Drops what the app keeps of a person who leaves by his own will. */
export function forget(person: string): void {
  drafts.dropAll(person);
  queryClient.clear();
}
