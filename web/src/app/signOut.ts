import { api, ask } from '../api/client';
import { drafts } from '../components/useDraft';

/** Ends the session here and at Госуслуги. Nothing of the person stays on the device. */
export async function signOut(person: string): Promise<void> {
  const { location } = await ask(api.POST('/api/auth/logout'));
  forget(person);
  window.location.assign(location);
}

/** Drops what the device keeps of a person who leaves by his own will. What the page holds goes with the page. */
export function forget(person: string): void {
  drafts.dropAll(person);
}
