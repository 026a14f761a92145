/** One page of a list that the API gives in pages. */
export interface ListPage<Item> {
  items: Item[] | null;
  next?: string;
}

/** No list is longer than this many pages; what is longer is cut rather than read for ever. */
const most = 200;

/** The whole of a list: its pages, one after another. */
export async function allPages<Item>(read: (cursor: string | undefined) => Promise<ListPage<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < most; page++) {
    const answer = await read(cursor);
    items.push(...(answer.items ?? []));
    cursor = answer.next;
    if (!cursor) break;
  }
  return items;
}
