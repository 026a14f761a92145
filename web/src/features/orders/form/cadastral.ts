// Cadastral numbers of objects («77:01:0001001:12») and of blocks («77:01:0001001») as people type them.

const objectNumber = /^\d{2}:\d{2}:\d{6,7}:\d{1,10}$/;
const blockNumber = /^\d{2}:\d{2}:\d{6,7}$/;

/** Without what is not seen, and with plain colons, as the platform reads numbers (requisites). */
function plain(text: string): string {
  return text.replace(/\p{Cf}/gu, '').replace(/[\uff1a\u2236\ua789\ufe55]/g, ':');
}

/** How many digits the parts have at most. Older numbers have six digits in the third: there one types the colon oneself. */
const widths = [2, 2, 7, 10];

/**
 * Puts the colons where they belong while digits are typed; spaces, dots and dashes are taken for them. What is more than one number, or
 * has something else between its digits, stays as it was typed: no digit is dropped, and two numbers never become one.
 */
export function maskCadastral(text: string): string {
  const parts = [''];
  let apart = false;
  for (const sign of plain(text)) {
    const last = parts.length - 1;
    const part = parts[last] ?? '';
    if (/\d/.test(sign)) {
      if (apart) return text;
      if (part.length < (widths[last] ?? 0)) parts[last] = part + sign;
      else if (parts.length < widths.length) parts.push(sign);
      else return text;
    } else if (!/[:\s.,/\p{Pd}\u2212\u2043]/u.test(sign)) {
      apart = parts.length > 1 || part !== '';
    } else if (part !== '') {
      if (parts.length < widths.length) parts.push('');
      else apart = true;
    }
  }
  return parts.join(':');
}

/** The numbers of a list («50:49:0010203:1147, 50:49:0010203:1148»), or none if the text is no list of them. */
export function cadastralList(text: string): string[] {
  const numbers = plain(text)
    .split(/[\s,;]+/)
    .filter((part) => part !== '');
  return numbers.length > 1 && numbers.every((part) => objectNumber.test(part) || blockNumber.test(part))
    ? numbers
    : [];
}

/** What is wrong with a number, or undefined. An empty one is not there at all. */
export function cadastralProblem(text: string | undefined): string | undefined {
  if (cadastralList(text ?? '').length > 0) return 'Здесь несколько номеров. Укажите каждый в своей строке.';
  const number = plain(text ?? '')
    .trim()
    .replace(/\s*:\s*/g, ':');
  if (number === '' || objectNumber.test(number) || blockNumber.test(number)) return undefined;
  return 'Укажите номер вида 77:01:0001001:12 — или кадастровый квартал вида 77:01:0001001.';
}
