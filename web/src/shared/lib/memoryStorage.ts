/** Returns a storage in memory, for tests and for browsers that forbid theirs. */
export function memoryStorage(): Storage & { dump(): Record<string, string> } {
  const entries = new Map<string, string>();
  return {
    get length() {
      return entries.size;
    },
    clear: () => entries.clear(),
    getItem: (name) => entries.get(name) ?? null,
    key: (index) => [...entries.keys()][index] ?? null,
    removeItem: (name) => void entries.delete(name),
    setItem: (name, value) => void entries.set(name, value),
    dump: () => Object.fromEntries(entries),
  };
}

/** Returns the browser's storage, or one in memory if the browser's settings forbid it. */
export function storageOr(kind: 'localStorage' | 'sessionStorage'): Storage {
  try {
    const storage = window[kind];
    storage.getItem('');
    return storage;
  } catch {
    return memoryStorage();
  }
}
