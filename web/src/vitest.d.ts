import 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /**
     * The rows of docs/requirements.md that a test covers; `make trace` reads the ids from the
     * source.
     */
    covers?: readonly string[];
  }
}
