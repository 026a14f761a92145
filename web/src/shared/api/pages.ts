/** One page of a list that the API returns page by page. */
export interface ListPage<Item> {
  items: Item[] | null;
  next?: string;
}

/** The maximum number of pages to read. A longer list is cut rather than read without end. */
const maxPages = 200;

/** Reads all pages of a list, one after another. */
export async function allPages<Item>(read: (cursor: string | undefined) => Promise<ListPage<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await read(cursor);
    items.push(...(answer.items ?? []));
    cursor = answer.next;
    if (!cursor) break;
  }
  return items;
}
