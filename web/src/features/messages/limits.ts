import { counted } from '@/shared/lib/plural';

/** The maximum length of a message, in characters, and the maximum number of its files. */
export const maxText = 10_000;
export const maxFiles = 20;

const lengthOf = (text: string) => (text.length > maxText ? [...text].length : text.length);

/** Returns why a text is too long for one message, or undefined. */
export function lengthProblem(text: string): string | undefined {
  const beyond = lengthOf(text) - maxText;
  if (beyond <= 0) return undefined;
  return `Сообщение длиннее ${maxText.toLocaleString('ru-RU')} знаков: лишних ${beyond.toLocaleString('ru-RU')}. Разделите его на части.`;
}

/** Returns how many characters are left, when there are few. */
export function lengthNote(text: string): string | undefined {
  const left = maxText - lengthOf(text);
  return left >= 0 && left <= maxText / 10 ? `Осталось ${counted(left, 'знак', 'знака', 'знаков')}` : undefined;
}
