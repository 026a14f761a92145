/** Declares the rows of docs/requirements.md that a test proves; `make trace` reads the ids from the source. */
export const covers = (...ids: string[]) => ids.map((description) => ({ type: 'covers', description }));
