const invisible =
  // eslint-disable-next-line no-misleading-character-class -- each character is meant on its own
  /[\u00ad\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffc\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** Text as search compares it, as the platform does (searchtext.Fold): small letters and digits, one space between words, е for ё. */
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

/** Whether every word that was typed begins a word of the name, in whatever order; a longer one may stand inside. */
export function answers(name: string, typed: string): boolean {
  const folded = ` ${foldText(name)}`;
  return foldText(typed)
    .split(' ')
    .every((word) => folded.includes(word.length < 3 ? ` ${word}` : word));
}
