/** What a person typed into a form that was not sent. */
interface Draft<T> {
  values: T;
  savedAt: number;
}

const prefix = 'epkr.draft.';
const lifetime = 7 * 24 * 3_600_000;

/**
 * Keeps what people type, for each person apart, until it is sent: a session that ends in the middle of a form loses nothing.
 * Drafts stay on the device, for a week at most, and go when their person signs out.
 */
export class DraftKeeper {
  constructor(
    private readonly storage: Storage,
    private readonly now: () => number = Date.now,
  ) {}

  save<T>(person: string, form: string, values: T): void {
    try {
      this.storage.setItem(slot(person, form), JSON.stringify({ values, savedAt: this.now() } satisfies Draft<T>));
    } catch {
      // A full storage must not keep anybody from typing.
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

  /** Forgets a form: it was sent, or given up. */
  drop(person: string, form: string): void {
    this.storage.removeItem(slot(person, form));
  }

  /** Forgets all of a person who signs out, so that the next one at this device finds nothing. */
  dropAll(person: string): void {
    const own = `${prefix}${person}.`;
    const names = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index));
    for (const name of names) if (name?.startsWith(own)) this.storage.removeItem(name);
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
