/** The last savings of forms that were left, by order, while they are on their way. */
const underWay = new Map<string, Promise<void>>();

/** Remembers the last saving of a form that is left. */
export function leave(order: string, saving: Promise<void>): void {
  underWay.set(order, saving);
  void saving.finally(() => {
    if (underWay.get(order) === saving) underWay.delete(order);
  });
}

/** Resolves when nothing of an order's form is on its way: who comes back reads what he has left. */
export const left = (order: string): Promise<void> => underWay.get(order) ?? Promise.resolve();
