/** A storage for tests, and for browsers that forbid theirs. */
export function memoryStorage(): Storage & { dump(): Record<string, string> } {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    getItem: (name) => kept.get(name) ?? null,
    key: (index) => [...kept.keys()][index] ?? null,
    removeItem: (name) => void kept.delete(name),
    setItem: (name, value) => void kept.set(name, value),
    dump: () => Object.fromEntries(kept),
  };
}

/** The browser's storage, or one in memory where the person's settings forbid it. */
export function storageOr(kind: 'localStorage' | 'sessionStorage'): Storage {
  try {
    const storage = window[kind];
    storage.getItem('');
    return storage;
  } catch {
    return memoryStorage();
  }
}
