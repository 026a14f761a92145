// Cadastral numbers of objects («77:01:0001001:12») and of blocks («77:01:0001001») as people type them.

const objectNumber = /^\d{2}:\d{2}:\d{6,7}:\d{1,10}$/;
const blockNumber = /^\d{2}:\d{2}:\d{6,7}$/;

/** How many digits the parts have at most. Older numbers have six digits in the third: there one types the colon oneself. */
const widths = [2, 2, 7, 10];

/** Puts the colons where they belong while digits are typed; spaces, dots and dashes are taken for them. */
export function maskCadastral(text: string): string {
  const parts = [''];
  for (const sign of text) {
    const last = parts.length - 1;
    const part = parts[last] ?? '';
    if (/\d/.test(sign)) {
      if (part.length < (widths[last] ?? 0)) parts[last] = part + sign;
      else if (parts.length < widths.length) parts.push(sign);
    } else if (/[:\s.,/–-]/.test(sign) && part !== '' && parts.length < widths.length) {
      parts.push('');
    }
  }
  return parts.join(':');
}

/** What is wrong with a number, or undefined. An empty one is not there at all. */
export function cadastralProblem(text: string | undefined): string | undefined {
  const number = (text ?? '').replace(/\s/g, '');
  if (number === '' || objectNumber.test(number) || blockNumber.test(number)) return undefined;
  return 'Укажите номер вида 77:01:0001001:12 — или кадастровый квартал вида 77:01:0001001.';
}
