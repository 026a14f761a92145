const invisible =
  // eslint-disable-next-line no-misleading-character-class -- each character is matched on its own
  /[\u00ad\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffc\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/**
 * Normalises a text for comparison as the platform does (searchtext.Fold): lower-case letters and
 * digits, one space between words, е for ё.
 */
export function foldText(text: string): string {
  return text
    .replace(invisible, '')
    .replaceAll('№', ' ')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ё', 'е')
    .replace(/(?:[^\p{L}\p{N}]|[\u115f\u1160\u3164\uffa0])+/gu, ' ')
    .trim();
}

/**
 * Reports whether each typed word occurs in the name, in any order. A word of one or two characters
 * must be at the beginning of a word.
 */
export function matches(name: string, typed: string): boolean {
  const folded = ` ${foldText(name)}`;
  return foldText(typed)
    .split(' ')
    .every((word) => folded.includes(word.length < 3 ? ` ${word}` : word));
}
