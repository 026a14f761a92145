/** The last saves of forms that were left, by order, while they are in flight. */
const inFlight = new Map<string, Promise<void>>();

/** Tracks the last save of a form that is left. */
export function trackPendingSave(order: string, save: Promise<void>): void {
  inFlight.set(order, save);
  void save.finally(() => {
    if (inFlight.get(order) === save) inFlight.delete(order);
  });
}

/**
 * Resolves when no save of an order's form is in flight, so that a user who returns reads his last
 * changes.
 */
export const pendingSave = (order: string): Promise<void> => inFlight.get(order) ?? Promise.resolve();
