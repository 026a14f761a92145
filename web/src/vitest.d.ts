import 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** The rows of docs/requirements.md that a test proves; `make trace` reads the ids from the source. */
    covers?: readonly string[];
  }
}
