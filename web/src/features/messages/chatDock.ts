import { useSyncExternalStore } from 'react';
import { storageOr } from '@/shared/lib/memoryStorage';

interface DockState {
  /** Whether the chat beside the card is open; the choice stays on the device. */
  open: boolean;
  /** Whether the sheet that covers a phone is open. */
  sheet: boolean;
  /** The engineer whose thread is chosen, among several. */
  engineer?: string | undefined;
}

/** The windows in which the chat stands beside the card. */
export const besideCard = '(min-width: 1024px)';

const slot = 'epkr.chat-collapsed';
const storage = storageOr('localStorage');
const watchers = new Set<() => void>();
let state: DockState = { open: storage.getItem(slot) === null, sheet: false };

function set(change: Partial<DockState>): void {
  state = { ...state, ...change };
  for (const watcher of watchers) watcher();
}

/** How the chat of the order's card is shown. */
export const chatDock = {
  setOpen: (open: boolean) => {
    if (open) storage.removeItem(slot);
    else storage.setItem(slot, '1');
    set({ open });
  },
  setSheet: (sheet: boolean) => set({ sheet }),
  choose: (engineer: string | undefined) => set({ engineer }),
  /** Opens the thread of an engineer, where the window shows it. */
  show: (engineer: string) =>
    set({ engineer, ...(window.matchMedia(besideCard).matches ? { open: true } : { sheet: true }) }),
};

export function useChatDock(): DockState {
  return useSyncExternalStore(
    (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    () => state,
  );
}
