/** The stored values of a form that was not sent. */
interface Draft<T> {
  values: T;
  savedAt: number;
}

const prefix = 'epkr.draft.';
const lifetime = 7 * 24 * 3_600_000;

/**
 * Stores what users type into forms, separately for each person, so that a session that ends in the
 * middle of a form loses nothing. Drafts stay on the device for a week at most, and are removed
 * when their person signs out.
 */
export class DraftStorage {
  constructor(
    private readonly storage: Storage,
    private readonly now: () => number = Date.now,
  ) {}

  save<T>(person: string, form: string, values: T): void {
    try {
      this.storage.setItem(slot(person, form), JSON.stringify({ values, savedAt: this.now() } satisfies Draft<T>));
    } catch {
      // A full storage must not stop the user from typing.
    }
  }

  load<T>(person: string, form: string): T | undefined {
    const text = this.storage.getItem(slot(person, form));
    if (!text) return undefined;
    const draft = parse<T>(text);
    if (draft && this.now() - draft.savedAt < lifetime) return draft.values;
    this.drop(person, form);
    return undefined;
  }

  /** Removes the draft of a form that was sent or discarded. */
  drop(person: string, form: string): void {
    this.storage.removeItem(slot(person, form));
  }

  /**
   * Removes all drafts of a person who signs out, so that the next user of the device finds none.
   */
  dropAll(person: string): void {
    const ownPrefix = `${prefix}${person}.`;
    const names = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index));
    for (const name of names) if (name?.startsWith(ownPrefix)) this.storage.removeItem(name);
  }
}

const slot = (person: string, form: string) => `${prefix}${person}.${form}`;

function parse<T>(text: string): Draft<T> | undefined {
  try {
    const draft = JSON.parse(text) as Partial<Draft<T>> | null;
    return typeof draft?.savedAt === 'number' ? (draft as Draft<T>) : undefined;
  } catch {
    return undefined;
  }
}
