/**
 * Annotates a test with the rows of docs/requirements.md that it covers. `make trace` reads the ids
 * from the source.
 */
export const covers = (...ids: string[]) => ids.map((description) => ({ type: 'covers', description }));
