/** A part of a text: plain, or an address that may be opened. */
export interface TextPart {
  text: string;
  href?: string;
}

/**
 * An address in a text: http or https, up to a space, a quotation mark or a bracket of markup. Marks
 * that are not seen end it, so that nobody hides the real host behind a turned direction.
 */
const address = /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"«»“”\p{Cf}\p{Cc}]+/giu;

const pairs: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/** Splits a text into plain parts and links. Only the text itself becomes the address of a link. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const found = withoutPunctuation(match[0]);
    const href = safeAddress(found);
    if (!href) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: found, href });
    end = match.index + found.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Leaves the punctuation of the sentence outside; a closing bracket belongs to one in the address. */
function withoutPunctuation(found: string): string {
  for (;;) {
    const last = found.at(-1) ?? '';
    const opening = pairs[last];
    const unpaired = opening !== undefined && count(found, opening) < count(found, last);
    if (!unpaired && !/[.,;:!?…'’*_~]/.test(last)) return found;
    found = found.slice(0, -1);
  }
}

const count = (text: string, character: string) => text.split(character).length - 1;

/** An address with a name before its host is not opened: «https://bank.ru@other.ru» leads to other.ru. */
function safeAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, href } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && !username && !password ? href : undefined;
}
