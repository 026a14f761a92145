import { isFilled } from '@/shared/lib/humanText';

/**
 * Returns the text of an action without its empty fields; undefined if all are empty, so that no
 * text is sent.
 */
export function textOf<Text extends object>(text: Text | undefined): Text | undefined {
  const filled = Object.entries(text ?? {}).filter(([, value]) => typeof value === 'string' && isFilled(value));
  return filled.length > 0 ? (Object.fromEntries(filled) as Text) : undefined;
}

/** Returns the part of a body with the text, if there is one. */
export function withText<Text extends object>(text: Text | undefined): { text?: Text } {
  const filled = textOf(text);
  return filled ? { text: filled } : {};
}
