import { chunkNotLoaded, ProblemError } from '@/shared/api/problem';

/**
 * A chunk of the app could not be loaded: there is no connection, or a newer build has replaced it.
 */
export class ChunkLoadError extends ProblemError {}

/** Loads a chunk of the app; throws a ChunkLoadError on failure. */
export async function loadChunk<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    console.warn(cause);
    throw new ChunkLoadError(chunkNotLoaded());
  }
}
