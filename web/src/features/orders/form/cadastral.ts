// Typed cadastral numbers of objects («77:01:0001001:12») and of blocks («77:01:0001001»).

const objectNumber = /^\d{2}:\d{2}:\d{6,7}:\d{1,10}$/;
const blockNumber = /^\d{2}:\d{2}:\d{6,7}$/;

/**
 * Removes invisible characters and normalises colons, as the platform parses numbers (requisites).
 */
function normalise(text: string): string {
  return text.replace(/\p{Cf}/gu, '').replace(/[\uff1a\u2236\ua789\ufe55]/g, ':');
}

/**
 * The maximum number of digits of each part. Older numbers have six digits in the third part; there
 * the user types the colon.
 */
const widths = [2, 2, 7, 10];

/**
 * Inserts the colons while digits are typed, and converts spaces, dots and dashes to colons. A text
 * with more than one number, or with other characters between the digits, is returned unchanged: no
 * digit is dropped, and two numbers are never joined.
 */
export function maskCadastral(text: string): string {
  const parts = [''];
  let ended = false;
  for (const char of normalise(text)) {
    const last = parts.length - 1;
    const part = parts[last] ?? '';
    if (/\d/.test(char)) {
      if (ended) return text;
      if (part.length < (widths[last] ?? 0)) parts[last] = part + char;
      else if (parts.length < widths.length) parts.push(char);
      else return text;
    } else if (!/[:\s.,/\p{Pd}\u2212\u2043]/u.test(char)) {
      ended = parts.length > 1 || part !== '';
    } else if (part !== '') {
      if (parts.length < widths.length) parts.push('');
      else ended = true;
    }
  }
  return parts.join(':');
}

/**
 * Returns the numbers of a list («50:49:0010203:1147, 50:49:0010203:1148»); empty if the text is no
 * list of numbers.
 */
export function cadastralList(text: string): string[] {
  const numbers = normalise(text)
    .split(/[\s,;]+/)
    .filter((part) => part !== '');
  return numbers.length > 1 && numbers.every((part) => objectNumber.test(part) || blockNumber.test(part))
    ? numbers
    : [];
}

/** Returns what is wrong with a number, or undefined. An empty number is allowed. */
export function cadastralProblem(text: string | undefined): string | undefined {
  if (cadastralList(text ?? '').length > 0) return 'Здесь несколько номеров. Укажите каждый в своей строке.';
  const number = normalise(text ?? '')
    .trim()
    .replace(/\s*:\s*/g, ':');
  if (number === '' || objectNumber.test(number) || blockNumber.test(number)) return undefined;
  return 'Укажите номер вида 77:01:0001001:12 — или кадастровый квартал вида 77:01:0001001.';
}
