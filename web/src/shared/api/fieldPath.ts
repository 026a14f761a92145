/**
 * Converts the path of a field in a problem to the name of a form field: «text.items[0].number» is
 * ['text', 'items', 0, 'number'].
 */
export function fieldPath(field: string): (string | number)[] {
  return field
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
