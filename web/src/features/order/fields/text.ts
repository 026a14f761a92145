import { isFilled } from '@/shared/lib/humanText';

/** A text of an action without its empty fields; undefined when nothing is left, so that none is sent. */
export function textOf<Text extends object>(text: Text | undefined): Text | undefined {
  const said = Object.entries(text ?? {}).filter(([, value]) => typeof value === 'string' && isFilled(value));
  return said.length > 0 ? (Object.fromEntries(said) as Text) : undefined;
}

/** The part of a body that holds its text, if it has one. */
export function withText<Text extends object>(text: Text | undefined): { text?: Text } {
  const said = textOf(text);
  return said ? { text: said } : {};
}
