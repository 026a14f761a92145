const rules = new Intl.PluralRules('ru');

/**
 * Returns the form of a noun that agrees with a number: plural(5, 'день', 'дня', 'дней') is «дней».
 */
export function plural(count: number, one: string, few: string, many: string): string {
  if (!Number.isInteger(count)) return few;
  const rule = rules.select(Math.abs(count));
  if (rule === 'one') return one;
  return rule === 'few' ? few : many;
}

/** Returns the number with its noun: counted(21, 'день', 'дня', 'дней') is «21 день». */
export function counted(count: number, one: string, few: string, many: string): string {
  return `${count.toLocaleString('ru-RU')}\u00a0${plural(count, one, few, many)}`;
}
