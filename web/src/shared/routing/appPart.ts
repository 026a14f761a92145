import { partMissing, ProblemError } from '@/shared/api/problem';

/** A part of the app could not be read: there is no connection, or a newer build has replaced it. */
export class PartMissing extends ProblemError {}

/** Reads a part of the app. */
export async function readPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (cause) {
    console.warn(cause);
    throw new PartMissing(partMissing());
  }
}
