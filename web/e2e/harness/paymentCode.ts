import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Returns what a reader of QR codes finds in pictures: a payment, as banks' apps read it. */
export async function codeIn(...pictures: string[]): Promise<string> {
  return (await run('zbarimg', ['--raw', '-q', '-Sbinary', ...pictures])).stdout;
}

/** Returns what a reader of QR codes finds on the pages of a PDF. */
export async function codeInPdf(file: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'epkr-code-'));
  try {
    await run('pdftoppm', ['-r', '200', '-png', file, join(folder, 'page')]);
    return await codeIn(...(await readdir(folder)).map((name) => join(folder, name)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Returns the fields of a payment by their names in ГОСТ Р 56042. */
export function fieldsOf(code: string): Record<string, string> {
  const [format, ...fields] = code.split('|');
  if (format !== 'ST00012') throw new Error(`a payment in UTF-8 was expected: ${code}`);
  return Object.fromEntries(fields.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));
}
