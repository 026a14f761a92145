/** The path of a field in a problem, as a form names it: «text.items[0].number» is ['text', 'items', 0, 'number']. */
export function fieldPath(field: string): (string | number)[] {
  return field
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
